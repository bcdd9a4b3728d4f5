import { codesOf, dataOf, openAccount, startTestServer, type Answer, type TestServer } from './harness';

/** Differences between two roles, or between two moments of one. */

const DIFF = `query ($base: RoleAsOfInput!, $target: RoleAsOfInput!, $search: String) {
  roleDiff(base: $base, target: $target) {
    base { id name } target { id name }
    name { base target } description { base target }
    permissions { key change gainedScopes lostScopes permission { key } }
    gainedUsers(search: $search) { totalCount nodes { id username } asOf { position } }
    lostUsers(search: $search) { totalCount nodes { id username } asOf { position } }
  } }`;

interface Diff {
  readonly base: { readonly id: string } | null;
  readonly target: { readonly id: string } | null;
  readonly name: object | null;
  readonly description: object | null;
  readonly permissions: readonly object[];
  readonly gainedUsers: Users;
  readonly lostUsers: Users;
}
interface Users {
  readonly totalCount: number | null;
  readonly nodes: readonly { readonly id: string; readonly username: string }[];
  readonly asOf: { readonly position: string } | null;
}

let server: TestServer;
const positions: string[] = [];
/** Global id of the role that changes. */
let desk: string;

beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ann', 'ben', 'cid'])
    await server.run({ type: 'registerUser', user, username: `${user}@example.com` });
  const created = dataOf(
    await server.graphql(`mutation { createRole(input: { name: "Desk", description: "Nights"
      grants: [{ permission: "roles/view" }, { permission: "users/view" }], userIds: ["User:ann", "User:ben"] })
      { role { id } position errors { code } } }`),
  )['createRole'] as { role: { id: string }; position: string };
  desk = created.role.id;
  positions.push(created.position);
  const changed = dataOf(
    await server.graphql(
      `mutation ($id: ID!) { updateRole(input: { id: $id, name: "Night desk", description: null
        assignUserIds: ["User:cid"], unassignUserIds: ["User:ann"] }) { position errors { code } }
      revokePermissions(input: { roleId: $id, permissions: ["users/view"] }) { position errors { code } }
      grantPermissions(input: { roleId: $id, grants: [{ permission: "audit-log/view" }] }) { position errors { code } } }`,
      { id: desk },
    ),
  ) as Record<string, { position: string; errors: unknown[] }>;
  for (const { errors } of Object.values(changed)) expect(errors).toEqual([]);
  positions.push(changed['grantPermissions']!.position);
});
afterAll(() => server.close());

const ask = (base: object, target: object, variables: object = {}): Promise<Answer> =>
  server.graphql(DIFF, { base, target, ...variables });
const diffOf = async (base: object, target: object, variables: object = {}): Promise<Diff> =>
  dataOf(await ask(base, target, variables))['roleDiff'] as Diff;
const idsIn = ({ nodes }: Users): string[] => nodes.map(({ id: user }) => user.replace(/@.*/, ''));

test('One role at two moments: texts, permissions and users', async () => {
  const diff = await diffOf({ role: desk, asOf: { position: positions[0] } }, { role: desk });
  expect(diff).toMatchObject({
    name: { base: 'Desk', target: 'Night desk' },
    description: { base: 'Nights', target: null },
    permissions: [
      { key: 'audit-log/view', change: 'GRANTED', permission: { key: 'audit-log/view' } },
      { key: 'users/view', change: 'REVOKED' },
    ],
    gainedUsers: { totalCount: 1, asOf: null },
    lostUsers: { totalCount: 1, asOf: { position: positions[0] } },
  });
  expect([idsIn(diff.gainedUsers), idsIn(diff.lostUsers)]).toEqual([['User:cid'], ['User:ann']]);
  expect(diff.base?.id).toBe(`${desk}@${positions[0]}`);
  // An id of the past has its moment in it.
  expect(await diffOf({ role: `${desk}@${positions[0]}` }, { role: desk })).toEqual(diff);
});

test('The way back, and no difference at all', async () => {
  const back = await diffOf({ role: desk }, { role: desk, asOf: { position: positions[0] } });
  expect(back).toMatchObject({
    name: { base: 'Night desk', target: 'Desk' },
    permissions: [
      { key: 'users/view', change: 'GRANTED' },
      { key: 'audit-log/view', change: 'REVOKED' },
    ],
  });
  expect([idsIn(back.gainedUsers), idsIn(back.lostUsers)]).toEqual([['User:ann'], ['User:cid']]);
  const none = await diffOf({ role: desk }, { role: desk });
  expect(none).toMatchObject({ name: null, description: null, permissions: [] });
  expect([none.gainedUsers.totalCount, none.lostUsers.totalCount]).toEqual([0, 0]);
});

test('Two roles, one of them a default role, and a search among the users', async () => {
  await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['ann', 'cid'] });
  const finance = { role: 'Role:finance-manager' };
  const diff = await diffOf(finance, { role: desk });
  expect([idsIn(diff.gainedUsers), idsIn(diff.lostUsers)]).toEqual([['User:ben'], ['User:ann']]);
  const { roles } = dataOf(
    await server.graphql(
      '{ roles(permission: "roles/view", first: 100) { nodes { id permissionCount } } role(id: "Role:finance-manager") { permissionCount } }',
    ),
  ) as { roles: { nodes: { id: string; permissionCount: number }[] } };
  const { permissionCount } = roles.nodes.find(({ id: role }) => role === desk)!;
  const granted = diff.permissions.filter((each) => (each as { change: string }).change === 'GRANTED');
  expect(granted.length).toBeLessThanOrEqual(permissionCount);
  expect(granted).toContainEqual(expect.objectContaining({ key: 'audit-log/view' }));
  const searched = await diffOf(finance, { role: desk }, { search: 'ANN' });
  expect([idsIn(searched.gainedUsers), idsIn(searched.lostUsers)]).toEqual([[], ['User:ann']]);
});

test('A role that was not there yet, or is not there any more, has nothing', async () => {
  const before = await diffOf({ role: desk, asOf: { time: '2000-01-01' } }, { role: desk });
  expect(before).toMatchObject({ base: null, name: { base: null, target: 'Night desk' } });
  expect(idsIn(before.gainedUsers)).toEqual(['User:ben', 'User:cid']);
  const created = dataOf(
    await server.graphql(
      'mutation { createRole(input: { name: "Brief", userIds: ["User:ann"] }) { role { id } position } }',
    ),
  )['createRole'] as { role: { id: string }; position: string };
  const brief = { role: created.role.id };
  const then = { ...brief, asOf: { position: created.position } };
  await server.run({ type: 'deleteRole', role: brief.role.replace('Role:', '') });
  const gone = await diffOf(then, brief);
  expect(gone).toMatchObject({ target: { name: 'Brief' }, name: null });
  expect([idsIn(gone.gainedUsers), idsIn(gone.lostUsers)]).toEqual([[], ['User:ann']]);
});

test('No role of this account, a wrong id, no right', async () => {
  await openAccount(server.run, 'other', 'olga', 'Olga Other');
  const unknown = { role: 'Role:r_99999999999999999999' };
  expect(await diffOf(unknown, unknown)).toBeNull();
  const foreign = await server.graphql(
    DIFF,
    { base: { role: desk }, target: { role: desk } },
    { as: 'olga', account: 'other' },
  );
  expect(dataOf(foreign)['roleDiff']).toBeNull();
  expect(codesOf(await ask({ role: 'User:ann' }, { role: desk }))).toEqual(['BAD_USER_INPUT']);
  const plain = await server.graphql(DIFF, { base: { role: desk }, target: { role: desk } }, { as: 'ann' });
  expect(codesOf(plain)).toEqual(['FORBIDDEN']);
});
