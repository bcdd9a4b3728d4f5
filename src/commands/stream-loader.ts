import { LRUCache } from 'lru-cache';
import type { EventStore, NewEvent, RecordedEvent } from '../event-store/event-store';
import { freeze, thaw } from './freezing';
import { after, emptyStream, type Fold, type Loaded } from './loaded';
import type { SnapshotStore } from './snapshots';

const CACHED_STREAMS = 5_000;
/** Streams shorter than this are read again rather than kept: most streams hold one user or one claim. */
const WORTH_KEEPING = 4;
/**
 * A snapshot is taken after so many events, and after a tenth more of a long stream: it costs what the state is long, and
 * taken at fixed steps would cost the square of that while a role grows.
 */
const SNAPSHOT_EVERY = { events: 1_000, share: 0.1 };

interface Kept<State> {
  readonly loaded: Loaded<State>;
  readonly fold: Fold<State>;
}

/**
 * Reads streams into states. What was read or appended is kept and only the tail is read again: states are immutable, and
 * the read of the tail is never left out, so a decision rests on all that the log acknowledged before it.
 */
export class StreamLoader {
  private readonly cache: LRUCache<string, Kept<never>>;
  private readonly snapshotAt: LRUCache<string, number>;

  constructor(
    private readonly store: EventStore,
    private readonly snapshots: SnapshotStore | null = null,
    cachedStreams = CACHED_STREAMS,
  ) {
    this.cache = new LRUCache({ max: cachedStreams });
    this.snapshotAt = new LRUCache({ max: cachedStreams });
  }

  async load<State extends object>(stream: string, fold: Fold<State>): Promise<Loaded<State>> {
    const kept = this.cache.get(stream) as Kept<State> | undefined;
    let loaded = kept?.loaded ?? (await this.thaw(stream, fold));
    const from = loaded.revision === null ? 0 : loaded.revision + 1;
    for await (const event of this.store.readStream(stream, { from })) loaded = after(loaded, event, fold);
    if (loaded.revision === null || loaded.revision < WORTH_KEEPING) return loaded;
    if (kept?.loaded !== loaded) this.keep(loaded, fold);
    await this.freeze(loaded, fold);
    return loaded;
  }

  /** Takes over what was appended to a stream as it was loaded, so that it need not be read back. */
  appended(
    to: Loaded<unknown>,
    events: readonly NewEvent[],
    { revision, position }: Pick<RecordedEvent, 'revision' | 'position'>,
  ): void {
    const kept = this.cache.get(to.stream) as Kept<unknown> | undefined;
    if (kept?.loaded !== to) return;
    const { fold } = kept;
    let loaded = to;
    for (const [index, event] of events.entries()) {
      const place = { stream: to.stream, revision: revision - events.length + 1 + index, position };
      loaded = after(loaded, { ...event, ...place }, fold);
    }
    this.keep(loaded, fold);
  }

  private keep<State>(loaded: Loaded<State>, fold: Fold<State>): void {
    this.cache.set(loaded.stream, { loaded, fold } as unknown as Kept<never>);
  }

  private async thaw<State extends object>(stream: string, fold: Fold<State>): Promise<Loaded<State>> {
    const snapshot = fold.growsLong ? this.snapshots?.get(stream) : null;
    const thawed = snapshot ? await thaw(stream, fold, snapshot) : null;
    if (!thawed) return emptyStream(stream, fold);
    this.snapshotAt.set(stream, thawed.revision ?? 0);
    return thawed;
  }

  private async freeze<State extends object>(
    loaded: Loaded<State>,
    { growsLong }: Fold<State>,
  ): Promise<void> {
    const { stream, revision } = loaded;
    if (!growsLong || !this.snapshots || revision === null) return;
    const due = Math.max(SNAPSHOT_EVERY.events, revision * SNAPSHOT_EVERY.share);
    if (revision - (this.snapshotAt.get(stream) ?? 0) < due) return;
    // Set first: of those who load meanwhile nobody takes another.
    this.snapshotAt.set(stream, revision);
    // A snapshot that cannot be written is none: a start then reads more of the log.
    await this.snapshots.put(stream, revision, freeze(loaded)).catch(() => undefined);
  }
}
