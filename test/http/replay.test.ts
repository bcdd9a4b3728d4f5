import { codesOf, dataOf, startTestServer, type AnyData, type Answer, type TestServer } from './harness';

/** The lives of a role and of a user, step by step, with the whole object on both sides of each. */

const PAGE = 'first: $first, after: $after, last: $last, before: $before';
const ARGS = '$id: ID!, $first: Int, $after: String, $last: Int, $before: String';
const ROLE = `query (${ARGS}) { role(id: $id) { replay(${PAGE}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  nodes { entry { id type } change { id command reason entryCount moment { position } }
    before { id name permissionCount userCount } after { id name permissionCount userCount deletedAt } } } } }`;
const USER = `query (${ARGS}) { user(id: $id) { replay(${PAGE}) { totalCount pageInfo { hasNextPage endCursor }
  nodes { entry { id type } change { id command entryCount }
    before { id name status roles { key } } after { id name status roles { key } } } } } }`;

let server: TestServer;
let desk: string;

beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ann', 'ben', 'cid'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
  const created = dataOf(
    await server.graphql(`mutation { createRole(input: { name: "Desk", userIds: ["User:ann", "User:ben"]
      grants: [{ permission: "campaigns/launch" }, { permission: "logs/view" }] }) { role { id } } }`),
  );
  desk = created['createRole'].role.id.slice('Role:'.length) as string;
  await server.run({ type: 'updateRole', role: desk, name: 'Night desk' }, { reason: 'CHG-2' });
  await server.run({ type: 'unassignUsers', role: desk, userIds: ['ann'] });
  await server.run({ type: 'revokePermissions', role: desk, permissions: ['logs/view'] });
  await server.run({ type: 'deleteRole', role: desk });
  await server.run({ type: 'deactivateUser', user: 'ann' });
  await server.run({ type: 'eraseUser', user: 'ben' });
});
afterAll(() => server.close());

const ask = (query: string, variables: object, as?: string): Promise<Answer> =>
  server.graphql(query, variables, as === undefined ? {} : { as });
const stepsOf = async (query: string, variables: object): Promise<AnyData> =>
  (Object.values(dataOf(await ask(query, variables)))[0] as AnyData)['replay'];

test('a role’s life is told change by change, oldest first, with the role on both sides', async () => {
  const { totalCount, nodes, pageInfo } = await stepsOf(ROLE, { id: `Role:${desk}` });
  expect(totalCount).toBe(5);
  expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  expect(nodes.map(({ entry, change }: AnyData) => [entry.type, change.command, change.entryCount])).toEqual([
    ['ROLE_CREATED', 'createRole', 5],
    ['ROLE_RENAMED', 'updateRole', 1],
    ['USER_UNASSIGNED', 'unassignUsers', 1],
    ['PERMISSION_REVOKED', 'revokePermissions', 1],
    ['ROLE_DELETED', 'deleteRole', 1],
  ]);
  expect(
    nodes.map(({ after }: AnyData) => [after.name, after.permissionCount, after.userCount, after.deletedAt]),
  ).toEqual([
    ['Desk', 2, 2, null],
    ['Night desk', 2, 2, null],
    ['Night desk', 2, 1, null],
    ['Night desk', 1, 1, null],
    ['Night desk', 0, 0, expect.any(String)],
  ]);
  expect(nodes[0].before).toBeNull();
  expect(nodes[1].change.reason).toBe('CHG-2');
  for (const [index, { before, after, change }] of nodes.entries()) {
    expect(after.id).toBe(`Role:${desk}@${change.moment.position}`);
    if (index === 0) continue;
    const earlier = nodes[index - 1].after;
    // The moment before a step shows all of the one before it, whatever else happened in between.
    expect([before.name, before.permissionCount, before.userCount]).toEqual([
      earlier.name,
      earlier.permissionCount,
      earlier.userCount,
    ]);
  }
});

test('a user’s life has the deletions of roles held, and an erased user keeps none of the names', async () => {
  const ann = await stepsOf(USER, { id: 'User:ann' });
  expect(ann['nodes'].map(({ entry }: AnyData) => entry.type)).toEqual([
    'USER_REGISTERED',
    'USER_ASSIGNED',
    'USER_UNASSIGNED',
    'USER_DEACTIVATED',
  ]);
  expect(ann['nodes'][1].change.entryCount).toBe(5);
  expect(ann['nodes'][1]).toMatchObject({
    before: { roles: [] },
    after: { roles: [{ key: `Role:${desk}` }] },
  });
  expect(ann['nodes'][3]).toMatchObject({ before: { status: 'ACTIVE' }, after: { status: 'INACTIVE' } });
  const ben = await stepsOf(USER, { id: 'User:ben' });
  const types = ben['nodes'].map(({ entry }: AnyData) => entry.type);
  expect(types).toEqual(['USER_REGISTERED', 'USER_ASSIGNED', 'ROLE_DELETED', 'USER_ERASED']);
  expect(ben['totalCount']).toBe(types.length);
  expect(ben['nodes'][2]).toMatchObject({
    before: { roles: [{ key: `Role:${desk}` }] },
    after: { roles: [] },
  });
  expect(JSON.stringify(ben)).not.toContain('Name of ben');
});

test('pages are the whole replay, both ways, and stay while changes come', async () => {
  const id = 'Role:account-admin';
  const whole = (await stepsOf(ROLE, { id, first: 50 }))['nodes'];
  const forward: AnyData[] = [];
  for (let after: string | null = null; ;) {
    const page: AnyData = await stepsOf(ROLE, { id, first: 1, after });
    forward.push(...page['nodes']);
    if (!page['pageInfo'].hasNextPage) break;
    if (forward.length < 5)
      await server.run({ type: 'assignUsers', role: 'account-admin', userIds: ['cid'] });
    after = page['pageInfo'].endCursor;
  }
  // Steps that came while the pages were read are behind those before.
  expect(forward.slice(0, whole.length)).toEqual(whole);
  expect(forward).toHaveLength(whole.length + 1);
  const last = await stepsOf(ROLE, { id, last: 1 });
  expect(last['nodes']).toEqual(forward.slice(-1));
  expect(last['pageInfo'].hasPreviousPage).toBe(true);
  const beforeIt = await stepsOf(ROLE, { id, last: 50, before: last['pageInfo'].startCursor });
  expect(beforeIt['nodes']).toEqual(forward.slice(0, -1));
  // The publication that defined it came before the account was opened.
  expect(forward[0]).toMatchObject({ entry: { type: 'DEFAULT_ROLE_CHANGED' }, before: null });
});

test('a replay of a role as of the past ends at its moment', async () => {
  const { nodes } = await stepsOf(ROLE, { id: `Role:${desk}` });
  const past = await stepsOf(ROLE, { id: nodes[2].after.id });
  expect(past['nodes'].map(({ change }: AnyData) => change.id)).toEqual(
    nodes.slice(0, 3).map(({ change }: AnyData) => change.id),
  );
});

test('who may read history alone is refused the sides', async () => {
  await server.run({ type: 'registerUser', user: 'aud', username: 'aud' });
  await server.run({
    type: 'createRole',
    name: 'Auditor',
    grants: [{ permission: 'audit-log/view' }],
    userIds: ['aud'],
  });
  const answer = await ask(
    `{ me { replay(first: 1) { nodes { entry { type } before { id } after { id } } }
        roles { replay(first: 1) { nodes { entry { type } before { id } after { id } } } } } }`,
    {},
    'aud',
  );
  expect(codesOf(answer)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  expect(answer.data).toMatchObject({
    me: {
      replay: { nodes: [{ entry: { type: 'USER_REGISTERED' }, before: null, after: null }] },
      roles: [{ replay: { nodes: [{ entry: { type: 'ROLE_CREATED' }, before: null, after: null }] } }],
    },
  });
});
