import { randomUUID } from 'node:crypto';
import { issueOperatorToken } from '../../../src/http/authentication/local-tokens';
import { parseStream } from '../../../src/event-store/port/streams';
import type { RecordedEvent } from '../../../src/event-store/port/event-store';
import { codecOf } from '../../known-positions';
import { ACCOUNT, ADMIN, openAccount, startTestServer, type TestServer } from '../harness';
import { createRole, get, page, refusal, type Line } from './reader';

/** Feeds in pages: what is in them, who may read them, and where they go on. */

let server: TestServer;
let operator: string;
let role: string;
/** Events of the log, in its order. */
let log: RecordedEvent[];

beforeAll(async () => {
  server = await startTestServer({ environment: { ROLEBOOK_MIN_POSITION_WAIT_MS: '20' } });
  operator = await issueOperatorToken(server.signingKey);
  await openAccount(server.run, 'other', 'omar', 'Omar');
  for (const user of ['bo', 'cy'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
  const grants = [{ permission: 'audit-log/view' }];
  role = await createRole(server, { name: 'Desk', grants, userIds: ['bo', 'cy'] });
  await server.run({ type: 'registerUser', user: 'ola', username: 'ola' }, { account: 'other' });
  await server.run({ type: 'deleteRole', role }, { reason: 'TICKET-7' });
  await server.run({ type: 'createRole', name: 'Auditors', grants, userIds: ['bo'] });
  log = [];
  for await (const event of server.store.readAll()) log.push(event);
});
afterAll(() => server.close());

const idsOf = (events: readonly Line[]): string[] => events.map(({ id }) => id as string);
/** Ids of the events of accounts, and of the catalogue, in the order of the log. */
const recorded = (...accounts: string[]): string[] =>
  log
    .filter(({ stream }) => {
      const { category, account } = parseStream(stream)!;
      return category === 'catalogue' || accounts.includes(account ?? '');
    })
    .map(({ id }) => id);
const all = { limit: '10000' };

test('the feed of an account has its own events and those of the catalogue, each once and in order', async () => {
  const { events, end } = await page(server, all);
  expect(idsOf(events)).toEqual(recorded(ACCOUNT));
  expect(new Set(idsOf(events)).size).toBe(events.length);
  expect(end).toEqual({ end: true, position: events.at(-1)!.position, more: false });
  expect(events.some(({ type }) => type.startsWith('rolebook.Claimed.'))).toBe(true);
  expect(events.filter(({ account }) => account !== undefined && account !== ACCOUNT)).toEqual([]);
});

test('an operator reads everything, or one account', async () => {
  const everything = await page(server, all, { token: operator });
  expect(idsOf(everything.events)).toEqual(log.map(({ id }) => id));
  const one = await page(server, { ...all, account: 'other' }, { token: operator });
  expect(idsOf(one.events)).toEqual(recorded('other'));
  expect(await refusal(server, { account: 'nobody' }, { token: operator })).toEqual([400, 'BAD_USER_INPUT']);
  expect(await refusal(server, { account: 'other' })).toEqual([400, 'BAD_USER_INPUT']);
});

test('behind each event, the middle of an append too, the rest follows: by position and by id', async () => {
  const { events } = await page(server, all);
  const ids = idsOf(events);
  const created = events.findIndex(({ type }) => type === 'rolebook.RoleCreated.v1');
  expect(Number(events[created]!.parts)).toBeGreaterThan(3);
  const some = [0, created, created + 1, events.length - 2, events.length - 1];
  for (const index of some)
    for (const after of [events[index]!.position, events[index]!.id]) {
      const rest = await page(server, { ...all, after });
      expect(idsOf(rest.events)).toEqual(ids.slice(index + 1));
      expect(rest.end.position).toBe(events.at(-1)!.position);
    }
});

test('pages of any size come to the same', async () => {
  const whole = await page(server, all);
  for (const limit of [64, 65]) {
    const ids: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const next = await page(server, { limit: String(limit), ...(after === null ? {} : { after }) });
      expect(next.events.length).toBeLessThanOrEqual(limit);
      ids.push(...idsOf(next.events));
      ({ position: after, more } = next.end as { position: string; more: boolean });
    }
    expect(ids).toEqual(idsOf(whole.events));
  }
  expect((await page(server)).events.length).toBe(Math.min(1_000, whole.events.length));
});

test('the position of an answer of the API is one to go on from', async () => {
  const { extensions } = await server.graphql('{ me { id } }');
  const { events, end } = await page(server, { after: extensions!.position! });
  expect([events, end.more]).toEqual([[], false]);
});

test('Last-Event-ID wins over `after`', async () => {
  const { events } = await page(server, all);
  const headers = { 'last-event-id': events.at(-2)!.position as string };
  const rest = await page(server, { after: events[0]!.position }, { headers });
  expect(idsOf(rest.events)).toEqual([events.at(-1)!.id]);
});

test('a number counts the events of each source, whoever reads', async () => {
  const numbers = (events: readonly Line[]): Map<string, number[]> => {
    const bySource = new Map<string, number[]>();
    for (const { source, sequence } of events)
      bySource.set(source, [...(bySource.get(source) ?? []), Number(sequence)]);
    return bySource;
  };
  const own = numbers((await page(server, all)).events);
  expect([...own.keys()].sort()).toEqual([`/accounts/${ACCOUNT}`, '/catalogue']);
  for (const counted of own.values()) expect(counted).toEqual(counted.map((_, index) => index + 1));
  const ofAll = numbers((await page(server, all, { token: operator })).events);
  expect(ofAll.get(`/accounts/${ACCOUNT}`)).toEqual(own.get(`/accounts/${ACCOUNT}`));
  expect(ofAll.get('/accounts/other')![0]).toBe(1);
  const { events } = await page(server, all);
  const later = await page(server, { after: events.at(-3)!.position });
  expect(later.events.map(({ sequence }) => sequence)).toEqual(
    events.slice(-2).map(({ sequence }) => sequence),
  );
});

test('filters: types, a role, a user; the position goes on all the same', async () => {
  const { events, end } = await page(server, all);
  const created = await page(server, { ...all, types: 'RoleCreated,RoleDeleted' });
  expect(created.events.map(({ type }) => type)).toEqual([
    'rolebook.RoleCreated.v1',
    'rolebook.RoleDeleted.v1',
    'rolebook.RoleCreated.v1',
  ]);
  expect(created.end).toEqual(end);
  expect(created.events[1]!.reason).toBe('TICKET-7');
  const ofRole = await page(server, { ...all, role: `Role:${role}` });
  const wanted = events.filter(
    ({ stream, data, type }) =>
      stream.endsWith(`.${role}`) || data?.role === role || type.includes('CataloguePublished'),
  );
  expect(idsOf(ofRole.events)).toEqual(idsOf(wanted));
  const ofUser = await page(server, { ...all, user: 'bo' });
  expect(ofUser.events.map(({ type }) => type.split('.')[1])).toEqual([
    'UserRegistered',
    'UserAssigned',
    'UserAssigned',
  ]);
  const grants = await page(server, {
    ...all,
    role: 'account-admin',
    types: 'DefaultRoleGrantAdded,CataloguePublished',
  });
  expect(grants.events.length).toBeGreaterThan(10);
  expect(grants.events.at(-1)!.type).toMatch(/CataloguePublished/);
});

test('a page that finds little ends before it has read everything, and says that there is more', async () => {
  const first = await page(server, { limit: '5', types: 'UserRegistered' });
  expect(first).toMatchObject({ events: [], end: { more: true } });
  const ids: string[] = [];
  for (let after: string = first.end.position, more = true; more;) {
    const next = await page(server, { limit: '5', types: 'UserRegistered', after });
    ids.push(...idsOf(next.events));
    ({ position: after, more } = next.end as { position: string; more: boolean });
  }
  const wanted = await page(server, { ...all, types: 'UserRegistered' });
  expect(ids).toEqual(idsOf(wanted.events));
});

test('what is no position is 400, what this log does not have (any more) is 410, what is beyond its end 503', async () => {
  const codec = await codecOf(server.store);
  const after = (text: string) => refusal(server, { after: text });
  const { ordinal } = server.readModels.status();
  const place = server.readModels.findPlace(ordinal)!;
  expect(await after('nonsense')).toEqual([400, 'BAD_USER_INPUT']);
  expect(await after(randomUUID())).toEqual([400, 'BAD_USER_INPUT']);
  const foreign = log.find(({ stream }) => stream.startsWith('rolebook.user-other'))!;
  expect(await after(foreign.id)).toEqual([400, 'BAD_USER_INPUT']);
  expect(await after(codec.encode(place, 'other'))).toEqual([400, 'BAD_USER_INPUT']);
  expect(await after('00000000.0000000000000000000000000')).toEqual([410, 'POSITION_OF_ANOTHER_STORE']);
  expect(await after(codec.encode({ ...place, time: place.time + 1 }, ACCOUNT))).toEqual([
    410,
    'POSITION_OF_A_FORK',
  ]);
  const beyond = { ...place, ordinal: ordinal + 1_000 };
  expect(await after(codec.encode(beyond, ACCOUNT))).toEqual([503, 'POSITION_NOT_REACHED']);
  expect(await after(codec.encodePending(place.position + 1_000n, ACCOUNT))).toEqual([
    503,
    'POSITION_NOT_REACHED',
  ]);
});

test('who is not told what: 401, 403, and names for those alone who may see users', async () => {
  expect(await refusal(server, {}, { token: null })).toEqual([401, 'UNAUTHENTICATED']);
  expect(await refusal(server, {}, { token: await server.token('cy') })).toEqual([403, 'FORBIDDEN']);
  const seen = await page(server, { ...all, types: 'UserRegistered' });
  const unseen = await page(server, { ...all, types: 'UserRegistered' }, { token: await server.token('bo') });
  expect(seen.events.map(({ data }) => data.username)).toEqual([`${ADMIN}@example.com`, 'bo', 'cy']);
  expect(unseen.events.map(({ data: { user, username, name } }) => [user, username, name])).toEqual([
    [ADMIN, null, null],
    ['bo', null, null],
    ['cy', null, null],
  ]);
  expect(idsOf(unseen.events)).toEqual(idsOf(seen.events));
});

test.each([
  ['limit=0', 400],
  ['limit=10001', 400],
  ['limit=x', 400],
  ['limit=1&follow=true', 400],
  ['follow=maybe', 400],
  ['afer=x', 400],
  ['types=RoleExploded', 400],
  ['types=', 400],
  ['role=a%20b', 400],
  ['after=a&after=b', 400],
])('?%s is refused', async (query, status) => {
  expect(await refusal(server, query)).toEqual([status, 'BAD_USER_INPUT']);
});

test('a format that there is not is 406; HEAD is told the type, and nothing is left open', async () => {
  const headers = { accept: 'application/xml' };
  expect(await refusal(server, {}, { headers })).toEqual([406, 'NOT_ACCEPTABLE']);
  const authorization = `Bearer ${await server.token(ADMIN)}`;
  for (const [accept, type] of [
    ['text/event-stream', 'text/event-stream; charset=utf-8'],
    ['*/*', 'application/x-ndjson; charset=utf-8'],
  ] as const) {
    const answer = await fetch(`${server.url}/events`, {
      method: 'HEAD',
      headers: { accept, authorization },
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(await answer.text()).toBe('');
  }
});

test('an erased user has no names in the feed any more, whoever reads it', async () => {
  await server.run({ type: 'registerUser', user: 'eve', username: 'eve', name: 'Eve Erased' });
  const before = await get(server, { ...all, user: 'eve' }).then((response) => response.text());
  expect(before).toContain('Eve Erased');
  await server.run({ type: 'eraseUser', user: 'eve' });
  for (const token of [undefined, operator]) {
    const { events } = await page(server, { ...all, user: 'eve' }, { token });
    expect(events.map(({ type }) => type.split('.')[1])).toEqual([
      'UserRegistered',
      'UserBarred',
      'UserErased',
    ]);
    expect(events[0]!.data).toMatchObject({ user: 'eve', username: null, name: null });
  }
});
