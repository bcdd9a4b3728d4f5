import { hash } from 'node:crypto';

/** Parts of the space of keys: an event of recent ones is moved with the others of its part. */
const PARTS = 64;
/** Digits of a key: 52 bits, which a double holds exactly. */
const KEY_DIGITS = 13;
const PART_SIZE = 16 ** KEY_DIGITS / PARTS;

/** A stream's key, the first bits of its name's SHA-1. Streams may share one, so names are always compared too. */
export const streamKey = (stream: string): number =>
  Number.parseInt(hash('sha1', stream).slice(0, KEY_DIGITS), 16);

/** Recent events of a stream: their positions, revision by revision. */
export interface RecentStream {
  readonly first: number;
  readonly positions: readonly number[];
}

interface Growing extends RecentStream {
  positions: number[];
}

/** Positions up to which an array is made anew: one that grows in place has room for some twenty, which few streams fill. */
const FEW = 16;

/** Places of recent events, by parts of the space of keys. */
export class IndexDelta {
  /** Of most streams the first event and no more: then its position alone is held. */
  readonly #parts = Array.from({ length: PARTS }, () => new Map<string, number | Growing>());
  #size = 0;
  #lastPosition = 0;

  /** Events. */
  get size(): number {
    return this.#size;
  }

  get lastPosition(): number {
    return this.#lastPosition;
  }

  get(key: number, stream: string): RecentStream | undefined {
    const known = this.#part(key).get(stream);
    return typeof known === 'number' ? { first: 0, positions: [known] } : known;
  }

  add(key: number, stream: string, revision: number, position: number): void {
    const part = this.#part(key);
    const known = part.get(stream);
    if (typeof known === 'object' && known.positions.length >= FEW) known.positions.push(position);
    else if (typeof known === 'object') known.positions = known.positions.concat(position);
    else if (known !== undefined) part.set(stream, { first: 0, positions: [known, position] });
    else part.set(stream, revision === 0 ? position : { first: revision, positions: [position] });
    this.#size += 1;
    this.#lastPosition = position;
  }

  #part(key: number): Map<string, number | Growing> {
    return this.#parts[Math.floor(key / PART_SIZE)]!;
  }

  /** All events, part by part in the order of keys. */
  *rows(): Generator<{ readonly key: number; readonly revision: number; readonly position: number }, void> {
    for (const part of this.#parts) {
      const streams = [...part.keys()].map((stream) => ({ stream, key: streamKey(stream) }));
      for (const { stream, key } of streams.sort((a, b) => a.key - b.key)) {
        const { first, positions } = this.get(key, stream)!;
        for (const [index, position] of positions.entries()) yield { key, revision: first + index, position };
      }
    }
  }
}
