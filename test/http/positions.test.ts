import { setTimeout as sleep } from 'node:timers/promises';
import { copyLog } from '../../src/operations/log/copy';
import { validating } from '../../src/event-store/decorators/validating-store';
import type { EventStore, RecordedEvent } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { codecOf } from '../known-positions';
import { ACCOUNT, codesOf, dataOf, openAccount, startTestServer, type TestServer } from './harness';
import { UnsteadyStore } from './unsteady-store';

/** Positions that clients hold: used on replicas, on copies of the log, and on logs that they do not come from. */

let servers: TestServer[] = [];
/** Lets a store deliver that a failed test left waiting: its server could not close. */
let release = (): void => undefined;
afterEach(async () => {
  release();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function start(store: EventStore = new MemoryEventStore()): Promise<TestServer> {
  const server = await startTestServer({
    store: validating(store),
    environment: { ROLEBOOK_MIN_POSITION_WAIT_MS: '200', ROLEBOOK_PROJECTION_WAIT_MS: '200' },
  });
  servers.push(server);
  return server;
}

const CREATE = `mutation ($name: String!) {
  createRole(input: { name: $name }) { role { id } errors { code } position projected } }`;

async function create(server: TestServer, name: string): Promise<{ position: string; projected: boolean }> {
  const { createRole } = dataOf(await server.graphql(CREATE, { name }));
  expect(createRole.errors).toEqual([]);
  return createRole;
}

const NAMES = `query ($position: Position!) {
  roles(asOf: { position: $position }, kind: CUSTOM) { edges { node { name } } } }`;

async function namesAt(server: TestServer, position: string): Promise<string[]> {
  const { roles } = dataOf(await server.graphql(NAMES, { position }));
  return roles.edges.map(({ node }: { node: { name: string } }) => node.name);
}

/** Code of the refusal, asked both as `asOf` and by the header. */
async function refusalOf(server: TestServer, position: string): Promise<[asOf: unknown, header: unknown]> {
  const asOf = await server.graphql(NAMES, { position });
  const header = await server.graphql(
    '{ me { id } }',
    {},
    { headers: { 'rolebook-min-position': position } },
  );
  expect(header.status).toBeGreaterThanOrEqual(400);
  return [codesOf(asOf)[0], codesOf(header)[0]];
}

async function copied(store: EventStore, limit?: number): Promise<MemoryEventStore> {
  const target = new MemoryEventStore();
  await copyLog(store, target, { onProgress: () => undefined, limit });
  return target;
}

async function eventsOf(store: EventStore): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of store.readAll()) events.push(event);
  return events;
}

test('positions hold in a copy of the log: as of, as the least position, and as answers give them', async () => {
  const source = await start();
  const first = await create(source, 'First');
  await create(source, 'Second');
  const head = (await source.graphql('{ me { id } }')).extensions?.position ?? '';
  const copy = await start(await copied(source.store));
  expect(await copy.store.identity()).not.toBe(await source.store.identity());
  for (const server of [source, copy]) {
    expect(await namesAt(server, first.position)).toEqual(['First']);
    expect(await namesAt(server, head)).toEqual(['First', 'Second']);
    const { status } = await server.graphql(
      '{ me { id } }',
      {},
      { headers: { 'rolebook-min-position': head } },
    );
    expect(status).toBe(200);
  }
  const HISTORY = '{ history(first: 20) { edges { node { id position } } } }';
  expect(dataOf(await copy.graphql(HISTORY))).toEqual(dataOf(await source.graphql(HISTORY)));
});

test('a log that was restored from an older copy and went on is noticed', async () => {
  const source = await start();
  const before = await create(source, 'Before');
  const older = await copied(source.store);
  await sleep(5);
  const after = await create(source, 'Lost');
  const fork = await start(older);
  await sleep(5);
  await create(fork, 'Instead');
  expect(await namesAt(fork, before.position)).toEqual(['Before']);
  expect(await refusalOf(fork, after.position)).toEqual(['POSITION_OF_A_FORK', 'POSITION_OF_A_FORK']);
});

test('what lies beyond the end, or belongs to another log, is refused with a code of its own', async () => {
  const source = await start();
  const older = await start(await copied(source.store));
  const { position } = await create(source, 'Later');
  expect(await refusalOf(older, position)).toEqual(['POSITION_NOT_REACHED', 'POSITION_NOT_REACHED']);
  const other = await start();
  expect(await refusalOf(other, position)).toEqual([
    'POSITION_OF_ANOTHER_STORE',
    'POSITION_OF_ANOTHER_STORE',
  ]);
  expect(await refusalOf(source, 'nonsense')).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
});

test('a request names several positions, and its answer shows all of them', async () => {
  const source = await start();
  const first = await create(source, 'First');
  const older = await start(await copied(source.store));
  const { position: later } = await create(source, 'Later');
  const asked = async (server: TestServer, named: string): Promise<unknown[]> => {
    const answer = await server.graphql('{ me { id } }', {}, { headers: { 'rolebook-min-position': named } });
    // Tells no position where all was refused: such an answer shows nothing, and clients would hold on to it.
    expect(answer.extensions === undefined).toBe(answer.errors !== undefined);
    return [answer.status, codesOf(answer)[0]];
  };
  for (const order of [`${first.position}, ${later}`, `${later},${first.position}`]) {
    expect(await asked(source, order)).toEqual([200, undefined]);
    expect(await asked(older, order)).toEqual([503, 'POSITION_NOT_REACHED']);
  }
  expect(await asked(older, `${first.position}, ${first.position}`)).toEqual([200, undefined]);
  expect(await asked(source, `${later}, nonsense`)).toEqual([400, 'BAD_USER_INPUT']);
  for (const empty of [`${later},`, `,, ${later} , `, ','])
    expect(await asked(source, empty)).toEqual([200, undefined]);
  expect(await asked(source, Array(32).fill(later).join(','))).toEqual([200, undefined]);
  expect(await asked(source, Array(33).fill(later).join(','))).toEqual([400, 'BAD_USER_INPUT']);
});

test('a position that was given before its change could be read holds on the replica once it can, and on others', async () => {
  const store = new UnsteadyStore();
  release = () => store.deliverOnly(Infinity);
  const late = await start(store);
  const first = await create(late, 'First');
  expect(first.projected).toBe(true);
  const known = late.readModels.status().ordinal;
  // A subscription that was lost begins anew, and delivers nothing.
  store.deliverOnly(0);
  store.loseSubscriptions();
  const pending = await create(late, 'Second');
  expect(pending).toMatchObject({ projected: false, position: expect.stringMatching(/^[0-9a-z]{8}\.~/) });
  expect(late.readModels.status().ordinal).toBe(known);
  expect(await refusalOf(late, pending.position)).toEqual(['POSITION_NOT_REACHED', 'POSITION_NOT_REACHED']);
  store.deliverOnly(Infinity);
  await late.readModels.waitFor((await store.head())!.position, 5_000);
  const other = await start(store);
  for (const server of [late, other]) {
    expect(await namesAt(server, pending.position)).toEqual(['First', 'Second']);
    // Objects of that moment have the lasting form in their ids.
    const THEN = `{ account(asOf: { position: "${pending.position}" }) { id asOf { position } } }`;
    const { account } = dataOf(await server.graphql(THEN));
    expect(account.asOf.position).toMatch(/^[0-9a-z]{8}\.[0-9a-z]{25}$/);
    expect(account.id).toBe(`Account:acme@${account.asOf.position}`);
  }
  // It holds in the store that gave it alone.
  const copy = await start(await copied(store));
  expect(await refusalOf(copy, pending.position)).toEqual([
    'POSITION_OF_ANOTHER_STORE',
    'POSITION_OF_ANOTHER_STORE',
  ]);
});

test('ids of events are taken where positions are: of the account’s own history', async () => {
  const server = await start();
  await create(server, 'First');
  await create(server, 'Second');
  await openAccount(server.run, 'other', 'eve', 'Eve');
  const events = await eventsOf(server.store);
  const created = events.filter(({ type }) => type === 'RoleCreated');
  expect(await namesAt(server, created[0]!.id)).toEqual(['First']);
  expect(await namesAt(server, created[1]!.id.toUpperCase())).toEqual(['First', 'Second']);
  const published = events.find(({ type }) => type === 'CataloguePublished')!;
  for (const { id } of [created[1]!, published]) {
    const headers = { 'rolebook-min-position': id };
    expect((await server.graphql('{ me { id } }', {}, { headers })).status).toBe(200);
  }
  const foreign = events.find(({ type, data }) => type === 'UserRegistered' && data.user === 'eve')!;
  for (const id of [foreign.id, '00000000-0000-4000-8000-000000000000'])
    expect(await refusalOf(server, id)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
});

test('positions of one account are none for another, and do not tell how many events there are', async () => {
  const server = await start();
  await openAccount(server.run, 'other', 'eve', 'Eve');
  const { position } = await create(server, 'Mine');
  const asEve = await server.graphql(
    '{ me { id } }',
    {},
    { as: 'eve', account: 'other', headers: { 'rolebook-min-position': position } },
  );
  expect([asEve.status, codesOf(asEve)]).toEqual([400, ['BAD_USER_INPUT']]);
  const eves = (await server.graphql('{ me { id } }', {}, { as: 'eve', account: 'other' })).extensions
    ?.position;
  const mine = (await server.graphql('{ me { id } }')).extensions?.position;
  const { history } = dataOf(await server.graphql('{ history(first: 2) { edges { cursor node { id } } } }'));
  for (const { cursor, node } of history.edges)
    expect([cursor, node.id]).toEqual([
      expect.stringMatching(/^[0-9a-z]{25}$/),
      expect.stringMatching(/^HistoryEntry:[0-9a-z]{25}$/),
    ]);
  // The same moment, shown to two accounts.
  expect(eves).not.toBe(mine);
  expect(mine).toBe(position);
  // A guess at the form that 0.1.0 had finds nothing out.
  const old = `${(await server.store.identity()).slice(0, 8)}-1`;
  expect(await refusalOf(server, old)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
});

test('each change of a publication has an id and a cursor of its own, equal in a copy', async () => {
  const server = await start();
  await create(server, 'First');
  const copy = await start(await copied(server.store));
  const HISTORY = `query ($after: String) { history(first: 1, after: $after, filter: {
    types: [CATALOGUE_PUBLISHED, DEFAULT_ROLE_CHANGED] }) { pageInfo { hasNextPage } edges { cursor node { id type } } } }`;
  const pages: { cursor: string; node: { id: string; type: string } }[] = [];
  for (let more = true; more;) {
    const after = pages.at(-1)?.cursor ?? null;
    const { history } = dataOf(await server.graphql(HISTORY, { after }));
    expect(dataOf(await copy.graphql(HISTORY, { after }))).toEqual({ history });
    pages.push(...history.edges);
    more = history.pageInfo.hasNextPage;
  }
  const types = pages.map(({ node }) => node.type);
  expect(types.filter((type) => type === 'DEFAULT_ROLE_CHANGED').length).toBeGreaterThan(1);
  expect(types.at(-1)).toBe('CATALOGUE_PUBLISHED');
  expect(new Set(pages.map(({ node }) => node.id)).size).toBe(pages.length);
  for (const { cursor, node } of pages) expect(node.id).toBe(`HistoryEntry:${cursor}`);
});

test('what an operator’s command gives holds for every account', async () => {
  const server = await start();
  await create(server, 'First');
  const place = server.readModels.findPlace(server.readModels.status().ordinal)!;
  await create(server, 'Second');
  const codec = await codecOf(server.store);
  expect(await namesAt(server, codec.encode(place, null))).toEqual(['First']);
});

test('a log of release 0.1.0 gives and takes the positions that it gave, and its copies those of today', async () => {
  const store = new MemoryEventStore();
  // A log that was made before there were lines.
  await store.takeLine(await store.identity());
  const server = await start(store);
  const identity = await store.identity();
  const old = (position: bigint): string => `${identity.slice(0, 8)}-${position.toString(36)}`;
  const first = await create(server, 'First');
  const { position } = (await store.head())!;
  expect(first.position).toBe(old(position));
  await create(server, 'Second');
  expect(await namesAt(server, old(position))).toEqual(['First']);
  expect(await refusalOf(server, old(position + 1_000n))).toEqual([
    'POSITION_NOT_REACHED',
    'POSITION_NOT_REACHED',
  ]);
  const copy = await start(await copied(store));
  expect(await refusalOf(copy, old(position))).toEqual([
    'POSITION_OF_ANOTHER_STORE',
    'POSITION_OF_ANOTHER_STORE',
  ]);
  const now = (await copy.graphql('{ me { id } }')).extensions?.position ?? '';
  expect(now).toMatch(/^[0-9a-z]{8}\.[0-9a-z]{25}$/);
  const again = await start(await copied(copy.store));
  for (const each of [server, copy, again]) expect(await namesAt(each, now)).toEqual(['First', 'Second']);
  const HISTORY = '{ history(first: 100) { edges { cursor node { id } } } }';
  const { history } = dataOf(await server.graphql(HISTORY));
  expect(dataOf(await copy.graphql(HISTORY))).toEqual({ history });
  const clear = history.edges.map(({ node, cursor }: { node: { id: string }; cursor: string }) => [
    node.id.replace(/^HistoryEntry:/, ''),
    JSON.parse(Buffer.from(cursor, 'base64url').toString()).slice(1).join('.'),
  ]);
  expect(clear[0]).toEqual([expect.stringMatching(/^[1-9][0-9]*$/), clear[0][0]]);
  for (const [id, cursor] of clear) expect(cursor).toBe(id);
  const parts = clear.filter(([id]: [string]) => /^[1-9][0-9]*\.[1-9][0-9]*$/.test(id));
  expect(parts.length).toBeGreaterThan(0);
});

test('the answer to a position that is not reached says which one is', async () => {
  const server = await start();
  const { position } = await create(server, 'Last');
  const beyond = (await codecOf(server.store)).encode({ ordinal: 1_000_000, position: 0n, time: 0 }, ACCOUNT);
  const answer = await server.graphql(NAMES, { position: beyond });
  expect([answer.status, answer.errors?.[0]?.extensions]).toEqual([
    503,
    expect.objectContaining({ code: 'POSITION_NOT_REACHED', reached: position }),
  ]);
});
