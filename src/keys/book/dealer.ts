import { newSegmentId } from '../key-id';
import type { DataKey } from '../port/key-book';
import type { SegmentStore } from '../port/segment-store';
import { Segment, type Random } from '../segment';
import { hasCode, type Sealer } from './sealer';

/**
 * Sizes of the segments that a process makes for one account, the last one again and again. A process that registers a
 * few people a day leaves few slots unused at its end, and an import writes one segment for 256 people.
 */
const SIZES = [16, 64, 256] as const;
export const FIRST_SIZE = SIZES[0];
/** Ids that are tried while their places are full. */
const PLACES = 16;

/** Gives out the keys of one account, of segments that this process made, each once. */
export class Dealer {
  #segment: Segment | null = null;
  #next = 0;
  #made = 0;
  #making: Promise<void> | null = null;

  constructor(
    private readonly account: string,
    private readonly tools: {
      readonly random: Random;
      readonly store: SegmentStore;
      readonly sealer: Sealer;
      /** Told of each segment that is kept. */
      readonly made: (segment: Segment) => void;
    },
  ) {}

  /** Goes on with a segment that this process made otherwise, from a slot on. */
  takeOver(segment: Segment, slot: number): void {
    this.#segment = segment;
    this.#next = slot;
    this.#made += 1;
  }

  /** @throws KeyBookError */
  async key(): Promise<DataKey> {
    for (;;) {
      const key = this.#segment?.key(this.#next) ?? null;
      if (key !== null) this.#next += 1;
      else await (this.#making ??= this.#make().finally(() => (this.#making = null)));
      if (key !== null && key !== 'erased') return key;
    }
  }

  async #make(): Promise<void> {
    const size = SIZES[Math.min(this.#made, SIZES.length - 1)]!;
    const segment = await this.#keep(size);
    this.tools.made(segment);
    this.takeOver(segment, 0);
  }

  /** Only what is known to be durable, and this process's own, is given out: after a failure it is another segment. */
  async #keep(size: number): Promise<Segment> {
    for (let place = 1; ; place += 1) {
      const { random } = this.tools;
      const segment = Segment.random(newSegmentId(random), this.account, size, random);
      const { id, account } = segment;
      const blob = this.tools.sealer.seal(segment);
      try {
        if (await this.tools.store.create({ id, account, blob })) return segment;
      } catch (error) {
        if (!hasCode(error, 'KEY_BOOK_FULL') || place === PLACES) throw error;
      }
    }
  }
}
