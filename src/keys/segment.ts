import { randomBytes } from 'node:crypto';
import { MAX_SLOTS, keyIdOf } from './key-id';
import { CHECK_BYTES } from './master-keys';
import type { DataKey } from './port/key-book';
import { SecretBytes } from './secret-bytes';

export const KEY_BYTES = 32;

/** Gives so many bytes that nobody can guess, and that were never given before. */
export type Random = (bytes: number) => Buffer;

/**
 * A slot that begins with so many zeros held a key that was erased; no random key does. Behind them stand the time of the
 * erasure in milliseconds (8 bytes) and the check of the master key that had sealed the key until then (4 bytes).
 */
const ZEROS = Buffer.alloc(KEY_BYTES - 8 - CHECK_BYTES);
const TIME_AT = ZEROS.length;
const CHECK_AT = TIME_AT + 8;

/** An erased slot. */
export interface ErasedSlot {
  readonly slot: number;
  /** Time of the erasure, in milliseconds since 1970. */
  readonly at: number;
  /** Check of the master key that had sealed the key: where it still seals the segment, older blobs can be opened yet. */
  readonly sealedBy: Buffer;
}

/** A segment that lies open: the keys of one account, by slot. Never changed: an erasure makes another one. */
export class Segment {
  readonly #keys: Buffer;
  /** Keys as they were given out, by slot. */
  readonly #given: (DataKey | undefined)[] = [];

  /** @throws RangeError for bytes that are not whole keys, or too many */
  constructor(
    readonly id: string,
    readonly account: string,
    keys: Buffer,
  ) {
    if (keys.length === 0 || keys.length % KEY_BYTES !== 0 || keys.length > MAX_SLOTS * KEY_BYTES)
      throw new RangeError(`a segment cannot have ${keys.length} bytes of keys`);
    this.#keys = keys;
  }

  static random(id: string, account: string, size: number, random: Random = randomBytes): Segment {
    return new Segment(id, account, random(size * KEY_BYTES));
  }

  /** Number of slots. */
  get size(): number {
    return this.#keys.length / KEY_BYTES;
  }

  /** The key in a slot; null where it has none (yet). */
  key(slot: number): DataKey | 'erased' | null {
    const given = this.#given[slot];
    if (given) return given;
    if (slot >= this.size) return null;
    if (this.#isErased(slot)) return 'erased';
    return (this.#given[slot] = { id: keyIdOf(this.id, slot), key: new SecretBytes(this.#slot(slot)) });
  }

  /** The segment with these slots erased too, and the number of those that were not erased before: they stay as they were. */
  without(erasures: Iterable<ErasedSlot>): { readonly segment: Segment; readonly changed: number } {
    const keys = Buffer.from(this.#keys);
    const changed = new Set<number>();
    for (const { slot, at, sealedBy } of erasures) {
      if (slot >= this.size || this.#isErased(slot) || changed.has(slot)) continue;
      const start = slot * KEY_BYTES;
      ZEROS.copy(keys, start);
      keys.writeBigUInt64BE(BigInt(at), start + TIME_AT);
      sealedBy.copy(keys, start + CHECK_AT, 0, CHECK_BYTES);
      changed.add(slot);
    }
    if (changed.size === 0) return { segment: this, changed: 0 };
    return { segment: new Segment(this.id, this.account, keys), changed: changed.size };
  }

  /** Slots that are erased. */
  erased(): ErasedSlot[] {
    const erased: ErasedSlot[] = [];
    for (let slot = 0; slot < this.size; slot += 1) {
      if (!this.#isErased(slot)) continue;
      const bytes = this.#slot(slot);
      erased.push({
        slot,
        at: Number(bytes.readBigUInt64BE(TIME_AT)),
        sealedBy: bytes.subarray(CHECK_AT),
      });
    }
    return erased;
  }

  /** True if the two, where neither has erased it, hold the same key in every slot. */
  agreesWith(other: Segment): boolean {
    if (other.id !== this.id || other.account !== this.account || other.size !== this.size) return false;
    const isInBoth = (slot: number): boolean => !this.#isErased(slot) && !other.#isErased(slot);
    for (let slot = 0; slot < this.size; slot += 1)
      if (isInBoth(slot) && !this.#slot(slot).equals(other.#slot(slot))) return false;
    return true;
  }

  /** All keys, for whoever seals them. */
  bytes(): Buffer {
    return this.#keys;
  }

  #slot(slot: number): Buffer {
    return this.#keys.subarray(slot * KEY_BYTES, (slot + 1) * KEY_BYTES);
  }

  #isErased(slot: number): boolean {
    // The first byte settles it for nearly all: a whole book is looked through when it is opened.
    return this.#keys[slot * KEY_BYTES] === 0 && this.#slot(slot).subarray(0, TIME_AT).equals(ZEROS);
  }
}
