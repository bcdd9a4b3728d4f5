import { LRUCache } from 'lru-cache';
import type { EventStore, Position, RecordedEvent } from '../event-store/event-store';

/** How the events of one kind of stream are folded, and how the result is kept as plain JSON. */
export interface Fold<State> {
  readonly kind: string;
  readonly initial: State;
  readonly evolve: (state: State, event: RecordedEvent) => State;
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
  readonly commands: ReadonlyMap<string, KeyedCommand>;
}

const CACHED_STREAMS = 5_000;
/** Streams shorter than this are read again rather than kept: most streams hold one user or one claim. */
const WORTH_KEEPING = 4;

/**
 * Reads streams into states. What was read is kept and only the tail is read again: states are immutable, and the
 * read of the tail is never left out, so a decision rests on all that the log acknowledged before it.
 */
export class StreamLoader {
  private readonly cache = new LRUCache<string, Loaded<unknown>>({ max: CACHED_STREAMS });

  constructor(private readonly store: EventStore) {}

  async load<State>(stream: string, fold: Fold<State>): Promise<Loaded<State>> {
    const known = this.cache.get(stream) as Loaded<State> | undefined;
    let state = known?.state ?? fold.initial;
    let revision = known?.revision ?? null;
    let position = known?.position ?? null;
    const commands = new Map(known?.commands);
    for await (const event of this.store.readStream(stream, { from: revision === null ? 0 : revision + 1 })) {
      state = fold.evolve(state, event);
      revision = event.revision;
      position = event.position;
      const { keyed, commandId, inputHash } = event.metadata;
      if (keyed === 'true') commands.set(String(commandId), { inputHash: String(inputHash), position });
    }
    if (known && known.revision === revision) return known;
    const loaded: Loaded<State> = { stream, state, revision, position, commands };
    if (revision !== null && revision >= WORTH_KEEPING) this.cache.set(stream, loaded);
    return loaded;
  }
}
