import type { EventStore, RecordedEvent } from '../src/event-store/event-store';
import type { Sql } from './sql';
import { momentAt, readCheckpoint } from './time-line';

/**
 * Whether the log still holds the last event that was projected, at its place. A log that was restored from an older
 * copy does not, and neither does another log.
 */
export async function holdsCheckpoint(store: EventStore, sql: Sql): Promise<boolean> {
  const checkpoint = readCheckpoint(sql);
  if (!checkpoint) return true;
  // Positions are never computed with, so the event is read as the one after its predecessor.
  const before = momentAt(sql, checkpoint.ordinal - 1);
  const found = await firstAfter(store, before?.position);
  return found?.position === checkpoint.position && found.id.toLowerCase() === checkpoint.eventId;
}

async function firstAfter(store: EventStore, after: bigint | undefined): Promise<RecordedEvent | undefined> {
  for await (const event of store.readAll({ after, limit: 1 })) return event;
  return undefined;
}
