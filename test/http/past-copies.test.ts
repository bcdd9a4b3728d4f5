import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { ACCOUNT, ADMIN, codesOf, dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Mutations and the past: nothing in it can be changed, and a copy of a role brings it back. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ben', 'cleo', 'dan', 'eva'])
    await server.run({ type: 'registerUser', user, username: `${user}@example.com`, name: user });
});
afterAll(() => server.close());

/** Position of the present, as the moment of what is now. */
async function moment(): Promise<string> {
  const { account } = dataOf(
    await server.graphql('{ account(asOf: { time: "2100-01-01" }) { asOf { position } } }'),
  );
  return account.asOf.position as string;
}

const PAYLOAD = `errors { code message field ids permissions currentVersion } projected
  role { id asOf { position } name description permissionCount users { edges { node { id } } }
    sections { permissions { selected available permission { key } scopes { name selected } } } }`;
const DUPLICATE = `mutation ($input: DuplicateRoleInput!) { duplicateRole(input: $input) { ${PAYLOAD} } }`;

async function mutate(mutation: string, input: object, as = ADMIN): Promise<AnyData> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${mutation}(input: $input) { ${PAYLOAD} } }`;
  const payload = dataOf(await server.graphql(query, { input }, { as }))[mutation];
  await sleep(3);
  return payload;
}

async function create(input: object): Promise<string> {
  const { errors, role } = await mutate('createRole', input);
  expect(errors).toEqual([]);
  return role.id;
}

/** Grants of a role with the scopes kept, and if they have effect. */
const grantsOf = (role: AnyData): Record<string, [boolean, string[]]> =>
  Object.fromEntries(
    role.sections
      .flatMap(({ permissions }: AnyData) => permissions)
      .filter(({ selected }: AnyData) => selected)
      .map(({ permission, available, scopes }: AnyData) => [
        permission.key,
        [available, scopes.filter(({ selected }: AnyData) => selected).map(({ name }: AnyData) => name)],
      ]),
  );
const usersOf = (role: AnyData): string[] => role.users.edges.map(({ node }: AnyData) => node.id);

test('a deleted role comes back as it was: grants, scopes, and those of its users who are active now', async () => {
  const id = await create({
    name: 'Night desk',
    description: 'At night.',
    grants: [
      { permission: 'logs/view', scopes: ['sms:logs:read'] },
      { permission: 'people/view', scopes: [] },
    ],
    userIds: ['User:ben', 'User:cleo', 'User:dan'],
  });
  const then = `${id}@${await moment()}`;
  await mutate('updateRole', {
    id,
    name: 'Day desk',
    description: null,
    grants: [{ permission: 'people/view' }],
  });
  await mutate('unassignUsers', { roleId: id, userIds: ['User:ben'] });
  await server.run({ type: 'deactivateUser', user: 'cleo' });
  await server.run({ type: 'eraseUser', user: 'dan' });
  const later = `${id}@${await moment()}`;
  await server.graphql(`mutation { deleteRole(input: { id: "${id}" }) { errors { code } } }`);
  const deleted = `${id}@${await moment()}`;

  const back = await mutate('duplicateRole', { id: then, withUsers: true });
  expect(back.errors).toEqual([]);
  expect(back.role).toMatchObject({ name: 'Copy of Night desk', description: 'At night.', asOf: null });
  expect(grantsOf(back.role)).toEqual({ 'logs/view': [true, ['sms:logs:read']], 'people/view': [true, []] });
  expect(usersOf(back.role)).toEqual(['User:ben']);
  const { history } = dataOf(
    await server.graphql(
      'query ($id: ID!) { role(id: $id) { history(first: 10) { edges { node { type } } } } }',
      {
        id: back.role.id,
      },
    ),
  ).role;
  const types = history.edges.map(({ node }: AnyData) => node.type);
  expect(types.sort()).toEqual(['PERMISSION_GRANTED', 'PERMISSION_GRANTED', 'ROLE_CREATED', 'USER_ASSIGNED']);

  const other = await mutate('duplicateRole', { id: later, name: 'Day desk', withUsers: true });
  expect([other.errors, other.role.name, grantsOf(other.role), usersOf(other.role)]).toEqual([
    [],
    'Day desk',
    { 'people/view': [true, []] },
    [],
  ]);
  // The name of then is free again for whoever brings the role back, once.
  expect((await mutate('duplicateRole', { id: later, name: 'Day desk' })).errors[0].code).toBe('NAME_TAKEN');
  for (const gone of [deleted, id, `Role:none@${await moment()}`])
    expect((await mutate('duplicateRole', { id: gone })).errors).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', field: ['id'], ids: [gone.split('@')[0]] }),
    ]);
});

test('a copy as of then rests on the version of then, and on one moment under one key', async () => {
  const id = await create({ name: 'Versioned' });
  const first = `${id}@${await moment()}`;
  await mutate('grantPermissions', { roleId: id, grants: [{ permission: 'people/view' }] });
  const second = `${id}@${await moment()}`;
  const { errors } = await mutate('duplicateRole', { id: first, expectedVersion: 2 });
  expect(errors).toEqual([expect.objectContaining({ code: 'VERSION_CONFLICT', currentVersion: 1 })]);
  const key = { idempotencyKey: 'back', name: 'Back' };
  const made = await mutate('duplicateRole', { id: first, expectedVersion: 1, ...key });
  expect([made.errors, made.role.permissionCount]).toEqual([[], 0]);
  expect((await mutate('duplicateRole', { id: first, expectedVersion: 1, ...key })).role.id).toBe(
    made.role.id,
  );
  for (const otherwise of [second, id])
    expect((await mutate('duplicateRole', { id: otherwise, expectedVersion: 1, ...key })).errors).toEqual([
      expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED' }),
    ]);
});

test('what grants privileged permissions is brought back only by someone who has them', async () => {
  const id = await create({
    name: 'Keys',
    grants: [{ permission: 'api-keys/manage' }],
    userIds: ['User:ben'],
  });
  const grants = [{ permission: 'roles/manage' }, { permission: 'roles/view' }];
  await create({ name: 'Managing', grants, userIds: ['User:eva'] });
  const then = `${id}@${await moment()}`;
  await mutate('updateRole', { id, grants: [] });
  expect((await mutate('duplicateRole', { id: then }, 'eva')).errors).toEqual([
    expect.objectContaining({ code: 'ESCALATION', field: ['id'], permissions: ['api-keys/manage'] }),
  ]);
  expect((await mutate('duplicateRole', { id }, 'eva')).errors).toEqual([]);
  expect((await mutate('duplicateRole', { id: then })).errors).toEqual([]);
});

test('a default role as it was is copied with permissions that it has no longer, and with retired ones, which are withheld', async () => {
  const key = 'finance-manager';
  const shown = dataOf(
    await server.graphql(`{ role(id: "Role:${key}") { name sections {
    permissions { selected available permission { key } scopes { name selected } } } } }`),
  ).role;
  const then = `Role:${key}@${await moment()}`;
  const file = JSON.parse(
    readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
  ) as CatalogueFile;
  const [gone, dropped] = ['balance/view', 'accounts/view'];
  const next: CatalogueFile = {
    ...file,
    version: file.version + 1,
    permissions: file.permissions.filter((each) => each.key !== gone),
    defaultRoles: file.defaultRoles.map((role) => ({
      ...role,
      ...(role.key === key ? { name: 'Finance lead' } : {}),
      permissions: role.permissions.filter((each) => each !== gone && (role.key !== key || each !== dropped)),
    })),
  };
  const metadata = operatorMetadata({ actorId: 'ana', requestId: 'r-1' });
  const { position } = await publishCatalogue({ store: server.store, file: next, metadata });
  expect(await server.readModels.waitFor(position!, 5_000)).toBe(true);

  const copy = await mutate('duplicateRole', { id: then });
  expect(copy.errors).toEqual([]);
  expect(copy.role.name).toBe('Copy of Finance manager');
  const before = grantsOf(shown);
  expect(before[dropped!]).toEqual([true, expect.anything()]);
  expect(grantsOf(copy.role)).toEqual({ ...before, [gone!]: [false, before[gone!]![1]] });
  const now = await mutate('duplicateRole', { id: `Role:${key}` });
  expect(now.role.name).toBe('Copy of Finance lead');
  expect(Object.keys(grantsOf(now.role))).not.toContain(dropped);
});

test('rights go before the moment, a moment that is none is told as elsewhere, and nothing is written', async () => {
  const before = (await server.store.head())!.position;
  const refused = async (id: string, as: string): Promise<unknown[]> =>
    codesOf(await server.graphql(DUPLICATE, { input: { id } }, { as }));
  for (const at of ['nonsense', `zzzzzzzz.${'0'.repeat(25)}`])
    expect(await refused(`Role:campaign-manager@${at}`, 'ben')).toEqual(['FORBIDDEN']);
  expect(await refused('Role:campaign-manager@nonsense', ADMIN)).toEqual(['BAD_USER_INPUT']);
  expect(await refused(`Role:campaign-manager@zzzzzzzz.${'0'.repeat(25)}`, ADMIN)).toEqual([
    'POSITION_OF_ANOTHER_STORE',
  ]);
  // The operator's way in does not wait: it is told to come back.
  const ahead = server.bus.execute(
    { type: 'duplicateRole', role: 'campaign-manager', asOf: 1_000_000 },
    { account: ACCOUNT, actor: { type: 'operator', id: 'test' }, requestId: 'test' },
  );
  await expect(ahead).rejects.toMatchObject({ code: 'STALE_REPLICA' });
  expect((await server.store.head())!.position).toBe(before);
});

test('mutations refuse ids of the past, wherever they take one', async () => {
  const at = await moment();
  const manager = `Role:campaign-manager@${at}`;
  const ben = `User:ben@${at}`;
  const before = await server.store.head();
  const lists = [`userIds: ["User:${ADMIN}", "${ben}"]`, ['userIds', '1'], ['User:ben']] as const;
  for (const [mutation, input, field, ids] of [
    ['updateRole', `id: "${manager}", name: "Then"`, ['id'], ['Role:campaign-manager']],
    ['deleteRole', `id: "${manager}"`, ['id'], ['Role:campaign-manager']],
    ['grantPermissions', `roleId: "${manager}", grants: []`, ['roleId'], ['Role:campaign-manager']],
    ['assignUsers', `roleId: "Role:campaign-manager", ${lists[0]}`, lists[1], lists[2]],
    ['unassignUsers', `roleId: "Role:campaign-manager", ${lists[0]}`, lists[1], lists[2]],
    ['createRole', `name: "New", ${lists[0]}`, lists[1], lists[2]],
    ['registerUser', `username: "new", id: "${ben}"`, ['id'], ['User:ben']],
    ['updateUser', `id: "${ben}", name: "Then"`, ['id'], ['User:ben']],
    ['deactivateUser', `id: "${ben}"`, ['id'], ['User:ben']],
    ['eraseUser', `id: "${ben}"`, ['id'], ['User:ben']],
  ] as const) {
    const told = await server.graphql(
      `mutation { ${mutation}(input: { ${input} }) { errors { code field ids } position } }`,
    );
    expect([mutation, dataOf(told)[mutation]]).toEqual([
      mutation,
      { errors: [{ code: 'PAST_OBJECT', field, ids }], position: null },
    ]);
  }
  expect((await server.store.head())!.position).toBe(before!.position);
});
