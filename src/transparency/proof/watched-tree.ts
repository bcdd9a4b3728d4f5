import type { RecordedEvent } from '../../event-store/port/event-store';
import { leafOf } from '../entry';
import { Frontier } from '../merkle/frontier';
import { HASH_BYTES } from '../merkle/hashes';
import { TILE_WIDTH } from '../merkle/tiles';
import { rootHash, type TreeHead } from '../merkle/tree';
import type { StoredTree, TreeFile } from '../trees/tree-file';

/** The first event of a tree that is not what its tiles have. */
export interface Difference {
  /**
   * `altered`: another event is in its place; `inserted`: that one was not there; `removed`: it is not there, and those after
   * it are; `missing`: the log ends before it.
   */
  readonly kind: 'altered' | 'inserted' | 'removed' | 'missing';
  /** Number in the tree, from 1. */
  readonly place: number;
  /** The event that is there instead; null for one that is missing. */
  readonly event: Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'type'> | null;
}

/** Neighbouring events whose removal is told from a change. */
const MOST_SHIFTED = 64;

/** A difference that the event after it may explain. */
interface Suspect {
  readonly index: number;
  readonly n: number;
}

/** A tree that is computed anew, event by event, and compared with the leaves that were kept when it was sealed. */
export class WatchedTree {
  readonly #tree = new Frontier();
  #found: Difference | null = null;
  #suspect: Suspect | null = null;
  #tile: { readonly number: number; readonly hashes: Uint8Array } | null = null;

  /** `stored` null: nothing was kept. */
  constructor(
    private readonly file: TreeFile | null,
    private readonly stored: StoredTree | null,
  ) {}

  get size(): number {
    return this.#tree.size;
  }

  root(): Buffer {
    return this.#tree.root();
  }

  /** `leaf`: that of the event, which is the `n`-th of the log. */
  add(event: RecordedEvent, n: number, leaf: Buffer): void {
    const index = this.#tree.size;
    this.#tree.push(leaf);
    if (this.#suspect !== null) this.#judge(event, this.#suspect);
    else if (this.#found === null && index < this.#kept && !leaf.equals(this.#keptLeaf(index))) {
      const kind = this.#isShifted(event, index, n) ? 'removed' : 'altered';
      this.#found = { kind, place: index + 1, event };
      this.#suspect = { index, n };
    }
  }

  /** The first difference from what was kept; asked once the log has been read to its end. */
  difference(): Difference | null {
    if (this.#found !== null || this.size >= this.#kept) return this.#found;
    return { kind: 'missing', place: this.size + 1, event: null };
  }

  /** True if what was kept gives the root of a checkpoint, so that it is what was sealed. */
  isKeptAs({ size, root }: TreeHead): boolean {
    if (this.file === null || this.stored === null || size > this.#kept) return false;
    try {
      return rootHash(size, this.file.subtrees(this.stored)).equals(root);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  /** True if an event is what was kept some places further on. Entries hold their number, so that a shift has to be tried. */
  #isShifted(event: RecordedEvent, index: number, n: number): boolean {
    const shifts = Array.from(
      { length: Math.min(MOST_SHIFTED, this.#kept - index - 1) },
      (_, each) => each + 1,
    );
    return shifts.some((by) => leafOf(event, n + by).equals(this.#keptLeaf(index + by)));
  }

  /** Judges a difference by the event after it. */
  #judge(next: RecordedEvent, { index, n }: Suspect): void {
    this.#suspect = null;
    if (this.#found !== null && leafOf(next, n).equals(this.#keptLeaf(index)))
      this.#found = { ...this.#found, kind: 'inserted' };
  }

  get #kept(): number {
    return this.stored?.size ?? 0;
  }

  #keptLeaf(index: number): Uint8Array {
    const number = Math.floor(index / TILE_WIDTH);
    if (this.#tile?.number !== number)
      this.#tile = { number, hashes: this.file!.tile(this.stored!.id, 0, number) };
    const start = (index % TILE_WIDTH) * HASH_BYTES;
    return this.#tile.hashes.subarray(start, start + HASH_BYTES);
  }
}
