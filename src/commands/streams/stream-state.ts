import { Map as ImmutableMap } from 'immutable';
import type { Position, RecordedEvent } from '../../event-store/port/event-store';

/** Folding of one kind of stream into a state. A state is plain JSON, and sets and maps of it. */
export interface Fold<State> {
  readonly initial: State;
  readonly evolve: (state: State, event: RecordedEvent) => State;
  /**
   * Raise it whenever the same events fold to another state than before. Fields that are added, removed or start with
   * another value need no new version: they are part of the format of snapshots by themselves.
   */
  readonly version: number;
  /** True if streams of the kind may grow long, so that snapshots are worth taking. */
  readonly growsLong?: boolean;
}

/** The outcome of a keyed command, found on its owner's stream. */
export interface KeyedCommand {
  readonly inputHash: string;
  readonly position: Position;
}

/** A stream as it was read: its state, and the revision that the next append expects. */
export interface LoadedStream<State> {
  readonly stream: string;
  readonly state: State;
  /** Last revision, or null for a stream that does not exist. */
  readonly revision: number | null;
  /** Position of the last event. */
  readonly position: Position | null;
  /** Keyed commands that wrote to the stream, by command id. */
  readonly commands: ImmutableMap<string, KeyedCommand>;
}

/** A stream that does not exist. */
export const emptyStream = <State>(stream: string, { initial }: Fold<State>): LoadedStream<State> => ({
  stream,
  state: initial,
  revision: null,
  position: null,
  commands: ImmutableMap(),
});

/** A stream after one more event, which is void: it changes nothing, and is no outcome of a command. */
export const passOver = <State>(
  loaded: LoadedStream<State>,
  { revision, position }: Pick<RecordedEvent, 'revision' | 'position'>,
): LoadedStream<State> => ({ ...loaded, revision, position });

/** A stream after one more event. */
export function foldEvent<State>(
  { stream, state, commands }: LoadedStream<State>,
  event: RecordedEvent,
  { evolve }: Fold<State>,
): LoadedStream<State> {
  const { revision, position, metadata } = event;
  const { keyed, commandId, inputHash } = metadata;
  const command: KeyedCommand = { inputHash: String(inputHash), position };
  return {
    stream,
    state: evolve(state, event),
    revision,
    position,
    commands: keyed === 'true' ? commands.set(String(commandId), command) : commands,
  };
}
