import { setTimeout as sleep } from 'node:timers/promises';
import { validating } from '../../src/event-store/decorators/validating-store';
import { copyLog } from '../../src/operations/log/copy';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import {
  ADMIN,
  codesOf,
  dataOf,
  openAccount,
  startTestServer,
  type AnyData,
  type TestServer,
} from './harness';
import { ANSWER, WHOLE } from './past-queries';

/** Objects as of a moment: another object than the one of now, under an id that gives the same answer again. */

const POSITION = /^[0-9a-z]{8}\.[0-9a-z]{25}$/;

let server: TestServer;
/** Global id of the role of the story. */
let role = '';
beforeAll(async () => {
  server = await startTestServer();
  role = await story(server);
});
afterAll(() => server.close());

async function changed(field: string, mutation: string): Promise<AnyData> {
  const payload = dataOf(await server.graphql(`mutation { ${mutation} }`))[field];
  expect(payload.errors).toEqual([]);
  // The next change has another time.
  await sleep(3);
  return payload;
}

/** A role that is made, changed in every way, and deleted; users who join, are renamed, are deactivated. */
async function story({ run }: TestServer): Promise<string> {
  for (const user of ['ben', 'cleo']) {
    await run({ type: 'registerUser', user, username: `${user}@example.com`, name: user.toUpperCase() });
    await sleep(3);
  }
  const { role: made } = await changed(
    'createRole',
    `createRole(input: { name: "Night desk", description: "At night.", userIds: ["User:ben"],
      grants: [{ permission: "people/view", scopes: [] }, { permission: "logs/view" }] }) { role { id } errors { code } }`,
  );
  const id = made.id as string;
  await changed(
    'updateRole',
    `updateRole(input: { id: "${id}", name: "Night lead", grants: [{ permission: "people/view" }], assignUserIds: ["User:cleo"] }) { errors { code } }`,
  );
  await changed(
    'updateUser',
    `updateUser(input: { id: "User:${ADMIN}", name: "Ada Lovelace" }) { errors { code } }`,
  );
  await changed('updateUser', `updateUser(input: { id: "User:ben", name: "Benedict" }) { errors { code } }`);
  await changed(
    'updateUser',
    `updateUser(input: { id: "User:${ADMIN}", name: "Ada Admin" }) { errors { code } }`,
  );
  await changed('deactivateUser', `deactivateUser(input: { id: "User:cleo" }) { errors { code } }`);
  await changed('disableFeature', `disableFeature(input: { feature: "ANALYZE" }) { errors { code } }`);
  await changed(
    'assignUsers',
    `assignUsers(input: { roleId: "Role:campaign-manager", userIds: ["User:ben"] }) { errors { code } }`,
  );
  await changed('deleteRole', `deleteRole(input: { id: "${id}" }) { errors { code } }`);
  return id;
}

const answer = async (asOf: object | null, from = server): Promise<AnyData> =>
  dataOf(await from.graphql(ANSWER, { asOf, role }));

interface Shown extends AnyData {
  readonly __typename: string;
  readonly id: string;
}

/** Objects with an id at any depth of an answer. */
function objects(value: unknown): Shown[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objects);
  return '__typename' in value && 'id' in value ? [value as Shown, ...inner] : inner;
}

const typeOf = (id: string): string => id.slice(0, id.indexOf(':'));

/** Fields of an object besides those of whole ones. */
const partOf = ({ __typename, ...fields }: Shown): AnyData => fields;

/** Finds all that has the id of a node by it. It must be what it was: its fields are among those that `node` gives. */
async function expectSame(all: readonly Shown[], from = server): Promise<void> {
  const shown = all.filter(({ id }) => WHOLE[typeOf(id)]);
  const ids = [...new Set(shown.map(({ id }) => id))];
  const found = new Map<string, AnyData>();
  for (let start = 0; start < ids.length; start += 8) {
    const some = ids.slice(start, start + 8);
    const fields = some.map(
      (id, index) => `n${index}: node(id: "${id}") { ... on ${typeOf(id)} { ${WHOLE[typeOf(id)]} } }`,
    );
    const nodes = dataOf(await from.graphql(`{ ${fields.join('\n')} }`));
    some.forEach((id, index) => found.set(id, nodes[`n${index}`]));
  }
  for (const each of shown) {
    const { id, __typename } = each;
    const again = found.get(id);
    if (WHOLE[__typename]) expect([id, again]).toEqual([id, expect.objectContaining(partOf(each))]);
    else expect([id, again?.name]).toEqual([id, each.name]);
  }
}

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly position: string;
  readonly actor: AnyData;
  readonly role: AnyData | null;
  readonly user: AnyData | null;
}

async function entries(from = server, asOf = ''): Promise<Entry[]> {
  const part = '{ __typename id: pastId key name }';
  const history = `history(first: 100) { asOf { position } edges { node { id at position actor { key name } role ${part} user ${part} } } }`;
  const query = asOf === '' ? `{ ${history} }` : `{ role(id: "${role}", asOf: ${asOf}) { ${history} } }`;
  const data = dataOf(await from.graphql(query));
  return (asOf === '' ? data.history : data.role.history).edges.map(({ node }: { node: Entry }) => node);
}

/** Times at which events of more than one stream were recorded: they name the last of these, a claim perhaps. */
async function crowdedTimes(): Promise<ReadonlySet<string>> {
  const streams = new Map<string, Set<string>>();
  for await (const { stream, metadata } of server.store.readAll()) {
    const at = String(metadata.recordedAt);
    streams.set(at, (streams.get(at) ?? new Set()).add(stream));
  }
  return new Set([...streams].filter(([, { size }]) => size > 1).map(([at]) => at));
}

/** Entries that were written at different times, and alone then; one of each. */
async function apart(all: readonly Entry[]): Promise<Entry[]> {
  const crowded = await crowdedTimes();
  return [...new Map(all.filter(({ at }) => !crowded.has(at)).map((entry) => [entry.at, entry])).values()];
}

test('every object of an answer as of a moment is found by its id, as it was', async () => {
  const all = await apart(await entries());
  expect(all.length).toBeGreaterThan(9);
  const now = await answer(null);
  expect(now.account.asOf).toBeNull();
  const present = new Set(objects(now).map(({ id }) => id));
  for (const id of present) expect(id).not.toContain('@');
  await expectSame(objects(now));
  const seen = new Map<string, unknown>();
  let count = 0;
  for (const { id: event } of all) {
    const then = await answer({ event });
    const shown = objects(then);
    count += shown.length;
    for (const { id, __typename } of shown) {
      if (!id.startsWith('Actor:Operator/')) expect(present.has(id)).toBe(false);
      expect(id.startsWith(`${__typename}:`)).toBe(true);
      if (!id.startsWith('Actor:Operator/')) expect(id.split('@')[1]).toBe(then.account.asOf.position);
    }
    await expectSame(shown);
    // One id, one answer, at whatever moment it was asked for.
    for (const each of [then.account, then.role, then.default].filter(Boolean)) {
      if (seen.has(each.id)) expect(each).toEqual(seen.get(each.id));
      seen.set(each.id, each);
    }
  }
  expect(count).toBeGreaterThan(20 * all.length);
});

test('an event, its position, its time and the moment that an answer names are one moment, and have equal ids', async () => {
  const all = await entries();
  for (const { id: event, at } of await apart(all)) {
    const then = await answer({ event });
    const { asOf } = then.account;
    expect(asOf).toEqual({ position: expect.stringMatching(POSITION), time: at });
    for (const shown of [then.roles, then.users, then.usersWithPermission, then.permissionCatalogue])
      expect(shown.asOf).toEqual(asOf);
    expect(then.checkPermissions[0].asOf).toEqual(asOf);
    for (const { node } of then.users.edges) {
      expect(node.asOf).toEqual(asOf);
      expect(node.effectivePermissions.asOf).toEqual(asOf);
    }
    expect(await answer({ position: asOf.position })).toEqual(then);
    expect(await answer({ time: asOf.time })).toEqual(then);
  }
  // Several events of one append: each is shown by the end of it.
  const created = all.filter(({ role: about }) => about?.key === role).at(-1)!;
  const append = all.filter(({ at }) => at === created.at);
  expect(append.length).toBe(4);
  expect(new Set(append.map(({ role: about }) => about?.id)).size).toBe(1);
  expect(new Set(append.map(({ position }) => position)).size).toBe(4);
});

test('an entry of history shows role, user and actor as it left them, in whatever answer it stands', async () => {
  const all = await entries();
  const subjects = all.flatMap(({ role: about, user }) => [about, user].filter((each) => each !== null));
  for (const { id, key } of subjects) expect(id.startsWith(`${key}@`)).toBe(true);
  await expectSame(subjects as Shown[]);
  const names = new Set<string>();
  for (const { id: event, actor } of all.filter(({ actor: { key } }) => key.startsWith('User:'))) {
    const then = `user(id: "${actor.key}", asOf: { event: "${event}" }) { name }`;
    expect(dataOf(await server.graphql(`{ ${then} }`)).user.name).toBe(actor.name);
    if (actor.key === `User:${ADMIN}`) names.add(actor.name);
  }
  expect(names).toEqual(new Set(['Ada Admin', 'Ada Lovelace']));
  const about = all.filter(({ role: each }) => each?.key === role);
  const deletion = about[0]!;
  const inPast = await entries(server, `{ event: "${deletion.id}" }`);
  expect(inPast).toEqual(about);
});

test('current and key lead back to now', async () => {
  const made = (await entries()).filter(({ role: about }) => about?.key === role).at(-1)!;
  const query = `query ($id: ID!) { node(id: $id) {
    ... on Role { id key name deletedAt allowedActions current { id name deletedAt allowedActions asOf { position } current { id } } }
    ... on User { id key name current { id name current { id } } }
    ... on Account { id key actions: allowedActions current { id actions: allowedActions } } } }`;
  const node = async (id: string): Promise<AnyData> => dataOf(await server.graphql(query, { id })).node;
  expect(await node(made.role!.id)).toEqual({
    id: made.role!.id,
    key: role,
    name: 'Night desk',
    deletedAt: null,
    allowedActions: [],
    current: {
      id: role,
      name: 'Night lead',
      deletedAt: expect.any(String),
      allowedActions: [],
      asOf: null,
      current: { id: role },
    },
  });
  const at = made.role!.id.split('@')[1];
  expect(await node(`User:ben@${at}`)).toEqual({
    id: `User:ben@${at}`,
    key: 'User:ben',
    name: 'BEN',
    current: { id: 'User:ben', name: 'Benedict', current: { id: 'User:ben' } },
  });
  const manager = await node(`Role:campaign-manager@${at}`);
  expect([manager.allowedActions, manager.current.allowedActions]).toEqual([
    [],
    ['EDIT_MEMBERSHIP', 'DUPLICATE'],
  ]);
  const account = await node(`Account:acme@${at}`);
  expect([account.key, account.actions, account.current.id]).toEqual(['Account:acme', [], 'Account:acme']);
  expect(account.current.actions).toContain('CREATE_ROLE');
});

test('role and user read an id of the past as of its moment, unless told another; lists and checks read the bare id', async () => {
  const made = (await entries()).filter(({ role: about }) => about?.key === role).at(-1)!;
  const at = made.role!.id.split('@')[1]!;
  const id = `${role}@${at}`;
  const ben = `User:ben@${at}`;
  const data = dataOf(
    await server.graphql(
      `query ($id: ID!, $ben: ID!, $later: DateTime!) {
        role(id: $id) { id name users { edges { node { id } } } }
        other: role(id: $id, asOf: { time: $later }) { name asOf { position } }
        user(id: $ben) { id name }
        users(notInRole: $id) { edges { node { id } } }
        history(filter: { role: $id, user: $ben, actor: "User:${ADMIN}@${at}" }) { totalCount }
        checkPermissions(checks: [{ user: { id: $ben }, permission: "campaigns/view" }]) { allowed asOf { position } }
      }`,
      { id, ben, later: '2100-01-01' },
    ),
  );
  expect(data.role).toEqual({ id, name: 'Night desk', users: { edges: [{ node: { id: ben } }] } });
  expect(data.other).toEqual({ name: 'Night lead', asOf: { position: expect.not.stringMatching(at) } });
  expect(data.user).toEqual({ id: ben, name: 'BEN' });
  expect(data.users.edges.map(({ node }: { node: { id: string } }) => node.id)).toContain('User:ben');
  expect(data.history.totalCount).toBeGreaterThan(1);
  expect(data.checkPermissions[0]).toEqual({ allowed: true, asOf: null });
});

test('pages nested in an object of the past stay at its moment', async () => {
  const all = (await entries()).filter(({ role: about }) => about?.key === role);
  const before = all.find(
    ({ role: about }) => about?.name === 'Night lead' && about.id !== all[0]!.role!.id,
  )!;
  const query = `query ($id: ID!, $after: String) { node(id: $id) { ... on Role {
    users(first: 1, after: $after) { asOf { position } pageInfo { hasNextPage endCursor } edges { node { id name } } } } } }`;
  const { id } = before.role!;
  const names: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { users }: AnyData = dataOf(await server.graphql(query, { id, after })).node;
    expect(users.asOf.position).toBe(id.split('@')[1]);
    names.push(users.edges[0].node.name);
    ({ endCursor: after, hasNextPage: more } = users.pageInfo);
  }
  expect(names).toEqual(['BEN', 'CLEO']);
});

test('an id whose moment is none is refused as a position is, and needs the rights of its type', async () => {
  await openAccount(server.run, 'other', 'eve', 'Eve');
  const { account } = await answer({ time: '2100-01-01' });
  const mine = account.asOf.position as string;
  const query = 'query ($id: ID!) { node(id: $id) { id } }';
  const codes = async (id: string, options = {}): Promise<unknown> => {
    const refused = await server.graphql(query, { id }, options);
    return refused.errors ? codesOf(refused)[0] : dataOf(refused).node;
  };
  expect(await codes(`Role:campaign-manager@${mine}`)).toEqual({ id: `Role:campaign-manager@${mine}` });
  expect(await codes(`Role:nobody@${mine}`)).toBeNull();
  expect(await codes('Role:campaign-manager@')).toBeNull();
  expect(await codes('Role:campaign-manager@nonsense')).toBe('BAD_USER_INPUT');
  expect(await codes(`Role:campaign-manager@zzzzzzzz.${'0'.repeat(25)}`)).toBe('POSITION_OF_ANOTHER_STORE');
  expect(await codes(`Role:campaign-manager@${mine}`, { as: 'eve', account: 'other' })).toBe(
    'BAD_USER_INPUT',
  );
  expect(await codes(`Account:acme@${mine}`, { as: 'eve', account: 'other' })).toBe('BAD_USER_INPUT');
  expect(await codes(`Role:campaign-manager@${mine}`, { as: 'ben' })).toBe('FORBIDDEN');
});

test('asOf takes exactly one of time, position and an entry of the account’s own history', async () => {
  const query = 'query ($asOf: AsOf) { account(asOf: $asOf) { id } }';
  const [entry] = await entries();
  const eves = dataOf(
    await server.graphql(
      '{ history(first: 1) { edges { node { id } } } }',
      {},
      { as: 'eve', account: 'other' },
    ),
  ).history.edges[0].node.id;
  for (const event of [eves, 'HistoryEntry:1', 'Role:campaign-manager', 'nonsense'])
    expect(codesOf(await server.graphql(query, { asOf: { event } }))).toEqual(['BAD_USER_INPUT']);
  for (const asOf of [{}, { event: entry!.id, time: '2026-01-01' }, { event: null }])
    expect((await server.graphql(query, { asOf })).errors).toBeDefined();
});

test('before the first event there was nothing, at a moment that has a position too', async () => {
  const then = await answer({ time: '0001-01-01' });
  expect(then).toMatchObject({ role: null, default: null, users: { edges: [] } });
  expect(then.account.asOf).toEqual({
    position: expect.stringMatching(POSITION),
    time: '1970-01-01T00:00:00.000Z',
  });
  expect(await answer({ position: then.account.asOf.position })).toEqual(then);
  await expectSame([then.account]);
});

test('ids of the past hold in a copy of the log', async () => {
  const target = new MemoryEventStore();
  await copyLog(server.store, target, { onProgress: () => undefined });
  const copy = await startTestServer({ store: validating(target) });
  try {
    const then = await answer({ event: (await entries()).at(-5)!.id });
    expect(await answer({ position: then.account.asOf.position }, copy)).toEqual(then);
    await expectSame(objects(then), copy);
  } finally {
    await copy.close();
  }
});

test('a log of release 0.1.0 gives ids of the past with the positions that it gave', async () => {
  const store = new MemoryEventStore();
  await store.takeLine(await store.identity());
  const old = await startTestServer({ store: validating(store) });
  try {
    await old.run({ type: 'createRole', name: 'Old' });
    const [entry] = await entries(old);
    expect(entry!.id).toMatch(/^HistoryEntry:[1-9][0-9]*$/);
    for (const asOf of [{ event: entry!.id }, { time: '0001-01-01' }]) {
      const then = await answer(asOf, old);
      expect(then.account.id).toMatch(/^Account:acme@[0-9a-f]{8}-[0-9a-z]+$/);
      await expectSame(objects(then), old);
    }
    for (const event of ['HistoryEntry:1000000', 'HistoryEntry:x'])
      expect(
        (await old.graphql('query ($asOf: AsOf) { account(asOf: $asOf) { id } }', { asOf: { event } }))
          .errors,
      ).toHaveLength(1);
  } finally {
    await old.close();
  }
});
