import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEventStoreDb, type EventStoreDbStore } from '../../../src/event-store/eventstoredb';
import { newPrefix, serverUrl } from '../../eventstoredb';
import { FakeControls } from './fake/controls';
import { streamOf } from './fake/log';
import type { FakeEventStoreDb } from './fake/server';

/** Heartbeats say which events a process can read; a writer asks for the lowest of those that lately beat. */

const controls = new FakeControls();
afterEach(() => {
  jest.restoreAllMocks();
  return controls.cleanUp();
});

/** Follows a log until the test ends; resolves once its own heartbeat came back. */
async function follow(store: EventStoreDbStore): Promise<() => void> {
  const ending = new AbortController();
  const items = store.subscribe({ signal: ending.signal })[Symbol.asyncIterator]();
  for (let next = await items.next(); !next.done && next.value.kind !== 'caught-up';)
    next = await items.next();
  const rest = (async () => {
    while (!(await items.next()).done);
  })();
  rest.catch(() => undefined);
  return () => ending.abort();
}

const isBeat = (stream: string): boolean => stream.startsWith('rolebook.heartbeat-');

/** Beats as release 0.1.0 does: without a word. */
function beatOfOld(server: FakeEventStoreDb, stream: string, ago = 0): void {
  const { log } = server;
  const now = log.now;
  log.now = () => Date.now() - ago;
  log.append(stream, 'any', [
    { id: randomUUID(), type: 'Heartbeat', data: Buffer.from('{}'), metadata: Buffer.from('{}') },
  ]);
  log.now = now;
}

test('nobody follows: nobody is asked for; a process that follows says what it reads and who it is', async () => {
  const server = await controls.server();
  const writer = await controls.open(server);
  expect(await writer.lowestReader()).toBeNull();
  await follow(await controls.open(server, {}, { reads: 3 }));
  expect(await writer.lowestReader()).toEqual({
    schema: 3,
    process: expect.stringMatching(/.+:\d+$/) as string,
  });
  await follow(await controls.open(server, {}, { reads: 2 }));
  expect(await writer.lowestReader()).toMatchObject({ schema: 2 });
});

test('one that says nothing is of release 0.1.0; a minute after its last beat it is gone', async () => {
  const server = await controls.server();
  const writer = await controls.open(server, {}, { reads: 2 });
  await follow(writer);
  const own = streamOf(server.log.all.find((record) => isBeat(streamOf(record)))!);
  const other = own === 'rolebook.heartbeat-5' ? 'rolebook.heartbeat-6' : 'rolebook.heartbeat-5';
  // Stops the clock, or a busy machine would let the last one become older than a minute before it is read.
  jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  beatOfOld(server, other, 60_000);
  expect(await writer.lowestReader()).toMatchObject({ schema: 2 });
  beatOfOld(server, other, 59_999);
  expect(await writer.lowestReader()).toEqual({ schema: 1, process: null });
});

test('one that shares a stream with a later release is not hidden by it', async () => {
  const server = await controls.server();
  const writer = await controls.open(server, {}, { reads: 2 });
  const stop = await follow(writer);
  const beats = () => server.log.all.filter((record) => isBeat(streamOf(record)));
  const own = streamOf(beats()[0]!);
  beatOfOld(server, own);
  const heard = beats().length;
  // Its beat is the last on the stream now.
  while (beats().length < heard + 2) await sleep(5);
  expect(await writer.lowestReader()).toEqual({ schema: 1, process: null });
  stop();
});

test('what is no heartbeat of ours counts as one of release 0.1.0', async () => {
  const server = await controls.server();
  const writer = await controls.open(server);
  for (const data of ['', 'x', '7', 'null', '{"reads":"2"}', '{"reads":0}', '{"reads":1.5}']) {
    server.log.append('rolebook.heartbeat-1', 'any', [
      { id: randomUUID(), type: 'Heartbeat', data: Buffer.from(data), metadata: Buffer.from('') },
    ]);
    expect([data, await writer.lowestReader()]).toEqual([data, { schema: 1, process: null }]);
  }
});

const onServer = serverUrl ? test : test.skip;
onServer('on a real server, where $maxCount leaves one beat on a stream', async () => {
  const streamPrefix = newPrefix();
  const stores = await Promise.all(
    [3, 2].map((reads) => openEventStoreDb({ url: serverUrl!, streamPrefix, reads })),
  );
  try {
    expect(await stores[0]!.lowestReader()).toBeNull();
    await follow(stores[0]!);
    expect(await stores[1]!.lowestReader()).toMatchObject({ schema: 3 });
    await follow(stores[1]!);
    expect(await stores[0]!.lowestReader()).toMatchObject({ schema: 2 });
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
});
