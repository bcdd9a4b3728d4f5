import type { EventStore, RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import type { EventVoid, Voids } from '../../src/repair/voids';
import type { Sql } from '../tables/sqlite/sql';
import { ordinalFrom } from '../numbers';
import { placeAt, readCheckpoint } from '../tables/timeline';
import { isMarked } from '../tables/voided';

/** Decides if tables may be continued from a log, or have to be rebuilt from it. */
export async function continues(store: EventStore, sql: Sql, voids: Voids): Promise<boolean> {
  return (await holdsCheckpoint(store, sql)) && !(await tookVoided(store, sql, voids));
}

/**
 * True if the log still holds the last event that was projected, at its position. A log that was restored from an older
 * copy does not, and neither does another log.
 */
async function holdsCheckpoint(store: EventStore, sql: Sql): Promise<boolean> {
  const checkpoint = readCheckpoint(sql);
  if (!checkpoint) return true;
  // Positions are never computed with, so the event is read as the one after its predecessor.
  const before = placeAt(sql, ordinalFrom(checkpoint.ordinal, -1));
  const found = await firstOf(store.readAll({ after: before?.position, limit: 1 }));
  return found?.position === checkpoint.position && found.id.toLowerCase() === checkpoint.eventId;
}

/**
 * True if an event was applied that is void: another release, which could not apply it, had it declared so. Replicas
 * then differ until these tables are rebuilt.
 */
async function tookVoided(store: EventStore, sql: Sql, voids: Voids): Promise<boolean> {
  const reached = readCheckpoint(sql)?.position;
  if (reached === undefined) return false;
  const took = async (declared: EventVoid): Promise<boolean> => {
    const { stream, revision: from } = declared;
    if (isMarked(sql, declared) || !parseStream(stream)) return false;
    const event = await firstOf(store.readStream(stream, { from, limit: 1 }));
    return event !== undefined && event.position <= reached && voids.of(event) !== null;
  };
  for (const declared of voids.all) if (await took(declared)) return true;
  return false;
}

async function firstOf(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent | undefined> {
  for await (const event of events) return event;
  return undefined;
}
