import { randomBytes } from 'node:crypto';

export const IV_BYTES = 12;
const DRAWN_AT_A_TIME = 256;

let drawn = Buffer.alloc(0);
let next = 0;

/** A random IV of AES-GCM that was never given before. Drawn many at a time, as one costs half of what encrypting a name does. */
export function freshIv(): Buffer {
  if (next === drawn.length) {
    drawn = randomBytes(IV_BYTES * DRAWN_AT_A_TIME);
    next = 0;
  }
  return drawn.subarray(next, (next += IV_BYTES));
}
