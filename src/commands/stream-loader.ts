import { Map } from 'immutable';
import { LRUCache } from 'lru-cache';
import type { EventStore, Position, RecordedEvent } from '../event-store/event-store';
import type { SnapshotStore } from './snapshots';

/** How the events of one kind of stream are folded. */
export interface Fold<State> {
  readonly initial: State;
  readonly evolve: (state: State, event: RecordedEvent) => State;
  /** For kinds whose streams grow long: the state as plain JSON, and back. */
  readonly snapshot?: { readonly freeze: (state: State) => unknown; readonly thaw: (json: never) => State };
}

/** The outcome of a keyed command, found on its owner's stream. */
export interface KeyedCommand {
  readonly inputHash: string;
  readonly position: Position;
}

/** A stream as it was read: its state, and where the next append would go. */
export interface Loaded<State> {
  readonly stream: string;
  readonly state: State;
  /** Last revision, or null for a stream that does not exist. */
  readonly revision: number | null;
  /** Position of the last event. */
  readonly position: Position | null;
  /** Keyed commands that wrote to the stream, by command id. */
  readonly commands: Map<string, KeyedCommand>;
}

/** A stream that does not exist. */
export const emptyStream = <State>(stream: string, { initial }: Fold<State>): Loaded<State> => ({
  stream,
  state: initial,
  revision: null,
  position: null,
  commands: Map(),
});

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

  async load<State>(stream: string, fold: Fold<State>): Promise<Loaded<State>> {
    const known = (this.cache.get(stream) as Loaded<State> | undefined) ?? this.thaw(stream, fold);
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
    this.freeze(loaded, fold);
    return loaded;
  }

  private thaw<State>(stream: string, fold: Fold<State>): Loaded<State> {
    const snapshot = fold.snapshot && this.snapshots?.get(stream);
    if (!snapshot || !fold.snapshot) return emptyStream(stream, fold);
    const { state, position, commands } = JSON.parse(snapshot.text) as {
      state: never;
      position: string;
      commands: [string, { inputHash: string; position: string }][];
    };
    this.snapshotAt.set(stream, snapshot.revision);
    return {
      stream,
      state: fold.snapshot.thaw(state),
      revision: snapshot.revision,
      position: BigInt(position),
      commands: Map(commands.map(([id, each]) => [id, { ...each, position: BigInt(each.position) }])),
    };
  }

  private freeze<State>(
    { stream, state, revision, position, commands }: Loaded<State>,
    fold: Fold<State>,
  ): void {
    if (!fold.snapshot || !this.snapshots || revision === null) return;
    const due = Math.max(SNAPSHOT_EVERY.events, revision * SNAPSHOT_EVERY.share);
    if (revision - (this.snapshotAt.get(stream) ?? 0) < due) return;
    const text = JSON.stringify(
      { state: fold.snapshot.freeze(state), position, commands: [...commands] },
      (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    );
    this.snapshots.put(stream, { revision, text });
    this.snapshotAt.set(stream, revision);
  }
}
