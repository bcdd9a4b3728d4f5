import {
  EventStoreError,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
} from '../event-store/event-store';
import { catalogueStream } from '../event-store/streams';

/** An identical append is sent again this often when its outcome is unknown. */
const OUTCOME_ATTEMPTS = 8;

/** Appends to the catalogue's stream; while the outcome is unknown, sends the identical append again. */
export async function appendToCatalogue(
  store: Pick<EventStore, 'append' | 'readStream'>,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
  pause: (milliseconds: number) => Promise<void>,
): Promise<AppendResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await store.append(catalogueStream, expected, events);
      if (result.outcome === 'appended' || attempt === 1) return result;
      return (await foundAfterAll(store, expected, events)) ?? result;
    } catch (error) {
      const unknown = error instanceof EventStoreError && error.code === 'UNKNOWN_OUTCOME';
      if (!unknown || attempt === OUTCOME_ATTEMPTS) throw error;
      await pause(50 * 2 ** attempt);
    }
  }
}

/** A log recognises repeats only for a while, so a conflict after a lost answer may be our own append. */
async function foundAfterAll(
  store: Pick<EventStore, 'readStream'>,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<AppendResult | null> {
  const from = typeof expected === 'number' ? expected + 1 : 0;
  let index = 0;
  let last: AppendResult | null = null;
  for await (const event of store.readStream(catalogueStream, { from, limit: events.length })) {
    if (event.id !== events[index]?.id) return null;
    index += 1;
    last = { outcome: 'appended', revision: event.revision, position: event.position };
  }
  return index === events.length ? last : null;
}
