import path from 'node:path';
import { createDecisionReads } from '../../projections';
import { openReadModels, type LocalReadModels } from '../../projections';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { createCommandBus } from '../../src/commands/bus';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import { plainSealing } from '../sealing/plain';
import { readCatalogueFile } from '../../src/app/compose';
import type { EventStore } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { awaitsDemo, DEMO_ACCOUNT, DEMO_OPERATOR, seedDemo } from '../../src/operations/demo/seed';
import { operatorContext } from '../../src/operator/operator';
import { newDirectory, removeDirectory } from '../directories';

/** The demo is made once, and a start learns cheaply that it was. */

const store = new MemoryEventStore();
const directory = newDirectory();
const DAY_MS = 86_400_000;
let models: LocalReadModels;

beforeAll(async () => {
  await publishCatalogue({
    store,
    file: readCatalogueFile(path.join(__dirname, '../../schema/catalogue.json')),
    metadata: operatorMetadata({ actorId: DEMO_OPERATOR, requestId: 'test' }),
  });
  models = await openReadModels({ directory, store });
  await models.caughtUp();
});
afterAll(async () => {
  await models.close();
  removeDirectory(directory);
});

const tools = () => ({
  store,
  reads: createDecisionReads(models),
  loader: new StreamLoader(store),
  sealing: plainSealing,
  eraseKeys: async () => undefined,
  pause: async () => undefined,
});

/** A store that ends after so many events of the whole log, and tells how many events were read of its streams. */
function upTo(length: number): { part: Pick<EventStore, 'readStream'>; read: () => number } {
  let count = 0;
  const part: Pick<EventStore, 'readStream'> = {
    async *readStream(...args) {
      for await (const event of store.readStream(...args)) {
        if (event.position > BigInt(length)) return;
        count += 1;
        yield event;
      }
    },
  };
  return { part, read: () => count };
}

test('a start finishes a demo that was left half made, and leaves alone one that is whole, having read little', async () => {
  const before = Number((await store.head())?.position);
  expect(await awaitsDemo(store, plainSealing)).toBe(true);
  const start = new Date(Date.now() - 30 * DAY_MS);
  await seedDemo({ tools: tools(), readModels: models, start, onProgress: () => undefined });
  const whole = Number((await store.head())?.position);
  expect(await awaitsDemo(store, plainSealing)).toBe(false);
  for (const died of [0, before, before + 1, Math.round((before + whole) / 2), whole - 1]) {
    expect(await awaitsDemo(upTo(died).part, plainSealing)).toBe(true);
  }

  const bus = createCommandBus({ ...tools(), now: () => new Date() });
  for (let day = 0; day < 100; day += 1) {
    await bus.execute(
      { type: 'recordLogin', user: 'admin' },
      operatorContext(DEMO_ACCOUNT, { operator: 'test' }),
    );
  }
  const { part, read } = upTo(whole + 1_000);
  expect(await awaitsDemo(part, plainSealing)).toBe(false);
  expect(read()).toBeLessThan(10);
});

test('a demo that is made again changes nothing, and what it records was when it was recorded', async () => {
  const length = (await store.head())?.position;
  const start = new Date(Date.now() - 30 * DAY_MS);
  await seedDemo({ tools: tools(), readModels: models, start, onProgress: () => undefined });
  expect((await store.head())?.position).toBe(length);
  for await (const { type, data, metadata } of store.readAll()) {
    if (type === 'UserLoggedIn') expect(String(data.at) <= String(metadata.recordedAt)).toBe(true);
  }
});
