import { hash, randomBytes } from 'node:crypto';

/** Names of segments and of the keys in them. */

/** Slots of an account's first segment that hold the keys of the account itself. */
export const SECRET_SLOT = 0;
export const REASONS_SLOT = 1;
/** Number of these slots. */
export const ACCOUNT_SLOTS = 2;

export const MAX_SLOTS = 256;

/** 128 bits. */
const SEGMENT_BYTES = 16;
const KEY_ID = /^([A-Za-z0-9_-]{22})\.(0|[1-9][0-9]{0,2})$/;

/** A place in the book: a segment and a slot of it. */
export interface KeyPlace {
  readonly segment: string;
  readonly slot: number;
}

/** Id of an account's first segment; it follows from the account's id, so that two processes cannot make two. */
export const firstSegmentOf = (account: string): string =>
  hash('sha256', `rolebook first segment\n${account}`, 'buffer')
    .subarray(0, SEGMENT_BYTES)
    .toString('base64url');

/** An id for any other segment. */
export const newSegmentId = (random: (bytes: number) => Buffer = randomBytes): string =>
  random(SEGMENT_BYTES).toString('base64url');

export const keyIdOf = (segment: string, slot: number): string => `${segment}.${slot}`;

/** Id of an account's key for reasons; it follows from the account's id, so that a book that lacks it need not be asked. */
export const keyOfReasons = (account: string): string => keyIdOf(firstSegmentOf(account), REASONS_SLOT);

/** The place that a key id names, or null for a text that is no key id. */
export function parseKeyId(keyId: string): KeyPlace | null {
  const [, segment, slot] = KEY_ID.exec(keyId) ?? [];
  if (segment === undefined || Number(slot) >= MAX_SLOTS) return null;
  return { segment, slot: Number(slot) };
}

/** True for the keys that an account has from its opening on. */
export const isAccountKey = (account: string, { segment, slot }: KeyPlace): boolean =>
  slot < ACCOUNT_SLOTS && segment === firstSegmentOf(account);
