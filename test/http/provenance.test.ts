import { dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Access is explained with who gave it, when and why, in one query, now and as of the past. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ben', 'zso'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
});
afterAll(() => server.close());

const ask = async (query: string, variables?: object): Promise<AnyData> =>
  dataOf(await server.graphql(query, variables));
const mutate = async (name: string, input: object): Promise<AnyData> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const answer = await ask(
    `mutation ($input: ${type}!) { ${name}(input: $input) { errors { code } position } }`,
    { input },
  );
  expect(answer[name].errors).toEqual([]);
  return answer[name] as AnyData;
};

const ASSIGNMENT =
  'id role { id } assignedAt assignedBy { key name } reason event { id type at reason user { key } role { key } }';
const FINANCE = 'Role:finance-manager';

test('who gave a role, when and why, wherever access is explained', async () => {
  await mutate('assignUsers', { roleId: FINANCE, userIds: ['User:ben'], reason: 'HR-1' });
  const { granted } = (
    await ask(
      `{ user(id: "User:ben") { effectivePermissions { granted { permission { key } via { ${ASSIGNMENT} } } } } }`,
    )
  ).user.effectivePermissions;
  const [assignment] = granted[0].via;
  expect(assignment).toEqual({
    id: 'RoleAssignment:ben/finance-manager',
    role: { id: FINANCE },
    assignedAt: expect.any(String),
    assignedBy: { key: 'User:ada', name: 'Ada Admin' },
    reason: 'HR-1',
    event: {
      id: expect.stringMatching(/^HistoryEntry:/),
      type: 'USER_ASSIGNED',
      at: assignment.assignedAt,
      reason: 'HR-1',
      user: { key: 'User:ben' },
      role: { key: FINANCE },
    },
  });
  const answer = await ask(
    `query ($permission: String!) {
      user(id: "User:ben") { roles { id } assignments { ${ASSIGNMENT} } }
      usersWithPermission(permission: $permission) { edges { node { id } via { ${ASSIGNMENT} } } }
      checkPermissions(checks: [{ user: { username: "BEN" }, permission: $permission }]) { allowed via { ${ASSIGNMENT} } }
      role(id: "${FINANCE}") { users { edges { assignedAt assignedBy { key name } reason event { id } } } } }`,
    { permission: granted[0].permission.key },
  );
  expect(answer.user).toEqual({ roles: [{ id: FINANCE }], assignments: [assignment] });
  expect(answer.usersWithPermission.edges).toContainEqual({ node: { id: 'User:ben' }, via: [assignment] });
  expect(answer.checkPermissions).toEqual([{ allowed: true, via: [assignment] }]);
  const { assignedAt, assignedBy, event } = assignment;
  expect(answer.role.users.edges).toEqual([
    { assignedAt, assignedBy, reason: 'HR-1', event: { id: event.id } },
  ]);
  const { node } = await ask('query ($id: ID!) { node(id: $id) { id ... on HistoryEntry { reason } } }', {
    id: event.id,
  });
  expect(node).toEqual({ id: event.id, reason: 'HR-1' });
});

test('as of the past it is the assignment of then, and the reason given then', async () => {
  const first = await mutate('assignUsers', {
    roleId: 'Role:analyze-manager',
    userIds: ['User:ben'],
    reason: 'first',
  });
  const between = await mutate('unassignUsers', { roleId: 'Role:analyze-manager', userIds: ['User:ben'] });
  await mutate('assignUsers', { roleId: 'Role:analyze-manager', userIds: ['User:ben'] });
  const query = `query ($asOf: AsOf) { user(id: "User:ben", asOf: $asOf) {
    assignments { role { key } reason event { reason } }
    effectivePermissions { granted { via { role { key } reason } } withheld { via { role { key } reason } } } } }`;
  const reasonsAt = async (position?: string): Promise<unknown> => {
    const { user } = await ask(query, position === undefined ? {} : { asOf: { position } });
    const { granted, withheld } = user.effectivePermissions;
    const ofRole = ({ role }: AnyData) => role.key === 'Role:analyze-manager';
    const told = [...granted, ...withheld].flatMap(({ via }: AnyData) => via).filter(ofRole);
    return [
      user.assignments.filter(ofRole).map(({ reason, event }: AnyData) => [reason, event.reason]),
      [...new Set(told.map(({ reason }: AnyData) => reason))],
    ];
  };
  expect(await reasonsAt(first.position)).toEqual([[['first', 'first']], ['first']]);
  expect(await reasonsAt(between.position)).toEqual([[], []]);
  expect(await reasonsAt()).toEqual([[[null, null]], [null]]);
});

test('roles and users say who changed them last', async () => {
  await mutate('createRole', { name: 'Night' });
  const { id } = (await ask('{ roles(search: "night") { edges { node { id } } } }')).roles.edges[0].node;
  const created = (await mutate('updateRole', { id, description: 'By night.' })).position;
  await server.run({ type: 'updateRole', role: id.slice('Role:'.length), name: 'Late' });
  await server.run({ type: 'updateUser', user: 'ben', name: 'Ben' });
  await mutate('recordLogin', { id: 'User:ben' });
  const query = `query ($id: ID!, $asOf: AsOf) { role(id: $id, asOf: $asOf) { updatedAt updatedBy { key } history(first: 1) { edges { node { at } } } }
    user(id: "User:ben", asOf: $asOf) { name updatedAt updatedBy { key } } default: role(id: "Role:people-manager") { updatedBy { key } } }`;
  const now = await ask(query, { id });
  expect(now.role).toMatchObject({
    updatedAt: now.role.history.edges[0].node.at,
    updatedBy: { key: 'Operator:test' },
  });
  expect(now.user).toEqual({
    name: 'Ben',
    updatedAt: expect.any(String),
    updatedBy: { key: 'Operator:test' },
  });
  expect(now.user.updatedAt > now.role.updatedAt).toBe(true);
  const then = await ask(query, { id, asOf: { position: created } });
  expect(then.role.updatedBy).toEqual({ key: 'User:ada' });
  expect(then.user).toMatchObject({ name: 'Name of ben', updatedBy: { key: 'Operator:test' } });
  expect(then.user.updatedAt < then.role.updatedAt).toBe(true);
});
