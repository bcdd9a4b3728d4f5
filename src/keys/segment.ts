import { createSecretKey, randomBytes } from 'node:crypto';
import { MAX_SLOTS, keyIdOf } from './key-id';
import type { DataKey } from './port/key-book';

export const KEY_BYTES = 32;
/** A slot of nothing but zeros held a key that was erased. */
const ERASED = Buffer.alloc(KEY_BYTES);

/** A segment that lies open: the keys of one account, by slot. Never changed: an erasure makes another one. */
export class Segment {
  readonly #keys: Buffer;
  /** Keys as they were given out, by slot: making one costs as much as an encryption. */
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

  static random(id: string, account: string, size: number): Segment {
    return new Segment(id, account, randomBytes(size * KEY_BYTES));
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
    return (this.#given[slot] = { id: keyIdOf(this.id, slot), key: createSecretKey(this.#slot(slot)) });
  }

  /** The segment with these slots erased, and the number of those that were not erased before. */
  without(slots: Iterable<number>): { readonly segment: Segment; readonly changed: number } {
    const present = [...new Set(slots)].filter((slot) => slot < this.size && !this.#isErased(slot));
    if (present.length === 0) return { segment: this, changed: 0 };
    const keys = Buffer.from(this.#keys);
    for (const slot of present) ERASED.copy(keys, slot * KEY_BYTES);
    return { segment: new Segment(this.id, this.account, keys), changed: present.length };
  }

  /** Slots that are erased. */
  erased(): number[] {
    return Array.from({ length: this.size }, (_, slot) => slot).filter((slot) => this.#isErased(slot));
  }

  /** True if the two, where neither has erased it, hold the same key in every slot. */
  agreesWith(other: Segment): boolean {
    if (other.id !== this.id || other.account !== this.account || other.size !== this.size) return false;
    const erased = [...this.erased(), ...other.erased()];
    return this.without(erased).segment.#keys.equals(other.without(erased).segment.#keys);
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
    return this.#keys[slot * KEY_BYTES] === 0 && this.#slot(slot).equals(ERASED);
  }
}
