import type { EventMetadata, RolebookEvent } from '../src/domain/events';
import {
  compiledValidator,
  isEventType,
  metadataValidator,
  validateEvent,
  validateMetadata,
} from '../src/domain/schemas';
import type { JsonObject, Position, RecordedEvent } from '../src/event-store/event-store';
import { parseStream, type StreamName } from '../src/event-store/streams';
import type { Ordinal, PoisonEvent } from './view';

/** An event that cannot be applied. It stops the projector: authorisation data is never skipped. */
export class Poison extends Error {
  constructor(
    readonly event: RecordedEvent,
    why: string,
  ) {
    super(`${event.type} at position ${event.position} of ${event.stream}: ${why}`);
    this.name = 'Poison';
  }

  get place(): PoisonEvent {
    const { id, type, stream, revision, position } = this.event;
    return { id, type, stream, revision, position };
  }
}

/** An event as reducers get it: checked against its definition, numbered. */
export interface LogEvent {
  readonly ordinal: Ordinal;
  readonly position: Position;
  readonly id: string;
  readonly stream: StreamName;
  readonly revision: number;
  readonly event: RolebookEvent;
  readonly metadata: EventMetadata;
  /** `recordedAt`, in milliseconds. */
  readonly at: number;
  /** Whether it is the last of its append. */
  readonly complete: boolean;
  /** Refuses the event. */
  poison(why: string): Poison;
}

/** Whether an event ends its append. Readable before the event is checked. */
export const endsAppend = ({ metadata }: RecordedEvent): boolean => metadata['part'] === metadata['parts'];

/** @throws Poison for a type that is not known, data or metadata that break their definition, or a foreign stream */
export function checkEvent(recorded: RecordedEvent, ordinal: Ordinal): LogEvent {
  const { id, type, data, metadata, position, revision } = recorded;
  if (!isEventType(type)) throw new Poison(recorded, 'its type is not known to this version');
  if (!compiledValidator(type).Check(data)) throw new Poison(recorded, validateEvent(type, data).join('; '));
  if (!metadataValidator().Check(metadata)) {
    throw new Poison(recorded, `metadata: ${validateMetadata(metadata).join('; ')}`);
  }
  const stream = parseStream(recorded.stream);
  if (!stream) throw new Poison(recorded, 'its stream is not one of Rolebook’s');
  const expected = ownerOf(stream);
  const named = expected && (data as JsonObject)[expected.field];
  if (expected && named !== undefined && named !== expected.id) {
    throw new Poison(recorded, `its ${expected.field} is not the one of its stream`);
  }
  return {
    ordinal,
    position,
    id,
    stream,
    revision,
    event: { type, data } as RolebookEvent,
    metadata,
    at: Date.parse(metadata.recordedAt),
    complete: endsAppend(recorded),
    poison: (why) => new Poison(recorded, why),
  };
}

/** The field of an event's data that repeats whose stream it is on. */
function ownerOf({
  category,
  account,
  id,
}: StreamName): { readonly field: string; readonly id: string | null } | null {
  if (category === 'account') return { field: 'account', id: account };
  return category === 'role' || category === 'user' ? { field: category, id } : null;
}
