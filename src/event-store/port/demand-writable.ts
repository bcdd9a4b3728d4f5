import { EventStoreError, type EventStore } from './event-store';

/**
 * Refuses an append of a schema version that may not be written now. A change that takes several appends asks before the
 * first one, so that it is not begun; the store asks again before each.
 * @throws EventStoreError `NOT_YET_READABLE`, or that of a log that cannot be asked
 */
export async function demandWritable(
  store: Pick<EventStore, 'writableSchema'>,
  stream: string,
  wanted: number,
): Promise<void> {
  const schema = (await store.writableSchema?.(wanted)) ?? wanted;
  if (wanted > schema)
    throw new EventStoreError(
      'NOT_YET_READABLE',
      `An append to ${stream} needs schema ${wanted}, and ${schema} is the highest that may be written now.`,
    );
}
