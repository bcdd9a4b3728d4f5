import { newerMessage, newerSchema } from '../domain/schema-versions';
import { NewerEventError, type RecordedEvent } from '../event-store/port/event-store';

/** The failure of an event that this program is too old for; null for any other event. */
export function newerEventError(event: RecordedEvent): NewerEventError | null {
  const schema = newerSchema(event);
  if (schema === null) return null;
  const { type, revision, stream } = event;
  const message = `The log is newer than this program: ${type} at revision ${revision} of ${stream}: ${newerMessage(schema)}.`;
  return new NewerEventError(message, event, schema);
}

/**
 * Refuses an event that this program is too old for. Every reader of the log asks, unless the event is void, before it looks
 * at anything else of the event: such an event is no poison, and nobody may guess what it means.
 * @throws NewerEventError
 */
export function demandReadable(event: RecordedEvent): void {
  const error = newerEventError(event);
  if (error !== null) throw error;
}
