import { codesOf, dataOf, startTestServer, type AnyData, type Answer, type TestServer } from './harness';

/** History with all that was recorded at once as one change, and both sides of every entry. */

const CHANGES = `query ($filter: HistoryFilter, $first: Int, $after: String, $last: Int, $before: String) {
  changes(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage endCursor startCursor } nodes {
      id moment { position time } actor { key name } reason command requestId summary entryCount
      entries { id type position at role { key } user { key } permission } } } }`;

let server: TestServer;
let desk: string;
const positions: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ann', 'ben'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
  const created =
    await mutate(`mutation { createRole(input: { name: "Desk", reason: "CHG-1", userIds: ["User:ann"]
    grants: [{ permission: "campaigns/launch" }, { permission: "logs/view" }] }) { role { id } position errors { code } } }`);
  desk = created['role'].id as string;
  await mutate(
    `mutation ($id: ID!) { updateRole(input: { id: $id, name: "Night desk", assignUserIds: ["User:ben"], reason: "CHG-2" })
      { position errors { code } } }`,
  );
  await mutate(
    `mutation ($id: ID!) { deleteRole(input: { id: $id, reason: "CHG-3" }) { position errors { code } } }`,
  );
});
afterAll(() => server.close());

async function mutate(mutation: string): Promise<AnyData> {
  const variables = mutation.includes('$id') ? { id: desk } : {};
  const [answer] = Object.values(dataOf(await server.graphql(mutation, variables))) as AnyData[];
  expect(answer!['errors']).toEqual([]);
  positions.push(answer!['position'] as string);
  return answer!;
}

const ask = (variables: object, as?: string): Promise<Answer> =>
  server.graphql(CHANGES, variables, as === undefined ? {} : { as });
const changesOf = async (variables: object): Promise<AnyData> =>
  dataOf(await ask(variables))['changes'] as AnyData;

test('what one command recorded is one change, with one sentence, reason and moment', async () => {
  const { totalCount, nodes } = await changesOf({ filter: { role: desk } });
  expect(totalCount).toBe(3);
  const [deleted, updated, created] = nodes as AnyData[];
  expect(nodes.map(({ moment }: AnyData) => moment.position)).toEqual([...positions].reverse());
  expect(created).toMatchObject({
    actor: { key: 'User:ada', name: 'Ada Admin' },
    reason: 'CHG-1',
    command: 'createRole',
    summary: 'Ada Admin created the role “Desk”, with 2 permissions granted and 1 user assigned.',
    entryCount: 4,
  });
  expect(created!['entries'].map(({ type }: AnyData) => type)).toEqual([
    'ROLE_CREATED',
    'PERMISSION_GRANTED',
    'PERMISSION_GRANTED',
    'USER_ASSIGNED',
  ]);
  expect(updated).toMatchObject({
    summary: 'Ada Admin renamed the role “Desk” to “Night desk”, with 1 user assigned.',
    reason: 'CHG-2',
    entryCount: 2,
  });
  expect(deleted).toMatchObject({ summary: 'Ada Admin deleted the role “Night desk”.', entryCount: 1 });
  // The last entry of an append has the position of its moment.
  expect(created!['entries'].at(-1).position).toBe(created!['moment'].position);
  expect(created!['id']).toBe(created!['entries'][0].id.replace('HistoryEntry:', 'Change:'));
});

test('a change is found whole by any of its entries, and by its id', async () => {
  for (const filter of [
    { permission: null, role: desk, user: 'User:ben', types: ['ROLE_RENAMED', 'USER_ASSIGNED'] },
    { types: ['USER_ASSIGNED'], role: desk, user: 'User:ben' },
  ]) {
    const { nodes } = await changesOf({ filter });
    expect(nodes.map(({ command, entries }: AnyData) => [command, entries.length])).toEqual([
      ['updateRole', 2],
    ]);
  }
  const permission = await changesOf({ filter: { permission: 'logs/view', role: desk } });
  expect(permission['nodes'].map(({ command }: AnyData) => command)).toEqual(['deleteRole', 'createRole']);
  const [, created] = permission['nodes'];
  const NODE = 'query ($id: ID!) { node(id: $id) { id ... on Change { summary entries { id } } } }';
  const found = dataOf(await server.graphql(NODE, { id: created.id }))['node'];
  expect(found).toMatchObject({ id: created.id, summary: created.summary });
  for (const id of [created.entries[1].id.replace('HistoryEntry:', 'Change:'), 'Change:1', 'Change:x'])
    expect(dataOf(await server.graphql(NODE, { id }))['node']).toBeNull();
});

test('pages are the whole list, both ways, and stay while changes come', async () => {
  const whole = await changesOf({ first: 200 });
  const ids = whole['nodes'].map(({ id }: AnyData) => id);
  expect(whole['totalCount']).toBe(ids.length);
  const forward: string[] = [];
  for (let after: string | null = null; ;) {
    const page: AnyData = await changesOf({ first: 3, after });
    forward.push(...page['nodes'].map(({ id }: AnyData) => id));
    await server.run({ type: 'recordLogin', user: 'ann', at: new Date(Date.UTC(2026, 0, forward.length)) });
    if (!page['pageInfo'].hasNextPage) break;
    after = page['pageInfo'].endCursor;
  }
  expect(forward).toEqual(ids);
  const backward = await changesOf({ last: 2 });
  expect(backward['nodes'].map(({ id }: AnyData) => id)).toEqual(ids.slice(-2));
  const before = await changesOf({ last: 2, before: backward['pageInfo'].startCursor });
  expect(before['nodes'].map(({ id }: AnyData) => id)).toEqual(ids.slice(-4, -2));
  const { nodes } = await changesOf({ filter: { types: ['CATALOGUE_PUBLISHED'] } });
  expect(nodes).toHaveLength(1);
  // The default roles that it began with.
  expect(nodes[0].summary).toMatch(
    /^\S+ published version \d+ of the catalogue, with \d+ default roles changed\.$/,
  );
  expect(nodes[0].entryCount).toBeGreaterThan(10);
});

test('both sides of a deletion and of an erasure, as whole objects', async () => {
  await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['ben'] });
  await server.run({ type: 'eraseUser', user: 'ben' });
  const SIDES = `query ($filter: HistoryFilter) { history(filter: $filter, first: 1) { nodes { type
    role { before { id name permissionCount users { nodes { id } } } after { id deletedAt permissionCount } }
    user { before { id status roles { key } } after { id status roles { key } } } } } }`;
  const sides = async (filter: object, as?: string): Promise<Answer> =>
    server.graphql(SIDES, { filter }, as === undefined ? {} : { as });
  const [deletion] = dataOf(await sides({ types: ['ROLE_DELETED'] }))['history'].nodes;
  expect(deletion.role).toEqual({
    before: {
      id: expect.stringMatching(`^${desk}@`),
      name: 'Night desk',
      permissionCount: 2,
      users: { nodes: expect.arrayContaining([{ id: expect.stringMatching(/^User:ann@/) }]) },
    },
    after: { id: `${desk}@${positions[2]}`, deletedAt: expect.any(String), permissionCount: 0 },
  });
  const [erasure] = dataOf(await sides({ types: ['USER_ERASED'] }))['history'].nodes;
  expect(erasure.user).toMatchObject({
    before: { status: 'ACTIVE', roles: [{ key: 'Role:finance-manager' }] },
    after: { status: 'ERASED', roles: [] },
  });
  const [creation] = dataOf(await sides({ types: ['ROLE_CREATED'], role: desk }))['history'].nodes;
  expect(creation.role).toMatchObject({ before: null, after: { permissionCount: 2 } });
});

test('who may read history alone is refused the sides', async () => {
  await server.run({ type: 'registerUser', user: 'aud', username: 'aud' });
  const grants = [{ permission: 'audit-log/view' }];
  await server.run({ type: 'createRole', name: 'Auditors', grants, userIds: ['aud'] });
  const answer = await server.graphql(
    `query ($filter: HistoryFilter) { changes(filter: $filter, first: 1) { nodes { summary entries {
      role { before { id } after { id } } user { before { id } after { id } } } } } }`,
    { filter: { types: ['USER_ASSIGNED'] } },
    { as: 'aud' },
  );
  const [change] = answer.data['changes'].nodes;
  expect(change.entries[0]).toMatchObject({ role: { before: null, after: null } });
  expect(codesOf(answer)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  expect(codesOf(await ask({}, 'ann'))).toEqual(['FORBIDDEN']);
});
