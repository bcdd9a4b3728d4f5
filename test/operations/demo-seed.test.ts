import { randomUUID } from 'node:crypto';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { SealedLog } from '../sealing/harness';
import { catalogueStream, userStream } from '../../src/event-store/port/streams';
import { identify } from '../../src/commands/identity';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import { plainSealing } from '../sealing/plain';
import { KeyBookError } from '../../src/keys/port/key-book';
import { awaitsDemo, DEMO_ACCOUNT } from '../../src/operations/demo/seed';

/** Logs that are given a demo. Replicas that start at once find the log in any of these states. */

const LAST = { type: 'recordLogin', user: 'admin' };
const LAST_CONTEXT = {
  account: DEMO_ACCOUNT,
  actor: { type: 'operator', id: 'demo' },
  requestId: '',
  idempotencyKey: 'demo-last',
} as const;

const write = (store: MemoryEventStore, stream: string, metadata: Record<string, string>) =>
  store.append(stream, 'any', [{ id: randomUUID(), type: 'RoleGroupDefined', data: {}, metadata }]);

test('an empty log is', async () => {
  expect(await awaitsDemo(new MemoryEventStore(), plainSealing)).toBe(true);
});

test('one whose catalogue was published without one is not', async () => {
  const store = new MemoryEventStore();
  await write(store, catalogueStream, { actorType: 'operator', actorId: 'start' });
  expect(await awaitsDemo(store, plainSealing)).toBe(false);
});

test('one in which another replica began, or died, is, until the last step is there', async () => {
  const store = new MemoryEventStore();
  await write(store, catalogueStream, { actorType: 'operator', actorId: 'demo' });
  expect(await awaitsDemo(store, plainSealing)).toBe(true);
  await write(store, userStream(DEMO_ACCOUNT, 'admin'), { commandId: randomUUID() });
  expect(await awaitsDemo(store, plainSealing)).toBe(true);
  const { commandId } = identify(LAST, LAST_CONTEXT);
  await write(store, userStream(DEMO_ACCOUNT, 'admin'), { commandId });
  expect(await awaitsDemo(store, plainSealing)).toBe(false);
});

test('where names are encrypted the last step is known by the secret of the account', async () => {
  const store = new MemoryEventStore({ formatOfNew: 2 });
  await write(store, catalogueStream, { actorType: 'operator', actorId: 'demo' });
  const book = await new SealedLog().book();
  const sealing = new KeyedSealing(book);
  // The account has no keys: another replica is about to open it.
  expect(await awaitsDemo(store, sealing)).toBe(true);
  const ids = await sealing.openAccount(DEMO_ACCOUNT);
  const { commandId, former } = identify(LAST, LAST_CONTEXT, { ids });
  await write(store, userStream(DEMO_ACCOUNT, 'admin'), { commandId: former.commandId });
  expect(await awaitsDemo(store, sealing)).toBe(true);
  await write(store, userStream(DEMO_ACCOUNT, 'admin'), { commandId });
  expect(await awaitsDemo(store, sealing)).toBe(false);
});

test('a key book that cannot be asked is no reason to make a demo', async () => {
  const store = new MemoryEventStore({ formatOfNew: 2 });
  await write(store, catalogueStream, { actorType: 'operator', actorId: 'demo' });
  const away = new KeyBookError('UNAVAILABLE', 'The key book cannot be reached.');
  await expect(awaitsDemo(store, { account: () => Promise.reject(away) })).rejects.toBe(away);
});
