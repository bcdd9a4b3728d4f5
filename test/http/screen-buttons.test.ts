import { readFileSync } from 'node:fs';
import path from 'node:path';
import { operationsOf } from '../docs/operations';
import { dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Buttons of the screens as docs/screens.md has them, pressed one after another; each is guarded and safe to repeat. */

const operations = operationsOf('docs/screens.md');
const textOf = (name: string): string => operations.find((operation) => operation.name === name)?.text ?? '';
const buttons = operations.filter(({ text }) => text.startsWith('mutation')).map(({ name }) => name);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ben', 'cleo'])
    await server.run({ type: 'registerUser', user, username: user, name: user });
});
afterAll(() => server.close());

const pressed = new Set<string>();

/** Presses a button twice, as a client does that lost the answer; its payload. */
async function press(name: string, input: object): Promise<AnyData> {
  pressed.add(name);
  const variables = { input: { ...input, idempotencyKey: `${name} ${pressed.size}`, reason: 'HR-1' } };
  const [first, second] = [
    dataOf(await server.graphql(textOf(name), variables)),
    dataOf(await server.graphql(textOf(name), variables)),
  ];
  const [payload] = Object.values(first) as AnyData[];
  expect([name, payload]).toEqual([name, expect.objectContaining({ errors: [], projected: true })]);
  const [repeated] = Object.values(second) as AnyData[];
  expect(repeated?.errors).toEqual([]);
  return payload!;
}

const ask = async (name: string, variables: object = {}): Promise<AnyData> =>
  dataOf(await server.graphql(textOf(name), variables));

const sectionOf = (role: AnyData, key: string): AnyData =>
  role.sections.find(({ id }: AnyData) => id.endsWith(`/${key}`)) as AnyData;

/** From the page of a new role to its end. */
async function workOnRole(): Promise<void> {
  const created = await press('SaveNewRole', {
    name: 'Night desk',
    grants: [{ permission: 'logs/view', scopes: ['sms:logs:read'] }],
    userIds: ['User:ben'],
  });
  const { id, version: first } = created.role;
  expect(created.role).toMatchObject({ userCount: 1, permissionCount: 1, scopeCount: 1 });

  const saved = await press('SaveRole', { id, expectedVersion: first, description: 'From 22 to 6.' });
  const ticked = await press('TickPermissions', {
    roleId: id,
    expectedVersion: saved.role.version,
    grants: [{ permission: 'reports/view' }],
  });
  expect(ticked.role.permissionCount).toBe(2);
  const all = await press('SelectAllOfSection', {
    roleId: id,
    expectedVersion: ticked.role.version,
    section: 'analyze',
    selected: true,
  });
  const { selectedCount, permissions } = sectionOf(all.role, 'analyze');
  expect(selectedCount).toBe(permissions.length);
  const unticked = await press('UntickPermissions', {
    roleId: id,
    expectedVersion: all.role.version,
    permissions: ['reports/view'],
  });
  expect(sectionOf(unticked.role, 'analyze').selectedCount).toBe(selectedCount - 1);
  const scoped = await press('SaveScopes', {
    roleId: id,
    expectedVersion: unticked.role.version,
    permission: 'logs/view',
    scopes: ['sms:logs:read', 'email:logs:read'],
  });
  const logs = sectionOf(scoped.role, 'analyze').permissions.find(({ id: each }: AnyData) =>
    each.endsWith('logs/view'),
  );
  expect(logs.selectedScopeCount).toBe(2);

  const { version: expectedVersion } = scoped.role;
  const assigned = await press('AssignUsers', { roleId: id, expectedVersion, userIds: ['User:cleo'] });
  expect([assigned.changeCount, assigned.role.userCount]).toEqual([1, 2]);
  const unassigned = await press('UnassignUsers', { roleId: id, userIds: ['User:ben'] });
  expect([unassigned.changeCount, unassigned.role.userCount]).toEqual([1, 1]);

  const copy = await press('DuplicateRole', { id, withUsers: true });
  expect(copy.role).toMatchObject({ name: 'Copy of Night desk', userCount: 1, kind: 'CUSTOM' });
  const { role } = await ask('DeleteQuestion', { id: copy.role.id });
  expect(role).toMatchObject({ users: { nodes: [{ id: 'User:cleo' }] }, userCount: 1 });
  const deleted = await press('DeleteRole', { id: role.id, expectedVersion: role.version });
  expect(deleted.deletedRoleId).toBe(role.id);
}

/** On the page of a user, and of the features. */
async function workOnUser(): Promise<void> {
  const { user } = await press('AddUser', { username: 'dan', name: 'Dan Roe' });
  const { id } = user;
  expect((await press('SaveUser', { id, externalId: 'hr-7' })).user.externalId).toBe('hr-7');
  const roles = await press('SaveUserRoles', { userId: id, assignRoleIds: ['Role:finance-manager'] });
  expect(roles.results).toMatchObject([{ changed: true, errors: [] }]);
  expect(roles.user.assignments).toMatchObject([{ role: { id: 'Role:finance-manager' } }]);
  expect((await press('DeactivateUser', { id })).user.allowedActions).toContain('REACTIVATE');
  expect((await press('ReactivateUser', { id })).user.status).toBe('ACTIVE');
  expect((await press('EraseUser', { id })).user).toMatchObject({ status: 'ERASED', allowedActions: [] });

  const off = await press('DisableFeature', { feature: 'BILLING' });
  expect(off.account.features).toContainEqual({ id: 'Feature:BILLING', enabled: false });
  await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['ben'] });
  const { user: ben } = await ask('UserAccess', { id: 'User:ben' });
  expect(ben.effectivePermissions.withheld).toContainEqual(
    expect.objectContaining({ id: 'WithheldPermission:ben/balance/view', reason: 'FEATURE_DISABLED' }),
  );
  const on = await press('EnableFeature', { feature: 'BILLING' });
  expect(on.account.features).toContainEqual({ id: 'Feature:BILLING', enabled: true });
}

test('each does what it says, all of them', async () => {
  await workOnRole();
  await workOnUser();
  expect([...pressed].sort()).toEqual([...buttons].sort());
});

test('counts of a screen are those of its lists', async () => {
  const grants = ['logs/view', 'logs/export', 'people/view'].map((permission) => ({ permission }));
  await server.run({ type: 'createRole', name: 'A reader', grants });
  const { roles, defaultTab, customTab, account } = await ask('RoleList', { kind: 'CUSTOM' });
  expect([defaultTab.totalCount, customTab.totalCount]).toEqual([18, roles.totalCount]);
  expect(account.allowedActions).toContain('CREATE_ROLE');
  const { role } = await ask('RolePermissions', { id: roles.edges[0].node.id });
  expect(role).toMatchObject(roles.edges[0].node);
  const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
  expect(sum(role.sections.map(({ selectedCount }: AnyData) => selectedCount))).toBe(role.permissionCount);
  const { permissionCatalogue } = await ask('NewRole');
  for (const [index, section] of (role.sections as AnyData[]).entries()) {
    expect(section.totalCount).toBe(section.permissions.length);
    expect(section.selectedCount).toBe(
      section.permissions.filter(({ selected }: AnyData) => selected).length,
    );
    expect(permissionCatalogue.sections[index]).toMatchObject({
      key: section.key,
      totalCount: section.totalCount,
    });
  }
  const shown = role.sections.flatMap(({ permissions }: AnyData) => permissions) as AnyData[];
  for (const { id, permission, ...counts } of shown.filter(({ permission: { key } }) => /^logs/.test(key))) {
    const { node } = await ask('ScopesOfRole', { id });
    expect(node.scopes).toHaveLength(counts.totalScopeCount);
    expect(node.scopes.filter(({ selected }: AnyData) => selected)).toHaveLength(counts.selectedScopeCount);
    const { node: listed } = await ask('ScopesOfPermission', { id: permission.id });
    expect(listed.scopes).toHaveLength(listed.totalScopeCount);
  }
  const { history } = await ask('HistoryPanel', { filter: { role: role.id } });
  expect([history.totalCount, history.edges.length]).toEqual([4, 4]);
});

test('errors are those that the page for frontends shows', async () => {
  const text = readFileSync(path.join(__dirname, '../../docs/frontend.md'), 'utf8');
  const [, errors = ''] = /^## Errors\n([^]*?)^## /m.exec(text) ?? [];
  const shown = [...errors.matchAll(/^```json\n([^]*?)^```/gm)].map(
    ([, json = '']) => JSON.parse(json) as object,
  );
  const grants = ['logs/view', 'logs/export', 'people/view', 'forms/view'].map((permission) => ({
    permission,
  }));
  await server.run({ type: 'createRole', name: 'A page that is old', grants });
  const { roles } = await ask('RoleList', { kind: 'CUSTOM', search: 'a page that is old' });
  const save = `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) {
    role { id } errors { code message field ids permissions currentVersion } } }`;
  const input = { id: roles.edges[0].node.id, expectedVersion: 4, name: 'Other' };
  const { extensions: _, ...forbidden } = await answerTo('{ history { totalCount } me { id } }', {}, 'ben');
  const { extensions: __, ...refused } = await answerTo(save, { input });
  expect([refused, forbidden]).toEqual(shown);
});

async function answerTo(query: string, variables: object, as?: string): Promise<AnyData> {
  const { status: _, headers: __, ...answer } = await server.graphql(query, variables, { as });
  return answer;
}
