import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { collect, failureOf, newEvents, newStream, write } from '../contract/controls';
import { FakeControls } from './fake/controls';
import { endBadly, type FakeEventStoreDb } from './fake/server';

describe('EventStoreDB has one identity', () => {
  const controls = new FakeControls();
  let server: FakeEventStoreDb;
  beforeEach(async () => {
    server = await controls.server();
  });
  afterEach(() => controls.cleanUp());

  it('also when several ask for it first at once', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => controls.open(server)));
    const identities = await Promise.all(stores.map((store) => store.identity()));
    expect(new Set(identities).size).toBe(1);
    expect(server.log.stream('rolebook-store')).toHaveLength(1);
    expect(await collect(stores[0]!.readAll())).toEqual([]);
  });

  it('that can be asked for again after a failure', async () => {
    const store = await controls.open(server);
    server.onRead = (call) => endBadly(call, { code: status.UNAVAILABLE, details: 'down' });
    expect(await failureOf(store.identity())).toBe('UNAVAILABLE');
    server.onRead = (_call, properly) => properly();
    expect(await store.identity()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('and a line besides it, which another may take the place of while the log is empty', async () => {
    const store = await controls.open(server);
    const identity = await store.identity();
    expect(await store.line()).not.toBe(identity);
    expect(await store.takeLine('another')).toBe(true);
    expect(await store.takeLine('another')).toBe(true);
    expect([await store.identity(), await store.line()]).toEqual([identity, 'another']);
    const other = await controls.open(server);
    expect([await other.identity(), await other.line()]).toEqual([identity, 'another']);
    // An earlier version reads the first event alone.
    const [first, ...later] = server.log.stream('rolebook-store');
    expect(JSON.parse(Buffer.from(first!.getData_asU8()).toString())).toMatchObject({ identity });
    expect(later).toHaveLength(1);
    await write(other, newStream(), newEvents(1));
    expect(await other.takeLine('too late')).toBe(false);
    expect(await other.line()).toBe('another');
  });

  it('and the format that its maker asked for, in place of which it takes another while the log is empty', async () => {
    const [store, other] = [await controls.open(server, {}, { formatOfNew: 2 }), await controls.open(server)];
    expect(await store.format()).toBe(2);
    expect([await other.format(), await other.takeFormat(1, null)]).toEqual([2, true]);
    const origin = { identity: 'former', events: 7, digest: 'd', newUserIds: false };
    expect([await store.takeFormat(2, origin), await store.takeFormat(2, origin)]).toEqual([true, true]);
    expect(server.log.stream('rolebook-store')).toHaveLength(3);
    await write(store, newStream(), newEvents(1));
    const later = await controls.open(server);
    expect(await later.line()).toBe(await store.line());
    expect([await later.format(), await later.takeFormat(1, null)]).toEqual([2, false]);
    expect(await later.origin()).toEqual(origin);
  });

  it('which is made with the line that a copy brings, where nobody asked before', async () => {
    const store = await controls.open(server);
    expect(await store.takeLine('another')).toBe(true);
    expect(await store.identity()).toMatch(/^[0-9a-f-]{36}$/);
    expect(server.log.stream('rolebook-store')).toHaveLength(1);
  });

  it('which is the line too of a log that an earlier version made', async () => {
    const store = await controls.open(server);
    const made = {
      id: randomUUID(),
      type: 'StoreIdentified',
      data: Buffer.from('{"identity":"before"}'),
      metadata: Buffer.from('{}'),
    };
    server.log.append('rolebook-store', 'no-stream', [made]);
    expect([await store.identity(), await store.line()]).toEqual(['before', 'before']);
  });

  it('that two logs do not share', async () => {
    const [one, other] = [await controls.open(server), await controls.open(await controls.server())];
    expect(await one.identity()).not.toBe(await other.identity());
  });
});
