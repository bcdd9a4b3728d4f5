import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** Longest sealed cursor that is opened, in characters: more than the longest names need. */
const LONGEST = 8_000;
/** Keys kept; a process that serves more accounts makes them again. */
const MOST_KEYS = 1_000;

interface Keys {
  readonly tag: Uint8Array;
  readonly cipher: Uint8Array;
}

/**
 * Cursors as clients see them: encrypted for their account, so that they hold for it alone, show no name and no number
 * of what there is in other accounts. The same cursor always gives the same text: its tag is the initial vector (SIV).
 */
export class CursorCodec {
  private readonly keys = new Map<string, Keys>();

  /** `line`: id of the line of the log, which every replica reads from the log and no answer shows. */
  constructor(private readonly line: string) {}

  /** Encrypts a cursor, which is text in base64url. */
  seal(cursor: string, account: string): string {
    const { tag, cipher } = this.keysOf(account);
    const bytes = Buffer.from(cursor, 'base64url');
    const sealedTag = tagOf(bytes, tag);
    const sealing = createCipheriv('aes-256-ctr', cipher, sealedTag);
    return Buffer.concat([sealedTag, sealing.update(bytes), sealing.final()]).toString('base64url');
  }

  /** Decrypts a cursor; null for any text that was not sealed for the account. */
  open(text: string, account: string): string | null {
    if (text.length > LONGEST) return null;
    const sealed = Buffer.from(text, 'base64url');
    // Bits that decoders ignore would give one cursor several texts.
    if (sealed.length <= TAG_BYTES || sealed.toString('base64url') !== text) return null;
    const { tag, cipher } = this.keysOf(account);
    const given = sealed.subarray(0, TAG_BYTES);
    const opening = createDecipheriv('aes-256-ctr', cipher, given);
    const bytes = Buffer.concat([opening.update(sealed.subarray(TAG_BYTES)), opening.final()]);
    return timingSafeEqual(given, tagOf(bytes, tag)) ? bytes.toString('base64url') : null;
  }

  private keysOf(account: string): Keys {
    const known = this.keys.get(account);
    if (known) return known;
    if (this.keys.size >= MOST_KEYS) this.keys.clear();
    const made = createHmac('sha512', this.line).update(`cursor\n${account}`).digest();
    const keys = { tag: made.subarray(0, KEY_BYTES), cipher: made.subarray(KEY_BYTES) };
    this.keys.set(account, keys);
    return keys;
  }
}

const tagOf = (bytes: Uint8Array, key: Uint8Array): Buffer =>
  createHmac('sha256', key).update(bytes).digest().subarray(0, TAG_BYTES);
