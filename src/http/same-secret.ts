import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares two secrets in a time that does not tell where they differ. */
export const isSameSecret = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
