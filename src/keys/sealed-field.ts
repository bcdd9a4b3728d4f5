import { GCM_BYTES, openGcm, sealGcm } from './aes-gcm';
import { IV_BYTES, freshIv } from './iv';
import type { HashSecret } from './keyed-hash';
import type { DataKey, FoundKey } from './port/key-book';

/** An encrypted field of an event, as it is stored. */
export interface SealedField {
  /** Version of the form. */
  readonly $enc: '1';
  /** Id of the key. */
  readonly k: string;
  /** Base64 of IV (12 bytes), ciphertext and tag (16 bytes): AES-256-GCM. */
  readonly c: string;
}

/** Place of a field, which is its additional data: what was sealed for one place opens at no other. */
export type FieldPlace = Buffer & { readonly __place: never };

export type OpenedField =
  | { readonly state: 'text'; readonly text: string }
  | { readonly state: 'erased' }
  /** The key is lost or damaged, or the field is not what was sealed with it at this place. */
  | { readonly state: 'unreadable' };

/** Names the place of a field by its event and by its JSON pointer in the event, as in `/data/name`. */
export const placeOfField = (place: {
  readonly account: string;
  readonly user: string;
  readonly event: string;
  readonly pointer: string;
}): FieldPlace => placeOf([place.account, place.user, place.event, place.pointer]);

/** Names the place of a reason: all events of one command carry the same. */
export const placeOfReason = (account: string, command: string): FieldPlace => placeOf([account, command]);

function placeOf(parts: readonly string[]): FieldPlace {
  if (!parts.every((part) => part.isWellFormed()))
    throw new RangeError('a lone surrogate is no part of a place');
  // JSON of well-formed strings alone is canonical.
  return Buffer.from(JSON.stringify(parts)) as FieldPlace;
}

/**
 * Encrypts a text for a place. `iv` left out: a random one, as it has to be where a place may be sealed again.
 * @throws RangeError for a lone surrogate, which would be read back as something else
 */
export function sealField(
  text: string,
  { id, key }: DataKey,
  place: FieldPlace,
  iv: Buffer = freshIv(),
): SealedField {
  if (!text.isWellFormed()) throw new RangeError('a lone surrogate is not Unicode text');
  const sealed = sealGcm(Buffer.from(text), { key, aad: place }, iv);
  // In the order of canonical JSON.
  return { $enc: '1', c: sealed.toString('base64'), k: id };
}

/**
 * The IV of a field that a copy of a log seals, so that a copy that is taken up again writes the same bytes. It follows
 * from the text too: one IV never serves two texts under one key, which would give both away.
 */
export const ivOfCopy = (secret: HashSecret, place: FieldPlace, text: string): Buffer =>
  Buffer.from(secret.of(JSON.stringify(['iv', place.toString(), text]), 'binary'), 'binary').subarray(
    0,
    IV_BYTES,
  );

/** Decrypts a field with the key that its id was found to be. */
export function openField({ c }: SealedField, found: FoundKey, place: FieldPlace): OpenedField {
  if (found.state === 'erased') return found;
  const sealed = Buffer.from(c, 'base64');
  // Decoders pass over what is no base64: a field has one text.
  const isWhole = sealed.length >= GCM_BYTES && sealed.toString('base64') === c;
  if (found.state !== 'found' || !isWhole) return UNREADABLE;
  try {
    return { state: 'text', text: openGcm(sealed, { key: found.key.key, aad: place }).toString() };
  } catch {
    return UNREADABLE;
  }
}

const UNREADABLE: OpenedField = { state: 'unreadable' };

/** True for a value of an event's JSON that is an encrypted field, and nothing more. */
export function isSealedField(value: unknown): value is SealedField {
  if (typeof value !== 'object' || value === null) return false;
  const { $enc, k, c } = value as Record<string, unknown>;
  return $enc === '1' && typeof k === 'string' && typeof c === 'string' && Object.keys(value).length === 3;
}
