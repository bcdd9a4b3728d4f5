import { EventStoreDbStore } from '../../src/event-store/eventstoredb';
import { openEmbeddedStore } from '../../src/event-store/embedded';
import type { EventStore } from '../../src/event-store/port/event-store';
import type { RestoreTarget } from '../../src/event-store/port/reserved';
import { newDirectory, removeDirectory } from '../directories';
import { newPrefix, serverUrl } from '../eventstoredb';
import { failureOf, newEvents, newStream, write } from './contract/controls';
import { FakeEventStoreDb } from './eventstoredb/fake/server';

/** Logs that a restore fills, in every store: closed to all others until it ends. */

interface Place {
  readonly use: () => Promise<EventStore>;
  readonly restore: () => Promise<RestoreTarget>;
  readonly close: () => void;
}

const onServer = (url: string, close: () => void): Place => {
  const streamPrefix = newPrefix();
  return {
    // Nothing is sent at the opening: whoever uses a log asks for its identity first.
    use: async () => {
      const store = new EventStoreDbStore({ url, streamPrefix });
      try {
        await store.identity();
        return store;
      } catch (error) {
        await store.close();
        throw error;
      }
    },
    restore: async () => new EventStoreDbStore({ url, streamPrefix, purpose: 'restore' }),
    close,
  };
};

const places: [string, () => Promise<Place>][] = [
  [
    'the embedded store',
    async () => {
      const directory = newDirectory();
      return {
        use: () => openEmbeddedStore({ directory }),
        restore: () => openEmbeddedStore({ directory, purpose: 'restore' }),
        close: () => removeDirectory(directory),
      };
    },
  ],
  [
    'a fake EventStoreDB',
    async () => {
      const server = new FakeEventStoreDb();
      await server.start();
      return onServer(server.url, () => server.stop());
    },
  ],
];
if (serverUrl) places.push(['EventStoreDB', async () => onServer(serverUrl ?? '', () => undefined)]);

describe.each(places)('%s', (_name, open) => {
  let place: Place;
  beforeEach(async () => (place = await open()));
  afterEach(() => place.close());

  const restoring = async (work: (target: RestoreTarget) => Promise<void>): Promise<void> => {
    const target = await place.restore();
    try {
      await target.beginRestore();
      await work(target);
    } finally {
      await target.close();
    }
  };

  it('is closed to others from the beginning of a restore to its end, over any number of attempts', async () => {
    const stream = newStream();
    await restoring((target) => write(target, stream, newEvents(2)).then(() => undefined));
    expect(await failureOf(place.use())).toBe('RESTORE_UNFINISHED');
    await restoring(async (target) => {
      expect(await target.head()).toMatchObject({ stream, revision: 1 });
      await target.append(stream, 1, newEvents(1));
    });
    expect(await failureOf(place.use())).toBe('RESTORE_UNFINISHED');
    await restoring((target) => target.endRestore());
    const store = await place.use();
    expect(await store.head()).toMatchObject({ stream, revision: 2 });
    await store.close();
  });

  it('is not given to a restore once it is in use', async () => {
    const store = await place.use();
    await write(store, newStream(), newEvents(1));
    await store.close();
    expect(await failureOf(restoring(() => Promise.resolve()))).toBe('LOG_IN_USE');
    await (await place.use()).close();
  });

  it('keeps its identity through a restore', async () => {
    const identities: string[] = [];
    await restoring(async (target) => void identities.push(await target.identity()));
    await restoring((target) => target.endRestore());
    const store = await place.use();
    expect([await store.identity()]).toEqual(identities);
    await store.close();
  });
});
