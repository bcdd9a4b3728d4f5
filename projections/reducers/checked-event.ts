import type { ReadEvent, ReadMetadata } from '../../src/domain/events';
import { faultLine } from '../../src/domain/schemas';
import type { EventForm } from '../../src/domain/sealed-text';
import { eventFaults } from '../../src/domain/sound-event';
import type { Position, RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream, type StreamName } from '../../src/event-store/port/streams';
import { BEFORE_FIRST, type Ordinal } from '../numbers';
import type { PlacedEvent } from '../view';

/** An event that cannot be applied. It stops the projector: authorisation data is never skipped. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError';

  constructor(
    readonly event: RecordedEvent,
    why: string,
  ) {
    super(`${event.type} at position ${event.position} of ${event.stream}: ${why}`);
  }

  get place(): PlacedEvent {
    return placeOf(this.event);
  }
}

/** An event, and where it is in the log. */
export const placeOf = ({ id, type, stream, revision, position }: RecordedEvent): PlacedEvent => ({
  id,
  type,
  stream,
  revision,
  position,
});

/** An event as reducers get it: checked against its definition, numbered. */
export interface CheckedEvent {
  readonly ordinal: Ordinal;
  readonly position: Position;
  readonly id: string;
  readonly stream: StreamName;
  readonly revision: number;
  readonly event: ReadEvent;
  readonly metadata: ReadMetadata;
  /** `recordedAt`, in milliseconds. */
  readonly at: number;
  /** The schema version that a reader needs for it. */
  readonly schema: number;
  /** True if it is the last of its append. */
  readonly complete: boolean;
  /** Refuses the event. */
  poison(why: string): PoisonError;
}

/** True if an event ends its append; readable before the event is checked. */
export const endsAppend = ({ metadata }: RecordedEvent): boolean => metadata['part'] === metadata['parts'];

/**
 * @throws PoisonError for an unknown type, for data or metadata that break their definition, or for a foreign stream
 */
export function checkEvent(
  recorded: RecordedEvent,
  ordinal: Ordinal,
  form: EventForm = 'read',
): CheckedEvent {
  const { id, type, data, position, revision } = recorded;
  const stream = parseStream(recorded.stream);
  const faults = eventFaults(recorded, stream, form);
  if (faults.length > 0 || !stream) throw new PoisonError(recorded, faults.map(faultLine).join('; '));
  const metadata = recorded.metadata as unknown as ReadMetadata;
  return {
    ordinal,
    position,
    id,
    stream,
    revision,
    event: { type, data } as ReadEvent,
    metadata,
    at: Date.parse(metadata.recordedAt),
    schema: Number(metadata.schemaVersion),
    complete: endsAppend(recorded),
    poison: (why) => new PoisonError(recorded, why),
  };
}

/** Returns the reason that an event of a log cannot be applied, regardless of the events before it; null for a sound one. */
export function eventFault(recorded: RecordedEvent): string | null {
  try {
    checkEvent(recorded, BEFORE_FIRST, 'log');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Makes an event that is missing from a switch a compile error; events of other types do not pass `checkEvent`. */
export function unreachable(event: never): never {
  throw new Error(`events of type ${(event as RecordedEvent).type} change nothing that is known`);
}
