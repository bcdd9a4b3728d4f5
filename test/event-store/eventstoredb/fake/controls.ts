import {
  openEventStoreDb,
  type EventStoreDbOptions,
  type EventStoreDbStore,
  type Timeouts,
} from '../../../../src/event-store/eventstoredb';
import type { EventStore, SubscriptionItem } from '../../../../src/event-store/port/event-store';
import { FakeEventStoreDb } from './server';
import type { FakeLog } from './log';

const HOUR_MS = 3_600_000;

/** For a test that waits for none of them: however busy the machine is, none passes. Heartbeats are no limit. */
const PATIENT: Timeouts = {
  append: HOUR_MS,
  leader: HOUR_MS,
  connect: HOUR_MS,
  read: HOUR_MS,
  heartbeat: 50,
  lost: HOUR_MS,
};

/** For a test that waits for one of them. */
export const QUICK: Timeouts = {
  append: 1_000,
  leader: 1_500,
  connect: 1_000,
  read: 1_000,
  heartbeat: PATIENT.heartbeat,
  lost: 1_500,
};

/** Opens stores and fake servers, and closes them all after a test. */
export class FakeControls {
  readonly #stores: EventStoreDbStore[] = [];
  readonly #servers: FakeEventStoreDb[] = [];

  async server(log?: FakeLog): Promise<FakeEventStoreDb> {
    const server = new FakeEventStoreDb(log);
    await server.start();
    this.#servers.push(server);
    return server;
  }

  /** A store that waits for ever, unless a test is about a limit and names it. */
  async open(
    server: FakeEventStoreDb | string,
    timeouts: Partial<Timeouts> = {},
    others: Pick<EventStoreDbOptions, 'streamPrefix' | 'reads' | 'formatOfNew'> = {},
  ): Promise<EventStoreDbStore> {
    const url = typeof server === 'string' ? server : server.url;
    const store = await openEventStoreDb({ url, timeouts: { ...PATIENT, ...timeouts }, ...others });
    this.#stores.push(store);
    return store;
  }

  async cleanUp(): Promise<void> {
    await Promise.all(this.#stores.splice(0).map((store) => store.close()));
    for (const server of this.#servers.splice(0)) server.stop();
  }
}

/** Follows the log until an item is the one, and gives that one. */
export async function untilItem(
  store: EventStore,
  wanted: (item: SubscriptionItem) => boolean,
): Promise<SubscriptionItem> {
  const stop = new AbortController();
  for await (const item of store.subscribe({ signal: stop.signal })) if (wanted(item)) return item;
  throw new Error('the subscription ended');
}

export const isCaughtUp = ({ kind }: SubscriptionItem): boolean => kind === 'caught-up';
