import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { ADMIN, dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Menus and buttons: what is offered is accepted, what would be refused is not offered. */

const PRIVILEGED = 'api-keys/manage';
const RIGHTS = ['roles/view', 'roles/manage', 'roles/assign', 'users/view', 'users/manage', 'users/erase'];
let server: TestServer;
/** Ids of the custom roles, by name. */
const roles: Record<string, string> = {};

/** Rita manages roles and users; of the privileged permissions that she has no use for she has none. */
beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['rita', 'ben', 'kim', 'dan', 'eve'])
    await server.run({ type: 'registerUser', user, username: user, name: user });
  for (const [name, permissions, userIds] of [
    ['Manager', RIGHTS, ['rita']],
    ['Plain', ['campaigns/launch', 'logs/view'], ['dan']],
    ['Keys', [PRIVILEGED], ['kim']],
  ] as const) {
    const grants = permissions.map((permission) => ({ permission }));
    const input = { name, grants, userIds: userIds.map((id) => `User:${id}`) };
    const create = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } errors { code } } }`;
    roles[name] = dataOf(await server.graphql(create, { input })).createRole.role.id;
  }
  await server.run({ type: 'deactivateUser', user: 'dan' });
  await server.run({ type: 'eraseUser', user: 'eve' });
});
afterAll(() => server.close());

const actionsOn = async (id: string, as = 'rita'): Promise<string[]> => {
  const query = `query ($id: ID!) { node(id: $id) { ... on Role { allowedActions } ... on User { allowed: allowedActions } } }`;
  const { node } = dataOf(await server.graphql(query, { id }, { as }));
  return (node.allowedActions ?? node.allowed) as string[];
};

/** Codes that a mutation is refused with. */
const codes = async (mutation: string, input: object, as = 'rita'): Promise<string[]> => {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { errors { code } } }`;
  const { done } = dataOf(await server.graphql(query, { input }, { as }));
  return (done.errors as AnyData[]).map(({ code }) => code as string);
};

test('a manager of roles is offered what does not need a privilege that the manager lacks', async () => {
  expect(await actionsOn(roles['Plain']!)).toEqual([
    'EDIT_DETAILS',
    'EDIT_PERMISSIONS',
    'EDIT_MEMBERSHIP',
    'DUPLICATE',
    'DELETE',
  ]);
  expect(await actionsOn(roles['Keys']!)).toEqual(['EDIT_DETAILS', 'EDIT_PERMISSIONS']);
  expect(await actionsOn(roles['Manager']!)).toContain('DELETE');
  expect(await actionsOn('Role:campaign-manager')).toEqual(['EDIT_MEMBERSHIP', 'DUPLICATE']);
  expect(await actionsOn('Role:account-admin')).toEqual([]);
  expect(await actionsOn('Role:account-admin', ADMIN)).toEqual(['EDIT_MEMBERSHIP', 'DUPLICATE']);
});

test('what is not offered of a role is refused, and the rest is accepted', async () => {
  for (const [name, refused] of [
    ['Keys', ['ESCALATION']],
    ['Plain', []],
  ] as const) {
    const id = roles[name]!;
    const users = { roleId: id, userIds: ['User:ben'], dryRun: true };
    expect([name, await codes('assignUsers', users)]).toEqual([name, refused]);
    const copied = await codes('duplicateRole', { id, name: `Copy of ${name} by rita` });
    expect([name, copied]).toEqual([name, refused]);
    expect([name, await codes('updateRole', { id, description: 'As rita sees it.' })]).toEqual([name, []]);
  }
  expect(await codes('deleteRole', { id: roles['Keys'] })).toEqual(['ESCALATION']);
  expect(await codes('assignUsers', { roleId: 'Role:account-admin', userIds: ['User:ben'] })).toEqual([
    'ESCALATION',
  ]);
});

test('the buttons of the page of a user', async () => {
  const always = ['EDIT_DETAILS', 'EDIT_ROLES'];
  expect(await actionsOn('User:ben')).toEqual([...always, 'EDIT_IDENTITIES', 'DEACTIVATE', 'ERASE']);
  expect(await actionsOn('User:dan')).toEqual([...always, 'EDIT_IDENTITIES', 'REACTIVATE', 'ERASE']);
  expect(await actionsOn('User:kim')).toEqual(always);
  expect(await actionsOn('User:kim', ADMIN)).toEqual([...always, 'EDIT_IDENTITIES', 'DEACTIVATE', 'ERASE']);
  expect(await actionsOn('User:rita')).toEqual([...always, 'EDIT_IDENTITIES']);
  expect(await actionsOn('User:eve')).toEqual([]);
  expect(await codes('deactivateUser', { id: 'User:kim' })).toEqual(['ESCALATION']);
  expect(await codes('deactivateUser', { id: 'User:rita' })).toEqual(['SELF_DEACTIVATION']);
  const me = dataOf(await server.graphql('{ me { allowedActions } }', {}, { as: 'ben' }));
  expect(me).toEqual({ me: { allowedActions: [] } });
});

test('what was is offered nothing', async () => {
  const { extensions } = await server.graphql('{ account { id } }');
  const query = `query ($asOf: AsOf) { user(id: "User:ben", asOf: $asOf) { allowedActions current { allowedActions } } }`;
  const { user } = dataOf(await server.graphql(query, { asOf: { position: extensions?.position } }));
  expect(user.allowedActions).toEqual([]);
  expect(user.current.allowedActions).toContain('DEACTIVATE');
});

test('a privileged permission that left the catalogue is taken away by anybody, and given by nobody', async () => {
  const file = JSON.parse(
    readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
  ) as CatalogueFile;
  const without: CatalogueFile = {
    ...file,
    version: file.version + 1,
    permissions: file.permissions
      .filter(({ key }) => key !== PRIVILEGED)
      .map((each) => (each.key === 'logs/view' ? { ...each, scopes: each.scopes.slice(1) } : each)),
    defaultRoles: file.defaultRoles.map((role) => ({
      ...role,
      permissions: role.permissions.filter((key) => key !== PRIVILEGED),
    })),
  };
  const metadata = operatorMetadata({ actorId: 'ana', requestId: 'r-1' });
  const { position } = await publishCatalogue({ store: server.store, file: without, metadata });
  expect(await server.readModels.waitFor(position!, 5_000)).toBe(true);
  const rest = ['EDIT_DETAILS', 'EDIT_PERMISSIONS', 'EDIT_MEMBERSHIP', 'DELETE'];
  expect(await actionsOn(roles['Keys']!)).toEqual(rest);
  expect(await actionsOn('User:kim')).toContain('DEACTIVATE');
  // A scope that left a permission counts no more.
  const counts = `{ node(id: "RolePermission:${roles['Plain']!.slice(5)}/logs/view") {
    ... on RolePermission { selectedScopeCount totalScopeCount scopes { selected } } } }`;
  const { node } = dataOf(await server.graphql(counts));
  expect(node).toEqual({
    selectedScopeCount: 6,
    totalScopeCount: 6,
    scopes: Array(6).fill({ selected: true }),
  });
  const users = { roleId: roles['Keys'], userIds: ['User:ben'], dryRun: true };
  expect(await codes('assignUsers', users)).toEqual(['ESCALATION']);
  expect(await codes('unassignUsers', { ...users, userIds: ['User:kim'] })).toEqual([]);
  expect(await codes('deleteRole', { id: roles['Keys'] })).toEqual([]);
});
