import { READS_SCHEMA } from '../../src/domain/schema-versions';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { createDecisionReads, openReadOnly, type LocalReadModels } from '../../projections';
import { NoReadModelsError } from '../../projections/view';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { repairStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { eventDigest } from '../../src/repair/digest';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** Tables of a program that is too old for the log: they stay as they were before the first event that it cannot read. */

const VIEWER = roleStream(ACCOUNT, 'viewer');
let models: Models;
let log: Log;

beforeEach(async () => {
  models = new Models();
  log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.register('ada');
});
afterEach(() => models.cleanUp());

const last = async (): Promise<RecordedEvent> => {
  let found: RecordedEvent | undefined;
  for await (const event of log.store.readAll()) found = event;
  return found!;
};

/** An append whose last event is of a later release. */
async function appendNewer(
  stream: string,
  ...events: [type: string, data: object][]
): Promise<RecordedEvent> {
  const made = events.map(([type, data], index) => log.event(type, data, index + 1, events.length));
  const newest = made.pop()!;
  await log.store.append(stream, 'any', [
    ...made,
    { ...newest, metadata: { ...newest.metadata, schemaVersion: String(READS_SCHEMA + 1) } },
  ]);
  return last();
}

const stopped = async (read: LocalReadModels): Promise<void> => {
  while (read.status().state !== 'newer') await sleep(5);
};

test.each([
  ['of a type that it does not know', VIEWER, 'RoleFrozen', { role: 'viewer' }],
  ['of a type that it knows', VIEWER, 'UserAssigned', { role: 'viewer', user: 'ada' }],
  ['on the stream of repairs', repairStream, 'EventVoided', {}],
])('it stops before an event of a later release %s, and answers', async (_, stream, type, data) => {
  const read = await models.current(log.store);
  const reads = createDecisionReads(read);
  const { position: before } = read.status();
  const { id, revision, position } = await appendNewer(stream, [type, data]);
  await log.register('bob');
  await stopped(read);
  expect(read.status()).toMatchObject({
    position: before,
    poison: null,
    poisonEvent: null,
    newer: { id, type, stream, revision, position, schema: READS_SCHEMA + 1 },
    staleSince: expect.any(Date) as Date,
  });
  expect([reads.newer(), reads.poisoned()]).toEqual([true, false]);
  expect(await read.view(ACCOUNT).countUsers({})).toBe(1);
});

test('an unknown type that says it is of a version that this program reads is poison, as ever', async () => {
  const read = await models.current(log.store);
  await log.append(VIEWER, ['RoleFrozen', { role: 'viewer' }]);
  while (read.status().state === 'live') await sleep(5);
  expect(read.status()).toMatchObject({ state: 'poisoned', newer: null });
});

test('an append with such an event leaves nothing of itself', async () => {
  const read = await models.current(log.store);
  await appendNewer(VIEWER, ['UserAssigned', { role: 'viewer', user: 'ada' }], ['RoleFrozen', {}]);
  await stopped(read);
  expect(read.view(ACCOUNT).rolesOf(['ada']).get('ada')).toEqual([]);
});

test('a start finds it too, says so, and keeps the file', async () => {
  await appendNewer(VIEWER, ['RoleFrozen', { role: 'viewer' }]);
  for (let start = 0; start < 2; start += 1) {
    const read = await models.open(log.store);
    await expect(read.caughtUp()).rejects.toThrow('too old');
    expect(await read.view(ACCOUNT).countUsers({})).toBe(1);
    await read.close();
  }
  expect(models.files()).toEqual(['read-models-1.sqlite']);
});

test('one that a later release has declared void is passed over', async () => {
  const read = await models.current(log.store);
  const newer = await appendNewer(userStream(ACCOUNT, 'ada'), ['UserFrozen', { user: 'ada' }]);
  await stopped(read);
  log.actor = { type: 'operator', id: 'root' };
  const { id, stream, revision } = newer;
  const declared = { event: id, stream, revision, digest: eventDigest(newer), reason: 'SUP-7' };
  const end = await log.append(repairStream, ['EventVoided', declared]);
  expect(await read.waitFor(end, 20_000)).toBe(true);
  while (read.status().state !== 'live') await sleep(5);
  expect(read.status().newer).toBeNull();
});

test('tables that a later release has filled are not gone on with, and not looked at beside a server', async () => {
  const read = await models.current(log.store);
  await read.close();
  const tables = new DatabaseSync(join(models.directory, 'read-models-1.sqlite'));
  tables.exec(`INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', '${READS_SCHEMA + 1}')`);
  tables.close();
  expect(() => openReadOnly(models.directory)).toThrow(NoReadModelsError);
  const again = await models.current(log.store);
  expect(again.status().state).toBe('live');
  expect(models.files()).toEqual(['read-models-2.sqlite']);
});
