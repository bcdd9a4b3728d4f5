import {
  openEventStoreDb,
  type EventStoreDbStore,
  type Timeouts,
} from '../../../src/event-store/eventstoredb';
import type { EventStore, SubscriptionItem } from '../../../src/event-store/event-store';
import { FakeEventStoreDb } from './server';
import type { FakeLog } from './log';

/** Small enough for a test that waits for them, and far above what anything takes on a busy machine. */
export const QUICK: Timeouts = {
  append: 400,
  leader: 1_000,
  connect: 400,
  read: 400,
  heartbeat: 50,
  lost: 600,
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

  async open(
    server: FakeEventStoreDb | string,
    timeouts: Partial<Timeouts> = {},
    streamPrefix?: string,
  ): Promise<EventStoreDbStore> {
    const url = typeof server === 'string' ? server : server.url;
    const store = await openEventStoreDb({ url, streamPrefix, timeouts: { ...QUICK, ...timeouts } });
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
