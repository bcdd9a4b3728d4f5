import { randomUUID } from 'node:crypto';
import { EventStoreDbStore } from '../../../src/event-store/eventstoredb';
import { validating } from '../../../src/event-store/decorators/validating-store';
import type { EventStore } from '../../../src/event-store/port/event-store';
import { roleStream } from '../../../src/event-store/port/streams';
import { voidEvent } from '../../../src/operations/log/void';
import { newDirectory, removeDirectory } from '../../directories';
import { MemoryEventStore } from '../../event-store/memory/memory-store';
import { newPrefix, serverUrl } from '../../eventstoredb';
import { soundMetadata } from '../../operations/sound-log';
import { reasonInClear } from '../../sealing/plain';
import { ACCOUNT, startTestServer, type TestServer } from '../harness';
import { createRole, OpenFeed, page, type Line } from './reader';

/** Things that happen in the middle of an open feed: rights change, somebody is erased, an event is declared void. */

const QUICK = { ROLEBOOK_FEED_HEARTBEAT_MS: '50' };
let server: TestServer;
/** The log without the validator before it. */
let raw: EventStore;
/** Reads of the log wait for this. */
let gate: Promise<void> = Promise.resolve();
const feeds: OpenFeed[] = [];
const directory = newDirectory();

beforeAll(async () => {
  raw = serverUrl
    ? new EventStoreDbStore({ url: serverUrl, streamPrefix: newPrefix() })
    : new MemoryEventStore();
  const store = validating(gated(raw));
  server = await startTestServer({ environment: QUICK, store });
});
afterEach(() => Promise.all(feeds.splice(0).map((feed) => feed.close())));
afterAll(async () => {
  await server.close();
  removeDirectory(directory);
});

const gated = (store: EventStore): EventStore =>
  new Proxy(store, {
    get(target, name) {
      if (name !== 'readAll') {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      }
      return async function* (...args: Parameters<EventStore['readAll']>) {
        const waits = gate;
        const events = [];
        for await (const event of target.readAll(...args)) events.push(event);
        await waits;
        yield* events;
      };
    },
  });

async function open(
  ...args: [query?: Record<string, string>, options?: Parameters<typeof OpenFeed.open>[2]]
): Promise<OpenFeed> {
  const feed = await OpenFeed.open(server, ...args);
  feeds.push(feed);
  return feed;
}

const caughtUp = (feed: OpenFeed) => feed.until(({ kind }) => kind === 'heartbeat');
const whole = async (): Promise<readonly Line[]> => (await page(server, { limit: '10000' })).events;
const idsOf = (events: readonly Line[]): unknown[] => events.map(({ id }) => id);

describe.each([
  ['NDJSON', false],
  ['server-sent events', true],
])('in the middle of %s', (kind, isSse) => {
  const user = (name: string): string => `${name}-${isSse ? 'sse' : 'ndjson'}`;

  test('a right that goes ends it before the next event, with the position to go on from once it is back', async () => {
    const reader = user('reader');
    await server.run({ type: 'registerUser', user: reader, username: reader });
    const grants = [{ permission: 'audit-log/view' }];
    const role = await createRole(server, { name: `Readers ${kind}`, grants, userIds: [reader] });
    const token = await server.token(reader);
    const feed = await open({}, { token, isSse });
    await caughtUp(feed);
    await server.run({ type: 'unassignUsers', role, userIds: [reader] });
    const { data: end } = await feed.until((said) => said.kind === 'end');
    await feed.ended;
    expect(end).toMatchObject({ position: feed.events.at(-1)!.position, error: { code: 'FORBIDDEN' } });
    await server.run({ type: 'assignUsers', role, userIds: [reader] });
    const next = await open({ after: end.position }, { token, isSse });
    await caughtUp(next);
    expect(idsOf([...feed.events, ...next.events])).toEqual(idsOf(await whole()));
  });

  test('whoever is erased between the read of an event and its delivery has no name in it', async () => {
    const erased = user('eve');
    const feed = await open({}, { isSse });
    await caughtUp(feed);
    let release: () => void = () => undefined;
    gate = new Promise((resolve) => (release = resolve));
    await server.run({ type: 'registerUser', user: erased, username: erased, name: 'Eve Erased' });
    await server.run({ type: 'eraseUser', user: erased });
    release();
    await feed.until(({ data: { type, data } }) => type === 'rolebook.UserErased.v2' && data.user === erased);
    const registered = feed.events.find(
      ({ type, data }) => type.startsWith('rolebook.UserRegistered.') && data.user === erased,
    );
    expect(registered?.data).toMatchObject({ username: null, name: null });
    expect(idsOf(feed.events)).toEqual(idsOf(await whole()));
  });

  test('an event that no program can apply is told once it is void, without data, and none is left out', async () => {
    const feed = await open({}, { isSse });
    await caughtUp(feed);
    const poison = randomUUID();
    await raw.append(roleStream(ACCOUNT, 'account-admin'), 'any', [
      {
        id: poison,
        type: 'UserAssigned',
        data: { role: 'account-admin', user: 'ghost' },
        metadata: { ...soundMetadata(1, 1, randomUUID()), account: ACCOUNT, actorType: 'nobody' },
      },
    ]);
    const stopped = () => server.readModels.status().poisonEvent?.id === poison;
    // Heartbeats go on before it.
    while (!stopped()) await nextHeartbeat(feed);
    await nextHeartbeat(feed);
    expect(feed.events.some(({ id }) => id === poison)).toBe(false);
    await voidEvent(
      { store: server.store, readable: server.store, directory, recordedReason: reasonInClear },
      { event: poison, reason: 'SUP-7', actor: { type: 'operator', id: 'root' } },
    );
    const { data: declared } = await feed.until(
      ({ data: { type, data } }) => /EventVoided/.test(String(type)) && data.event === poison,
    );
    await server.run({ type: 'registerUser', user: user('later'), username: user('later') });
    await feed.until(({ data: { data } }) => data?.user === user('later'));
    const told = feed.events.find(({ id }) => id === poison)!;
    expect([told.voided, told.data, told.dataschema]).toEqual(['true', undefined, undefined]);
    expect(declared.data).toMatchObject({ event: poison, stream: told.stream });
    expect(idsOf(feed.events)).toEqual(idsOf(await whole()));
  });
});

async function nextHeartbeat(feed: OpenFeed): Promise<void> {
  const before = feed.said.length;
  await feed.until((said) => said.kind === 'heartbeat' && feed.said.indexOf(said) >= before);
}
