import { LRUCache } from 'lru-cache';
import type { EventStore } from '../event-store/event-store';
import { freeze, thaw } from './freezing';
import { emptyStream, type Fold, type Loaded } from './loaded';
import type { SnapshotStore } from './snapshots';

const CACHED_STREAMS = 5_000;
/** Streams shorter than this are read again rather than kept: most streams hold one user or one claim. */
const WORTH_KEEPING = 4;
/**
 * A snapshot is taken after so many events, and after a tenth more of a long stream: it costs what the state is long, and
 * taken at fixed steps would cost the square of that while a role grows.
 */
const SNAPSHOT_EVERY = { events: 1_000, share: 0.1 };

/**
 * Reads streams into states. What was read is kept and only the tail is read again: states are immutable, and the
 * read of the tail is never left out, so a decision rests on all that the log acknowledged before it.
 */
export class StreamLoader {
  private readonly cache: LRUCache<string, Loaded<unknown>>;
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
    const known = (this.cache.get(stream) as Loaded<State> | undefined) ?? (await this.thaw(stream, fold));
    let { state, revision, position }: Loaded<State> = known;
    let commands = known.commands;
    for await (const event of this.store.readStream(stream, { from: revision === null ? 0 : revision + 1 })) {
      state = fold.evolve(state, event);
      revision = event.revision;
      position = event.position;
      const { keyed, commandId, inputHash } = event.metadata;
      if (keyed === 'true') {
        commands = commands.set(String(commandId), { inputHash: String(inputHash), position });
      }
    }
    if (revision === null || revision < WORTH_KEEPING) return { stream, state, revision, position, commands };
    if (known.revision === revision && this.cache.has(stream)) return known;
    const loaded: Loaded<State> = { stream, state, revision, position, commands };
    this.cache.set(stream, loaded);
    await this.freeze(loaded, fold);
    return loaded;
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
