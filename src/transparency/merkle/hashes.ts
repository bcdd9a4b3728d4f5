import { hash } from 'node:crypto';

/** Hashing of RFC 6962: SHA-256, with a byte before leaves and nodes so that neither passes for the other. */

export const HASH_BYTES = 32;

const LEAF = Buffer.from([0x00]);
const NODE = Buffer.from([0x01]);

const sha256 = (bytes: Uint8Array | string): Buffer => hash('sha256', bytes, 'buffer');

/** Root of a tree without leaves. */
export const EMPTY_ROOT: Buffer = sha256('');

export const leafHash = (entry: Uint8Array): Buffer => sha256(Buffer.concat([LEAF, entry]));

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(Buffer.concat([NODE, left, right], 1 + 2 * HASH_BYTES));
