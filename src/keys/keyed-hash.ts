import { createHmac, type KeyObject } from 'node:crypto';

/**
 * HMAC-SHA256 of a digest under the account's secret: 32 bytes by which something personal is found or compared, and
 * which nobody without the secret can guess. It is taken of the digest that stood there before, as text, so that a copy
 * of a log needs no text that the digest was made of.
 */
export const keyedHash = (secret: KeyObject, digest: string): Buffer =>
  createHmac('sha256', secret).update(digest).digest();
