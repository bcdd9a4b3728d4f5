import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_METADATA, type DocumentStreams } from '../../../event-store/eventstoredb';
import { EventStoreError } from '../../../event-store/port/event-store';
import { backoff } from '../../../shared/backoff';
import { KeyBookError } from '../../port/key-book';
import type { NewSegment, Replacement, SegmentStore, StoredSegment } from '../../port/segment-store';
import { asKeyBookError } from '../errors';
import { BUCKET_TYPE, bucketOf, decodeBucket, encodeBucket, sizeOf, type Bucket } from './bucket';

/**
 * Largest bucket, in bytes of its event: below the 1 MiB that a server takes. That is some 90 segments of 256 keys, and
 * 256 buckets hold the keys of some five million people.
 */
export const BUCKET_BYTES = 1_000_000;
/** Share of it that only first segments of accounts take: they cannot go to another bucket. So may longer blobs. */
const KEPT_FREE = 0.1;
/** Buckets that are read at a time. */
const READS = 16;
/** Attempts at writing a bucket that others write too, or whose server does not say what became of it. */
const ATTEMPTS = 50;
const UNKNOWN_ATTEMPTS = 5;
const pauseAfter = backoff({ first: 10, longest: 1_000, jitter: 0.5 });

type Segments = Map<string, StoredSegment>;
/** Makes a bucket of the one that is there; null where nothing is to be written. May be called again. */
type Change = (present: ReadonlyMap<string, StoredSegment>) => Segments | null;

/** Spread of segments over streams. */
export interface Layout {
  /** Number of buckets. */
  readonly buckets: number;
  /** Largest bucket, in bytes of its event. */
  readonly bucketBytes: number;
  /** Tells the segments that may take what is kept free. */
  readonly isFirst: (segment: NewSegment) => boolean;
}

/** Segments in streams of EventStoreDB: the last event of each is a bucket, with all that is in it. */
export class EventStoreDbSegments implements SegmentStore {
  /** Last change of each bucket that this process asked for. */
  readonly #turns = new Map<number, Promise<void>>();

  constructor(
    private readonly documents: DocumentStreams,
    private readonly layout: Layout,
  ) {}

  async create(segment: NewSegment): Promise<boolean> {
    const { id, blob } = segment;
    let kept = false;
    await this.#rewrite(this.#bucketOf(id), (present) => {
      const there = present.get(id);
      // The one that is there may be our own, of an attempt that was not answered.
      kept = there === undefined || there.blob.equals(blob);
      if (there !== undefined) return null;
      const { bucketBytes, isFirst } = this.layout;
      const limit = isFirst(segment) ? bucketBytes : bucketBytes * (1 - KEPT_FREE);
      return checked(new Map(present).set(id, { ...segment, revision: 0 }), limit);
    });
    return kept;
  }

  async read(id: string): Promise<StoredSegment | null> {
    return (await this.#bucket(this.#bucketOf(id))).segments.get(id) ?? null;
  }

  async *pages(): AsyncGenerator<readonly StoredSegment[], void, undefined> {
    const { buckets } = this.layout;
    for (let first = 0; first < buckets; first += READS) {
      const numbers = Array.from({ length: Math.min(READS, buckets - first) }, (_, index) => first + index);
      for (const { segments } of await Promise.all(numbers.map((number) => this.#bucket(number))))
        if (segments.size > 0) yield [...segments.values()];
    }
  }

  async replace(replacements: readonly Replacement[]): Promise<readonly string[]> {
    const conflicts: string[] = [];
    for (const number of new Set(replacements.map(({ id }) => this.#bucketOf(id)))) {
      const some = replacements.filter(({ id }) => this.#bucketOf(id) === number);
      conflicts.push(...(await this.#replaceIn(number, some)));
    }
    return conflicts;
  }

  /** The server alone removes earlier states of a bucket: `$maxCount` hides them at once, a scavenge ends them. */
  async purge(): Promise<void> {}

  close(): Promise<void> {
    return this.documents.close();
  }

  async #replaceIn(number: number, replacements: readonly Replacement[]): Promise<readonly string[]> {
    let conflicts: string[] = [];
    await this.#rewrite(number, (present) => {
      const wanted = new Map(present);
      conflicts = [];
      for (const { id, expected, blob } of replacements) {
        const there = present.get(id);
        if (there?.revision === expected) wanted.set(id, { ...there, revision: expected + 1, blob });
        else if (!there?.blob.equals(blob)) conflicts.push(id);
      }
      const isChanged = [...wanted].some(([id, segment]) => present.get(id) !== segment);
      return isChanged ? checked(wanted, this.layout.bucketBytes) : null;
    });
    return conflicts;
  }

  /** Changes a bucket, after the changes that this process has under way there: it need not conflict with itself. */
  #rewrite(number: number, change: Change): Promise<void> {
    const turn = (this.#turns.get(number) ?? Promise.resolve()).then(() => this.#write(number, change));
    const settled = turn.catch(() => undefined);
    this.#turns.set(number, settled);
    return turn;
  }

  /** Writes what `change` makes of a bucket until it stands on what nobody else changed meanwhile. */
  async #write(number: number, change: Change): Promise<void> {
    const stream = this.documents.naming.keyStream(number);
    for (let attempt = 1, unknown = 0; ; attempt += 1) {
      const { segments, revision } = await this.#bucket(number);
      const wanted = change(segments);
      if (wanted === null) return;
      try {
        if (revision === null) await this.documents.describe(stream, KEY_METADATA);
        if (await this.documents.write(stream, revision, BUCKET_TYPE, encodeBucket(wanted.values()))) return;
      } catch (error) {
        const isUnknown = error instanceof EventStoreError && error.code === 'UNKNOWN_OUTCOME';
        if (!isUnknown || (unknown += 1) === UNKNOWN_ATTEMPTS)
          throw asKeyBookError(error, 'The key book cannot be written');
      }
      if (attempt === ATTEMPTS)
        throw new KeyBookError('UNAVAILABLE', `Others kept writing to the stream ${stream} of the key book.`);
      await sleep(pauseAfter(attempt));
    }
  }

  #bucketOf(id: string): number {
    return bucketOf(id, this.layout.buckets);
  }

  async #bucket(number: number): Promise<Bucket> {
    const stream = this.documents.naming.keyStream(number);
    try {
      return decodeBucket(stream, await this.documents.read(stream));
    } catch (error) {
      throw asKeyBookError(error, 'The key book cannot be read');
    }
  }
}

/** @throws KeyBookError `KEY_BOOK_FULL` */
function checked(segments: Segments, limit: number): Segments {
  if (sizeOf(segments.values()) <= limit) return segments;
  throw new KeyBookError('KEY_BOOK_FULL', `A bucket of the key book would have more than ${limit} bytes.`);
}
