import { LRUCache } from 'lru-cache';
import type { EventStore, NewEvent, Position, RecordedEvent } from '../../event-store/port/event-store';
import { KnownVoids } from '../../repair/known-voids';
import type { SnapshotKey, SnapshotStore } from '../../event-store/port/snapshot-store';
import { CommandError } from '../outcome';
import { countMembers, decodeSnapshot, encodeSnapshot, snapshotFormat } from './snapshot-codec';
import { emptyStream, foldEvent, passOver, type Fold, type LoadedStream } from './stream-state';

/** Bounds of a loader's cache. */
export interface CacheBounds {
  readonly streams: number;
  /**
   * Members of the sets and maps of all streams, keyed commands too. A stream counts as half of them at most, so that
   * the largest one is cached as well, and neither evicts all others nor is evicted by a small one.
   */
  readonly members: number;
}
/** Most streams hold 2 kB. A member of a role takes some 200 bytes, a keyed command 400: 50 to 100 MB when full. */
const CACHED: CacheBounds = { streams: 1_000, members: 250_000 };
/** Streams shorter than this are reread rather than cached: most streams hold one user or one claim. */
const WORTH_KEEPING = 4;
/**
 * Events after which a snapshot is taken, plus a tenth of a long stream: a snapshot costs in proportion to the state,
 * so fixed steps would cost the square of that while a role grows.
 */
const SNAPSHOT_EVERY = { events: 1_000, share: 0.1 };

/** The void events of the log that is read. */
export interface VoidEvents {
  readonly known?: KnownVoids;
  /** The last declaration that the tables include: if it is later than the known ones, these are reread. */
  readonly declaredUpTo?: () => Position | null;
}

interface CachedStream<State> {
  readonly loaded: LoadedStream<State>;
  readonly fold: Fold<State>;
}

/**
 * Reads streams into states. Streams are cached once read or appended, and only the tail is reread: states are
 * immutable, and the read of the tail is never left out, so a decision includes every event that the log acknowledged
 * before it. Void events are skipped; a stream cached before one of its events became void is not used any more.
 */
export class StreamLoader {
  private readonly cache: LRUCache<string, CachedStream<never>>;
  private readonly snapshotAt: LRUCache<string, number>;
  private readonly voids: KnownVoids;
  private readonly declaredUpTo: () => Position | null;

  constructor(
    private readonly store: EventStore,
    private readonly snapshots: SnapshotStore | null = null,
    { streams = CACHED.streams, members = CACHED.members }: Partial<CacheBounds> = {},
    { known = new KnownVoids(store), declaredUpTo = () => null }: VoidEvents = {},
  ) {
    this.voids = known;
    this.declaredUpTo = declaredUpTo;
    this.cache = new LRUCache({
      max: streams,
      maxSize: members,
      sizeCalculation: ({ loaded }) => Math.min(1 + countMembers(loaded), Math.floor(members / 2)),
    });
    this.snapshotAt = new LRUCache({ max: streams });
  }

  /** @throws CommandError `LOG_POISONED` or `LOG_NEWER`, EventStoreError */
  async load<State extends object>(stream: string, fold: Fold<State>): Promise<LoadedStream<State>> {
    if ((this.declaredUpTo() ?? -1n) > (this.voids.now.through ?? -1n)) await this.voids.again();
    const known = this.voids.now.keyOf(stream);
    try {
      return await this.loadAs(known, stream, fold);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // It may have been declared void since, and another one before it.
      if ((await this.voids.again()).keyOf(stream) === known) throw error;
      return this.load(stream, fold);
    }
  }

  /** `key`: the cache key, which names the void events of the stream. */
  private async loadAs<State extends object>(
    key: string,
    stream: string,
    fold: Fold<State>,
  ): Promise<LoadedStream<State>> {
    const kept = this.cache.get(key) as CachedStream<State> | undefined;
    let loaded = kept?.loaded ?? (await this.readSnapshot(key, stream, fold));
    const from = loaded.revision === null ? 0 : loaded.revision + 1;
    const voids = this.voids.now;
    for await (const event of this.store.readStream(stream, { from }))
      loaded = voids.of(event) ? passOver(loaded, event) : foldEvent(loaded, event, fold);
    if (loaded.revision === null || loaded.revision < WORTH_KEEPING) return loaded;
    if (kept?.loaded !== loaded) this.keep(key, loaded, fold);
    await this.takeSnapshot(key, loaded, fold);
    return loaded;
  }

  /** Adds events just appended to a stream in its loaded state, so that they need not be read back. */
  appended(
    to: LoadedStream<unknown>,
    events: readonly NewEvent[],
    { revision, position }: Pick<RecordedEvent, 'revision' | 'position'>,
  ): void {
    const key = this.voids.now.keyOf(to.stream);
    const kept = this.cache.get(key) as CachedStream<unknown> | undefined;
    if (kept?.loaded !== to) return;
    const { fold } = kept;
    let loaded = to;
    for (const [index, event] of events.entries()) {
      const place = { stream: to.stream, revision: revision - events.length + 1 + index, position };
      loaded = foldEvent(loaded, { ...event, ...place }, fold);
    }
    this.keep(key, loaded, fold);
  }

  private keep<State>(key: string, loaded: LoadedStream<State>, fold: Fold<State>): void {
    this.cache.set(key, { loaded, fold } as unknown as CachedStream<never>);
  }

  private async readSnapshot<State extends object>(
    key: string,
    stream: string,
    fold: Fold<State>,
  ): Promise<LoadedStream<State>> {
    const snapshot = fold.growsLong ? this.snapshots?.get(snapshotKey(key, fold)) : null;
    const loaded = snapshot ? await decodeSnapshot(stream, fold, snapshot) : null;
    if (!loaded) return emptyStream(stream, fold);
    this.snapshotAt.set(key, loaded.revision ?? 0);
    return loaded;
  }

  private async takeSnapshot<State extends object>(
    key: string,
    loaded: LoadedStream<State>,
    fold: Fold<State>,
  ): Promise<void> {
    const { revision } = loaded;
    if (!fold.growsLong || !this.snapshots || revision === null) return;
    const due = Math.max(SNAPSHOT_EVERY.events, revision * SNAPSHOT_EVERY.share);
    if (revision - (this.snapshotAt.get(key) ?? 0) < due) return;
    // Set first, so that a concurrent load takes no second one.
    this.snapshotAt.set(key, revision);
    // Ignores a snapshot that cannot be written: a start then reads more of the log.
    await this.snapshots.put(snapshotKey(key, fold), revision, encodeSnapshot(loaded)).catch(() => undefined);
  }
}

const snapshotKey = <State extends object>(stream: string, fold: Fold<State>): SnapshotKey => ({
  stream,
  format: snapshotFormat(fold),
});
