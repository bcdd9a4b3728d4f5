import { hash } from 'node:crypto';

/** Ranges that the space of keys is cut into; a merge goes through them in order. */
const RANGES = 64;
/** Digits of a key: 52 bits, which a double holds exactly. */
const KEY_DIGITS = 13;
const RANGE_SIZE = 16 ** KEY_DIGITS / RANGES;

/** Returns a stream's key, the first bits of its name's SHA-1. Streams may share one, so names are always compared too. */
export const streamKey = (stream: string): number =>
  Number.parseInt(hash('sha1', stream).slice(0, KEY_DIGITS), 16);

/** Positions of a stream's recent events, from revision `first` on. */
export interface DeltaEntry {
  readonly first: number;
  readonly positions: readonly number[];
}

interface GrowingEntry extends DeltaEntry {
  positions: number[];
}

/**
 * Positions up to which an array is copied to append to it: one that grows in place reserves some twenty slots, which
 * few streams fill.
 */
const FEW = 16;

/** Recent part of the stream index, in memory. */
export class IndexDelta {
  /** Positions by stream key. Most streams have only their first event here, held as its bare position. */
  readonly #ranges = Array.from({ length: RANGES }, () => new Map<string, number | GrowingEntry>());
  #size = 0;
  #lastPosition = 0;

  /** Number of events. */
  get size(): number {
    return this.#size;
  }

  get lastPosition(): number {
    return this.#lastPosition;
  }

  get(key: number, stream: string): DeltaEntry | undefined {
    const entry = this.#range(key).get(stream);
    return typeof entry === 'number' ? { first: 0, positions: [entry] } : entry;
  }

  add(key: number, stream: string, revision: number, position: number): void {
    const range = this.#range(key);
    const entry = range.get(stream);
    if (typeof entry === 'object' && entry.positions.length >= FEW) entry.positions.push(position);
    else if (typeof entry === 'object') entry.positions = entry.positions.concat(position);
    else if (entry !== undefined) range.set(stream, { first: 0, positions: [entry, position] });
    else range.set(stream, revision === 0 ? position : { first: revision, positions: [position] });
    this.#size += 1;
    this.#lastPosition = position;
  }

  #range(key: number): Map<string, number | GrowingEntry> {
    return this.#ranges[Math.floor(key / RANGE_SIZE)]!;
  }

  /** Yields all events in the order of keys. */
  *rows(): Generator<{ readonly key: number; readonly revision: number; readonly position: number }, void> {
    for (const range of this.#ranges) {
      const streams = [...range.keys()].map((stream) => ({ stream, key: streamKey(stream) }));
      for (const { stream, key } of streams.sort((a, b) => a.key - b.key)) {
        const { first, positions } = this.get(key, stream)!;
        for (const [index, position] of positions.entries()) yield { key, revision: first + index, position };
      }
    }
  }
}
