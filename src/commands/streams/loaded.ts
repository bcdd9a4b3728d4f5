import { Map } from 'immutable';
import type { Position, RecordedEvent } from '../../event-store/port/event-store';

/** How the events of one kind of stream are folded. A state is plain JSON, and sets and maps of it. */
export interface Fold<State> {
  readonly initial: State;
  readonly evolve: (state: State, event: RecordedEvent) => State;
  /** Whether streams of the kind may grow long, so that snapshots are worth taking. */
  readonly growsLong?: boolean;
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

/** A stream with one more event, which is void: it changes nothing, and is no outcome of a command. */
export const without = <State>(
  loaded: Loaded<State>,
  { revision, position }: Pick<RecordedEvent, 'revision' | 'position'>,
): Loaded<State> => ({ ...loaded, revision, position });

/** A stream with one more event. */
export function after<State>(
  { stream, state, commands }: Loaded<State>,
  event: RecordedEvent,
  { evolve }: Fold<State>,
): Loaded<State> {
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
