import { randomUUID } from 'node:crypto';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { catalogueStream, userStream } from '../../src/event-store/port/streams';
import { identify } from '../../src/commands/identity';
import { plainSealing } from '../../src/sealing/sealing';
import { awaitsDemo, DEMO_ACCOUNT } from '../../src/operations/demo/seed';

/** Logs that are given a demo. Replicas that start at once find the log in any of these states. */

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
  const { commandId } = identify(
    { type: 'recordLogin', user: 'admin' },
    {
      account: DEMO_ACCOUNT,
      actor: { type: 'operator', id: 'demo' },
      requestId: '',
      idempotencyKey: 'demo-last',
    },
  );
  await write(store, userStream(DEMO_ACCOUNT, 'admin'), { commandId });
  expect(await awaitsDemo(store, plainSealing)).toBe(false);
});
