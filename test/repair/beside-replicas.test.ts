import { setTimeout as sleep } from 'node:timers/promises';
import { openEventStoreDb, type EventStoreDbStore } from '../../src/event-store/eventstoredb';
import { voidEvent } from '../../src/operations/log/void';
import { repairStream, roleStream } from '../../src/event-store/port/streams';
import { newDirectory, removeDirectory } from '../directories';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { newPrefix, serverUrl } from '../eventstoredb';
import { reasonInClear } from '../sealing/plain';
import { ACCOUNT, CATALOGUE, Log, Models } from '../projections/log';

/** On EventStoreDB an operator declares an event void while replicas stand before it. */

const directory = newDirectory();
const models = new Models();
let fake: FakeEventStoreDb | null = null;
let replica: EventStoreDbStore;
let operator: EventStoreDbStore;

beforeAll(async () => {
  if (!serverUrl) {
    fake = new FakeEventStoreDb();
    await fake.start();
  }
  const server = { url: serverUrl ?? fake?.url ?? '', streamPrefix: newPrefix() };
  [replica, operator] = [await openEventStoreDb(server), await openEventStoreDb(server)];
});
afterAll(async () => {
  await models.cleanUp();
  await replica.close();
  await operator.close();
  fake?.stop();
  removeDirectory(directory);
});

test('a replica goes on by itself, and the declaration is under the prefix of the installation', async () => {
  const log = new Log(operator);
  await log.publish(CATALOGUE);
  await log.account();
  await log.register('ada');
  const read = await models.current(replica);
  await log.append(roleStream(ACCOUNT, 'viewer'), ['UserAssigned', { role: 'viewer', user: 'ghost' }]);
  while (read.status().poisonEvent === null) await sleep(10);
  const event = read.status().poisonEvent!;
  await voidEvent(
    { store: operator, readable: operator, directory, recordedReason: reasonInClear },
    { event: event.id, reason: 'SUP-7', actor: { type: 'operator', id: 'root' } },
  );
  const { position } = (await operator.head())!;
  expect(await read.waitFor(position, 30_000)).toBe(true);
  expect(read.status()).toMatchObject({ poison: null, position });
  const declared: string[] = [];
  for await (const { stream, type } of operator.readStream(repairStream)) declared.push(`${type} ${stream}`);
  expect(declared).toEqual([`EventVoided ${repairStream}`]);
  const digest = await read.digest();
  await read.rebuild();
  expect(await read.digest()).toBe(digest);
});
