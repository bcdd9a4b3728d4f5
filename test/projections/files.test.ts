import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { openReadOnly } from '../../projections';
import { NoReadModelsError } from '../../projections/view';
import { EventStoreError, type RecordedEvent } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

let models: Models;
beforeEach(() => (models = new Models()));
afterEach(() => models.cleanUp());

async function opened(store = new MemoryEventStore()): Promise<Log> {
  const log = new Log(store);
  await log.publish(CATALOGUE);
  await log.account();
  await log.register('ada');
  return log;
}

/** The same events in another store. */
async function copyOf(
  log: Log,
  events: (all: RecordedEvent[]) => RecordedEvent[],
  identity?: string,
): Promise<Log> {
  const all: RecordedEvent[] = [];
  for await (const event of log.store.readAll()) all.push(event);
  const store = new MemoryEventStore();
  for (const event of events(all)) await store.append(event.stream, 'any', [event]);
  if (identity !== undefined) store.identity = async () => identity;
  return new Log(store);
}

const current = (): string => readFileSync(join(models.directory, 'read-models.current'), 'utf8').trim();

test('another version of the projections: a new file beside the old one, pointed at when it has caught up', async () => {
  const log = await opened();
  await (await models.current(log.store)).close();
  const file = new DatabaseSync(join(models.directory, 'read-models-1.sqlite'));
  file.exec(`UPDATE meta SET value = 'older' WHERE key = 'version'`);
  file.close();
  const read = await models.open(log.store);
  expect(read.status().state).toBe('rebuilding');
  expect([current(), models.files()]).toEqual([
    'read-models-1.sqlite',
    ['read-models-1.sqlite', 'read-models-2.sqlite'],
  ]);
  await read.caughtUp();
  await new Promise(setImmediate);
  expect([current(), models.files()]).toEqual(['read-models-2.sqlite', ['read-models-2.sqlite']]);
  expect(await read.view(ACCOUNT).countUsers({})).toBe(1);
});

test('another log, and the same log restored shorter or different, are noticed', async () => {
  const log = await opened();
  await log.register('bob');
  const identity = await log.store.identity();
  await (await models.current(log.store)).close();
  const others = [
    await copyOf(log, (all) => [...all.slice(0, -1), { ...all.at(-1)!, id: crypto.randomUUID() }], identity),
    await copyOf(log, (all) => all.slice(0, -1), identity),
    await copyOf(log, (all) => all),
  ];
  for (const [index, other] of others.entries()) {
    const read = await models.current(other.store);
    await new Promise(setImmediate);
    expect(current()).toBe(`read-models-${index + 2}.sqlite`);
    expect(await read.view(ACCOUNT).countUsers({})).toBe(index === 1 ? 1 : 2);
    await read.close();
  }
});

test('a file that is none, and a pointer to nothing, are replaced', async () => {
  const log = await opened();
  writeFileSync(
    join(models.directory, 'read-models-1.sqlite'),
    'not a database at all, but long enough to be looked at'.repeat(50),
  );
  writeFileSync(join(models.directory, 'read-models.current'), 'read-models-1.sqlite\n');
  const first = await models.current(log.store);
  await new Promise(setImmediate);
  expect(current()).toBe('read-models-2.sqlite');
  await first.close();
  writeFileSync(join(models.directory, 'read-models.current'), 'read-models-7.sqlite\n');
  const second = await models.current(log.store);
  await new Promise(setImmediate);
  expect([current(), models.files()]).toEqual(['read-models-2.sqlite', ['read-models-2.sqlite']]);
  expect(await second.view(ACCOUNT).countUsers({})).toBe(1);
});

test('rebuilding online: the old file answers until the swap, views that were open go on, the digest is the same', async () => {
  const log = await opened();
  const read = await models.current(log.store);
  const view = read.view(ACCOUNT);
  const digest = await read.digest();
  const rebuilt = read.rebuild();
  expect(read.rebuild()).toBe(rebuilt);
  expect(await read.view(ACCOUNT).countUsers({})).toBe(1);
  await rebuilt;
  expect(current()).toBe('read-models-2.sqlite');
  expect(await read.digest()).toBe(digest);
  expect(await view.countUsers({})).toBe(1);
  const position = await log.register('bob');
  expect(await read.waitFor(position, 5_000)).toBe(true);
  expect([await view.countUsers({}), await read.view(ACCOUNT).countUsers({})]).toEqual([1, 2]);
  await read.close();
  expect(models.files()).toEqual(['read-models-2.sqlite']);
});

test('a rebuild that was cut short is gone on with, and a failed one leaves the old file', async () => {
  const log = await opened();
  const read = await models.current(log.store);
  const subscribe = log.store.subscribe.bind(log.store);
  log.store.subscribe = () => {
    throw new EventStoreError('CORRUPT', 'unreadable');
  };
  await expect(read.rebuild()).rejects.toThrow('unreadable');
  expect(models.files()).toEqual(['read-models-1.sqlite']);
  log.store.subscribe = subscribe;
  const rebuilt = read.rebuild();
  await new Promise(setImmediate);
  await read.close();
  await rebuilt.catch(() => undefined);
  expect(current()).toBe('read-models-1.sqlite');
  const again = await models.current(log.store);
  await new Promise(setImmediate);
  expect(models.files()).toEqual(['read-models-1.sqlite']);
  expect(await again.view(ACCOUNT).countUsers({})).toBe(1);
});

test('beside a running server, and only to read', async () => {
  expect(() => openReadOnly(models.directory)).toThrow(NoReadModelsError);
  const log = await opened();
  const read = await models.current(log.store);
  await new Promise(setImmediate);
  const beside = openReadOnly(models.directory);
  expect(await beside.view(ACCOUNT).countUsers({})).toBe(1);
  const position = await log.register('bob');
  expect(await beside.waitFor(position, 5_000)).toBe(true);
  expect(await beside.view(ACCOUNT).countUsers({})).toBe(2);
  expect(beside.status()).toMatchObject({ state: 'stopped', position });
  expect(await beside.waitFor(position + 1n, 30)).toBe(false);
  expect(await beside.digest()).toBe(await read.digest());
  beside.close();
});
