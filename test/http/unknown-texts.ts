import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** Texts of the form of given ones, that never named anything. */

/** For an id: the same type, another id. */
export const unknownId = (text: string): string => `${text.split(':')[0]}:${randomUUID()}`;

const BLOCK = 25;
/** For a text that ends with a sealed block, as positions, entries of history and ids of the past do. */
export const unknownBlock = (text: string): string =>
  text.slice(0, -BLOCK) + `0${Array.from({ length: BLOCK - 1 }, () => randomInt(36).toString(36)).join('')}`;

/** For a cursor. */
export const unknownCursor = (text: string): string =>
  /^[0-9a-z]{25}$/.test(text)
    ? unknownBlock(text)
    : randomBytes(Buffer.from(text, 'base64url').length).toString('base64url');
