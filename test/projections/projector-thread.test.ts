import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openReadModels, type LocalReadModels } from '../../projections';
import { openKeyBook, type KeyBookSettings } from '../../src/app/open-key-book';
import { openEmbeddedStore } from '../../src/event-store/embedded';
import type { EventStore } from '../../src/event-store/port/event-store';
import { userStream } from '../../src/event-store/port/streams';
import { ACCOUNT, CATALOGUE, Log } from './log';

/** The projector in a thread of its own, as a server runs it. The thread runs the build, as threads read no TypeScript. */
const PROGRAM = resolve(__dirname, '../../dist/src/app/workers/projector.js');

if (!existsSync(PROGRAM)) throw new Error('These tests start threads of the build: npm run build first.');

let directory: string;
let store: EventStore;
let log: Log;
let models: LocalReadModels;
let threads: Worker[];
let troubles: string[];

const settings = (): KeyBookSettings => ({
  eventStoreUrl: null,
  eventStoreUsername: null,
  eventStorePassword: null,
  streamPrefix: 'rolebook',
  dataDirectory: directory,
  writeSchema: null,
  masterKeyFile: join(directory, 'master.keys'),
});

const open = (): Promise<LocalReadModels> =>
  openReadModels({
    directory,
    store,
    startThread: (task) => {
      const worker = new Worker(PROGRAM, {
        workerData: { task, log: settings() },
      });
      threads.push(worker);
      return worker;
    },
    logger: {
      info: () => undefined,
      error: () => undefined,
      warn: (fields) => troubles.push(String((fields as { why?: unknown }).why)),
    },
  });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rolebook-thread-'));
  threads = [];
  troubles = [];
  store = await openEmbeddedStore({ directory });
  await (await openKeyBook(settings(), { readOnly: false })).close();
  log = new Log(store);
  await log.publish(CATALOGUE);
  await log.account();
  models = await open();
  await models.caughtUp();
});
afterEach(async () => {
  await models.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

test('what is appended here is projected there, and waited for here', async () => {
  for (let n = 0; n < 20; n += 1) {
    const position = await log.register(`u${n}`);
    expect(await models.waitFor(position, 10_000)).toBe(true);
    expect(await models.view(ACCOUNT).countUsers({})).toBe(n + 1);
  }
  expect(models.status()).toMatchObject({ state: 'live', poison: null });
  const threaded = await models.digest();
  const here = await openReadModels({ directory: join(directory, 'here'), store });
  await here.caughtUp();
  expect(await here.digest()).toBe(threaded);
  await here.close();
});

test('a thread that dies is replaced, and goes on from what was committed', async () => {
  const before = await log.register('ada');
  await models.waitFor(before, 10_000);
  await threads[0]!.terminate();
  while (models.status().state === 'live') await sleep(5);
  expect(models.status()).toMatchObject({ state: 'stale', position: before, lagEvents: null });
  expect(await models.view(ACCOUNT).countUsers({})).toBe(1);
  expect(troubles[0]).toContain('thread');
  const after = await log.register('bob');
  expect(await models.waitFor(after, 20_000)).toBe(true);
  expect(await models.view(ACCOUNT).countUsers({})).toBe(2);
  expect(threads).toHaveLength(2);
});

test('an event that cannot be applied is told across', async () => {
  const before = await log.register('ada');
  await store.append(userStream(ACCOUNT, 'eve'), 'any', [log.event('UserDeactivated', { user: 'eve' })]);
  while (models.status().poison === null) await sleep(5);
  expect(models.status()).toMatchObject({ state: 'poisoned', position: before });
  expect(models.status().poison).toContain('never registered');
});

test('a rebuild runs in a second thread, and the first one ends', async () => {
  await log.register('ada');
  await models.rebuild();
  expect(threads).toHaveLength(2);
  expect(threads[0]!.threadId).toBe(-1);
  const position = await log.register('bob');
  expect(await models.waitFor(position, 10_000)).toBe(true);
  expect(await models.view(ACCOUNT).countUsers({})).toBe(2);
  await models.close();
  expect(threads[1]!.threadId).toBe(-1);
  models = await open();
  await models.caughtUp();
});
