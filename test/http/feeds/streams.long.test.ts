import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { issueOperatorToken, issueToken } from '../../../src/http/authentication/local-tokens';
import { Sealed } from '../../../src/http/console/sealed';
import type { Session } from '../../../src/http/console/sessions';
import { keyOf } from '../matrix/callers';
import { ACCOUNT, ADMIN, startTestServer, type TestServer } from '../harness';
import { createRole, OpenFeed, page, refusal, type Line } from './reader';

/** Feeds that stay open: from the past into what is recorded meanwhile, and how they end. */

const QUICK = { ROLEBOOK_FEED_HEARTBEAT_MS: '50', ROLEBOOK_FEED_READERS: '6' };
let server: TestServer;
const feeds: OpenFeed[] = [];

beforeAll(async () => (server = await startTestServer({ environment: QUICK })));
afterEach(() => Promise.all(feeds.splice(0).map((feed) => feed.close())));
afterAll(() => server.close());

async function open(
  ...args: [query?: Record<string, string>, options?: Parameters<typeof OpenFeed.open>[2]]
) {
  const feed = await OpenFeed.open(server, ...args);
  feeds.push(feed);
  return feed;
}

const idsOf = (events: readonly Line[]): unknown[] => events.map(({ id }) => id);
const whole = async (): Promise<Line[]> => [...(await page(server, { limit: '10000' })).events];
const register = (user: string): Promise<bigint | null> =>
  server.run({ type: 'registerUser', user, username: user });

/** Roles by the user that they were made for. */
const roles = new Map<string, string>();

/** A user with some permissions. */
async function reader(user: string, ...permissions: string[]): Promise<string> {
  await register(user);
  const grants = permissions.map((permission) => ({ permission }));
  roles.set(user, await createRole(server, { name: `Of ${user}`, grants, userIds: [user] }));
  return server.token(user);
}

describe.each([false, true])('server-sent events: %s', (isSse) => {
  test('from the past into live, while others write: every event once, in order', async () => {
    const writing = (async () => {
      for (let n = 0; n < 40; n += 1) await register(`w${Number(isSse)}-${n}`);
    })();
    const early = await open({}, { isSse });
    await sleep(20);
    const later = await open({}, { isSse });
    await writing;
    const last = (await whole()).at(-1)!.id;
    for (const feed of [early, later]) {
      await feed.until(({ data }) => data.id === last);
      expect(idsOf(feed.events)).toEqual(idsOf(await whole()));
    }
  });

  test('a heartbeat has the position that it came to, and nothing is missing behind it', async () => {
    const feed = await open({ types: 'RoleCreated' }, { isSse });
    const { data } = await feed.until(({ kind }) => kind === 'heartbeat');
    expect(data.specversion).toBeUndefined();
    await register(`h${Number(isSse)}`);
    const again = await open({ after: data.position }, { isSse });
    const { data: event } = await again.until(({ kind }) => kind === 'event');
    const events = await whole();
    const index = events.findIndex(({ id }) => id === event.id);
    expect(events[index - 1]!.position).toBe(data.position);
  });
});

test('frames of server-sent events have the position as their id, and go on behind Last-Event-ID', async () => {
  const feed = await open({}, { isSse: true });
  const events = await whole();
  await feed.until(({ data }) => data.id === events.at(-1)!.id);
  for (const { id, data } of feed.said) expect(id).toBe(data.position);
  // Heartbeats may have followed the last event.
  const headers = { 'last-event-id': feed.events.at(-3)!.position as string };
  const next = await open({ after: events[0]!.position }, { isSse: true, headers });
  const first = await next.until(({ kind }) => kind === 'event');
  const index = events.findIndex(({ position }) => position === headers['last-event-id']);
  expect(first.data.id).toBe(events[index + 1]!.id);
  expect(feed.response.headers.get('x-accel-buffering')).toBe('no');
});

test('the event is there before the next heartbeat is', async () => {
  const feed = await open();
  await feed.until(({ kind }) => kind === 'heartbeat');
  await register('prompt');
  const { data } = await feed.until(
    ({ data: { type, data: said } }) => type === 'rolebook.UserRegistered.v2' && said.user === 'prompt',
  );
  expect(data.account).toBe(ACCOUNT);
});

/** The end of a feed whose reader may not read any more, and what it was told after that. */
async function endOf(feed: OpenFeed): Promise<Line> {
  const { data } = await feed.until(({ kind }) => kind === 'end');
  await feed.ended;
  expect(feed.said.at(-1)!.data).toBe(data);
  return data;
}

const caughtUp = (feed: OpenFeed) => feed.until(({ kind }) => kind === 'heartbeat');

describe('a feed ends with a position when its reader', () => {
  test('loses the right', async () => {
    const token = await reader('lost', 'audit-log/view');
    const feed = await open({}, { token });
    await caughtUp(feed);
    await server.run({ type: 'unassignUsers', role: roles.get('lost')!, userIds: ['lost'] });
    const end = await endOf(feed);
    expect(end).toMatchObject({ end: true, error: { code: 'FORBIDDEN' } });
    expect(feed.events.some(({ type }) => type.includes('UserUnassigned'))).toBe(false);
    expect(end.position).toBe(feed.events.at(-1)!.position);
    expect(await refusal(server, { after: end.position }, { token })).toEqual([403, 'FORBIDDEN']);
  });

  test('is deactivated', async () => {
    const feed = await open({}, { token: await reader('gone', 'audit-log/view'), isSse: true });
    await caughtUp(feed);
    await server.run({ type: 'deactivateUser', user: 'gone' });
    expect((await endOf(feed)).error.code).toMatch(/^(FORBIDDEN|UNAUTHENTICATED)$/);
  });

  test('has an API key that is revoked', async () => {
    const { text: token, revoke } = await keyOf(server, 'robot');
    const grants = [{ permission: 'audit-log/view' }];
    await server.run({ type: 'createRole', name: 'Robots', grants, userIds: ['robot'] });
    const feed = await open({}, { token });
    await caughtUp(feed);
    await revoke();
    expect(await endOf(feed)).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  });

  test('has a token that runs out', async () => {
    const expiresAt = new Date(Date.now() + 1_500);
    const feed = await open(
      {},
      { token: await issueToken(server.signingKey, { account: ACCOUNT, user: ADMIN }, { expiresAt }) },
    );
    expect(await endOf(feed)).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  });

  test('signs out', async () => {
    const at = Date.now();
    const sealed = new Sealed<Session>(server.signingKey, 'session');
    const session = {
      id: randomUUID(),
      account: ACCOUNT,
      user: ADMIN,
      identity: null,
      beganAt: at,
      seenAt: at,
    };
    const headers = { cookie: `rolebook-session=${await sealed.seal(session)}`, 'rolebook-console': '1' };
    const feed = await open({}, { token: null, headers });
    await caughtUp(feed);
    await fetch(`${server.url}/console/sign-out`, { method: 'POST', headers });
    expect(await endOf(feed)).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  });
});

test('names stop when the right to see them goes, and come back with it', async () => {
  const token = await reader('names', 'audit-log/view');
  const grants = [{ permission: 'users/view' }];
  const role = await createRole(server, { name: 'Seers', grants, userIds: ['names'] });
  const feed = await open({ types: 'UserRegistered' }, { token });
  await caughtUp(feed);
  await register('seen');
  await feed.until(({ data }) => data.data?.user === 'seen');
  await server.run({ type: 'unassignUsers', role, userIds: ['names'] });
  await register('unseen');
  await feed.until(({ data }) => data.data?.user === 'unseen');
  const told = feed.events.slice(-2).map(({ data: { user, username } }) => [user, username]);
  expect(told).toEqual([
    ['seen', 'seen'],
    ['unseen', null],
  ]);
});

test('an operator follows all accounts', async () => {
  const feed = await open({}, { token: await issueOperatorToken(server.signingKey) });
  await server.run({ type: 'openAccount', name: 'New', features: [] }, { account: 'new' });
  const { data } = await feed.until(({ data: event }) => event.account === 'new');
  expect(data.type).toBe('rolebook.AccountOpened.v1');
});

test('an erasure while the feed is open: what comes after it has no names', async () => {
  const feed = await open({ user: 'eve' });
  await server.run({ type: 'registerUser', user: 'eve', username: 'eve', name: 'Eve' });
  await feed.until(({ data }) => data.data?.username === 'eve');
  await server.run({ type: 'eraseUser', user: 'eve' });
  await feed.until(({ data }) => data.type === 'rolebook.UserErased.v2');
  const again = await open({ user: 'eve' });
  const { data } = await again.until(({ kind }) => kind === 'event');
  expect(data.data).toMatchObject({ user: 'eve', username: null });
});

test('one caller has half of the feeds that may be open, and a place that was left is free', async () => {
  const own = [await open(), await open(), await open()];
  expect(await refusal(server)).toEqual([503, 'OVERLOADED']);
  const other = await open({}, { token: await reader('another', 'audit-log/view') });
  await other.until(({ kind }) => kind === 'event');
  await own[0]!.close();
  for (let left = 100; ; left -= 1) {
    const { status } = await fetch(`${server.url}/events?limit=1`, {
      headers: { authorization: `Bearer ${await server.token(ADMIN)}` },
    });
    if (status === 200) break;
    expect(left).toBeGreaterThan(0);
    await sleep(20);
  }
});

test('a server that stops ends its feeds with the position, and none is left', async () => {
  const stopping = await startTestServer({ environment: QUICK });
  const feed = await OpenFeed.open(stopping);
  await caughtUp(feed);
  const stopped = stopping.stop();
  const end = await endOf(feed).finally(() => stopping.close());
  await stopped;
  expect(end).toEqual({ end: true, reason: 'SHUTDOWN', position: feed.events.at(-1)!.position });
});
