import { randomUUID } from 'node:crypto';
import type {
  AppendResult,
  EventStore,
  EventStoreErrorCode,
  JsonObject,
  NewEvent,
  Position,
  RecordedEvent,
} from '../../../src/event-store/port/event-store';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import { roleStream } from '../../../src/event-store/port/streams';

/** Store that a test of the contract is run against. */
export interface OpenedStore {
  readonly store: EventStore;
  /** Closes the store, the reopened one too, and what was started for it. */
  readonly close: () => Promise<void>;
  /** Closes the store and opens the same log again; left out where the log does not outlive its store. */
  readonly reopen?: () => Promise<EventStore>;
}

export type OpenStore = () => Promise<OpenedStore>;

/** An account of its own for each test: the log may be shared and hold other data. */
export const newAccount = (): string => `test-${randomUUID()}`;
export const newStream = (): string => roleStream(newAccount(), 'editors');

export function newEvent(data: JsonObject = { user: 'ann' }, type = 'UserAssigned'): NewEvent {
  return { id: randomUUID(), type, data, metadata: { actorType: 'user', actorId: 'bob' } };
}

export const newEvents = (count: number): NewEvent[] =>
  Array.from({ length: count }, (_, index) => newEvent({ index }));

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export const idsOf = (events: readonly NewEvent[]): string[] => events.map(({ id }) => id);
export const revisionsOf = (events: readonly RecordedEvent[]): number[] =>
  events.map(({ revision }) => revision);

/** Appends and insists that it was written. */
export async function write(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
): Promise<Extract<AppendResult, { outcome: 'appended' }>> {
  const result = await store.append(stream, 'any', events);
  if (result.outcome !== 'appended') throw new Error(`unexpected conflict at ${result.actual}`);
  return result;
}

/** A place in the log from which a test reads, so that what was there before does not matter. */
export async function here(store: EventStore): Promise<Position> {
  return (await write(store, newStream(), [newEvent()])).position;
}

/** Events of these streams after a position. */
export async function readStreams(
  store: EventStore,
  after: Position,
  streams: readonly string[],
): Promise<RecordedEvent[]> {
  const all = await collect(store.readAll({ after }));
  return all.filter(({ stream }) => streams.includes(stream));
}

/** Follows the log until so many events of these streams have come. */
export async function followStreams(
  store: EventStore,
  after: Position,
  streams: ReadonlySet<string>,
  count: number,
): Promise<RecordedEvent[]> {
  const stop = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const item of store.subscribe({ after, signal: stop.signal })) {
    if (item.kind !== 'event' || !streams.has(item.event.stream)) continue;
    seen.push(item.event);
    if (seen.length === count) stop.abort();
  }
  return seen;
}

/** The code with which something failed; an error of another kind passes through. */
export async function failureOf(attempt: Promise<unknown>): Promise<EventStoreErrorCode | 'none'> {
  try {
    await attempt;
    return 'none';
  } catch (error) {
    if (error instanceof EventStoreError) return error.code;
    throw error;
  }
}

export function expectIncreasing(positions: readonly Position[]): void {
  const sorted = [...new Set(positions)].sort((a, b) => (a < b ? -1 : 1));
  expect(positions).toEqual(sorted);
}
