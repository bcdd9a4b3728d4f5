import { LRUCache } from 'lru-cache';
import type { SegmentStore } from '../port/segment-store';
import type { Segment } from '../segment';
import type { Sealer } from './sealer';

/** Keys that are held open, of the segments used last: some 64 MB. */
const OPEN_KEYS = 2_000_000;

/** Segment as a look-up finds it. */
export type Looked = Segment | 'missing' | 'damaged';

/** Cache of segments that lie open. Only what was found is kept: a segment that is missing is looked for each time. */
export class OpenSegments {
  readonly #open = new LRUCache<string, Segment>({
    maxSize: OPEN_KEYS,
    sizeCalculation: ({ size }) => size,
  });
  /** Look-ups under way; one that is no longer here is out of date when it comes. */
  readonly #underWay = new Map<string, Promise<Looked>>();

  constructor(
    private readonly store: SegmentStore,
    private readonly sealer: Sealer,
  ) {}

  put(segment: Segment): void {
    this.#open.set(segment.id, segment);
  }

  /** Drops what is known of a segment, a look-up that is under way included. */
  drop(id: string): void {
    this.#open.delete(id);
    this.#underWay.delete(id);
  }

  clear(): void {
    this.#open.clear();
    this.#underWay.clear();
  }

  /** The segment itself where it lies open. @throws KeyBookError `MASTER_KEY_UNKNOWN`, `UNAVAILABLE` */
  get(id: string): Looked | Promise<Looked> {
    return this.#open.get(id) ?? this.#lookOnce(id);
  }

  async #lookOnce(id: string): Promise<Looked> {
    const underWay = this.#underWay.get(id);
    if (underWay) return underWay;
    const looking = this.#look(id);
    this.#underWay.set(id, looking);
    try {
      const found = await looking;
      if (typeof found !== 'string' && this.#underWay.get(id) === looking) this.put(found);
      return found;
    } finally {
      if (this.#underWay.get(id) === looking) this.#underWay.delete(id);
    }
  }

  async #look(id: string): Promise<Looked> {
    const stored = await this.store.read(id);
    return stored === null ? 'missing' : (this.sealer.openSound(stored) ?? 'damaged');
  }
}
