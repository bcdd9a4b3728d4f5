import {
  codesOf,
  dataOf,
  startTestServer,
  type AnyData,
  type RequestOptions,
  type TestServer,
} from './harness';

/** Many memberships in one request, over HTTP: as a frontend with ticked roles, or ticked users, sends them. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ben', 'cleo', 'dora'])
    await server.run({ type: 'registerUser', user, username: user, name: `Name of ${user}` });
  await server.run({ type: 'deactivateUser', user: 'dora' });
});
afterAll(() => server.close());

const USER_ROLES = `mutation ($input: UpdateUserRolesInput!) { updateUserRoles(input: $input) {
  results { roleId changed role { id name userCount } errors { code field ids } }
  user { id roles { id } } dryRun position projected errors { code field message } } }`;

const userRoles = async (input: object, options?: RequestOptions): Promise<AnyData> =>
  dataOf(await server.graphql(USER_ROLES, { input }, options)).updateUserRoles;

const historyCount = async (): Promise<number> =>
  dataOf(await server.graphql('{ history { totalCount } }')).history.totalCount;

describe('updateUserRoles', () => {
  const input = {
    userId: 'User:ben',
    assignRoleIds: ['Role:finance-manager', 'Role:r_none', 'Role:content-manager'],
    unassignRoleIds: ['Role:campaign-manager'],
    reason: 'HR-7',
    idempotencyKey: 'ben-7',
  };
  const missing = [{ code: 'NOT_FOUND', field: ['assignRoleIds', '1'], ids: ['Role:r_none'] }];

  test('each role is told in the order asked, and is there at once', async () => {
    await server.run({ type: 'assignUsers', role: 'campaign-manager', userIds: ['ben'] });
    const before = await historyCount();
    const dry = await userRoles({ ...input, dryRun: true });
    expect(dry).toMatchObject({
      results: [{ changed: true }, { errors: missing }, { changed: true }, { changed: true }],
      user: { roles: [{ id: 'Role:campaign-manager' }] },
      dryRun: true,
      position: null,
      projected: true,
      errors: [],
    });
    expect(await historyCount()).toBe(before);

    const done = await userRoles(input);
    expect(done).toEqual({
      results: [
        {
          roleId: 'Role:finance-manager',
          changed: true,
          role: { id: 'Role:finance-manager', name: 'Finance manager', userCount: 1 },
          errors: [],
        },
        { roleId: 'Role:r_none', changed: false, role: null, errors: missing },
        expect.objectContaining({ roleId: 'Role:content-manager', changed: true, errors: [] }),
        {
          roleId: 'Role:campaign-manager',
          changed: true,
          role: { id: 'Role:campaign-manager', name: expect.any(String), userCount: 0 },
          errors: [],
        },
      ],
      user: { id: 'User:ben', roles: [{ id: 'Role:finance-manager' }, { id: 'Role:content-manager' }] },
      dryRun: false,
      position: expect.any(String),
      projected: true,
      errors: [],
    });

    const again = await userRoles(input);
    expect(again.results.map(({ changed }: AnyData) => changed)).toEqual([false, false, false, false]);
    expect(again.user).toEqual(done.user);
    const { history } = dataOf(
      await server.graphql(
        '{ history(first: 3, filter: { user: "User:ben" }) { edges { node { type command reason requestId } } } }',
      ),
    );
    const nodes = history.edges.map(({ node }: AnyData) => node);
    expect(nodes.map(({ type, command, reason }: AnyData) => [type, command, reason])).toEqual([
      ['USER_ASSIGNED', 'assignUsers', 'HR-7'],
      ['USER_ASSIGNED', 'assignUsers', 'HR-7'],
      ['USER_UNASSIGNED', 'unassignUsers', 'HR-7'],
    ]);
    expect(new Set(nodes.map(({ requestId }: AnyData) => requestId)).size).toBe(1);
    expect(await historyCount()).toBe(before + 3);
  });

  test('who gives up the right to assign by it gets all that was asked', async () => {
    const { createRole } = dataOf(
      await server.graphql(`mutation { createRole(input: {
        name: "Assigners", grants: [{ permission: "roles/assign" }], userIds: ["User:cleo"]
      }) { role { id } errors { code } } }`),
    );
    const swap = { assignRoleIds: ['Role:finance-manager'], unassignRoleIds: [createRole.role.id] };
    const { results } = await userRoles({ userId: 'User:cleo', ...swap }, { as: 'cleo' });
    expect(results).toMatchObject([{ changed: true }, { changed: true }]);
    const after = await server.graphql(
      USER_ROLES,
      { input: { userId: 'User:cleo', ...swap } },
      { as: 'cleo' },
    );
    expect(codesOf(after)).toEqual(['FORBIDDEN']);
  });

  test.each<[string, object, string, string[] | null]>([
    ['a role twice', { assignRoleIds: ['Role:a', 'Role:a'] }, 'INVALID_INPUT', ['assignRoleIds', '1']],
    [
      'a role in both lists',
      { assignRoleIds: ['Role:a'], unassignRoleIds: ['Role:b', 'Role:a'] },
      'INVALID_INPUT',
      ['unassignRoleIds', '1'],
    ],
    ['the id of no role', { unassignRoleIds: ['User:ben'] }, 'INVALID_INPUT', ['unassignRoleIds', '0']],
    ['the id of no user', { userId: 'Role:a' }, 'NOT_FOUND', ['userId']],
    ['a reason that is too long', { reason: 'r'.repeat(201) }, 'REASON_TOO_LONG', ['reason']],
    [
      'too many roles',
      { assignRoleIds: Array.from({ length: 101 }, (_, index) => `Role:r${index}`) },
      'TOO_MANY',
      null,
    ],
  ])('%s is refused as a whole', async (_what, wrong, code, field) => {
    const payload = await userRoles({
      userId: 'User:ben',
      unassignRoleIds: ['Role:finance-manager'],
      ...wrong,
    });
    expect(payload).toMatchObject({ results: [], errors: [{ code, field }] });
    const { user } = dataOf(await server.graphql('{ user(id: "User:ben") { roles { id } } }'));
    expect(user.roles).toContainEqual({ id: 'Role:finance-manager' });
  });

  test('who lacks the right is told nothing about the input', async () => {
    for (const wrong of [{}, { userId: 'nonsense', assignRoleIds: ['x', 'x'] }]) {
      const answer = await server.graphql(
        USER_ROLES,
        { input: { userId: 'User:ben', ...wrong } },
        { as: 'ben' },
      );
      expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    }
  });

  test('its outcome is logged with the codes of its parts', async () => {
    await userRoles({ userId: 'User:dora', assignRoleIds: ['Role:finance-manager'] });
    expect(server.log.filter(({ msg }) => msg === 'mutation').at(-1)).toMatchObject({
      mutation: 'updateUserRoles',
      outcome: 'refused',
      codes: ['USER_INACTIVE'],
    });
  });

  test('a hundred roles fit a request', async () => {
    const assignRoleIds = Array.from({ length: 100 }, (_, index) => `Role:r${index}`);
    const { results } = await userRoles({ userId: 'User:ben', assignRoleIds });
    expect(results).toHaveLength(100);
  });
});

describe('updateRoleUsers', () => {
  const roleUsers = async (input: object): Promise<AnyData> =>
    dataOf(
      await server.graphql(
        `mutation ($input: UpdateRoleUsersInput!) { updateRoleUsers(input: $input) {
          results { userId changed user { id name } errors { code field ids } }
          role { id userCount } dryRun position projected errors { code field } } }`,
        { input },
      ),
    ).updateRoleUsers;

  test('each of the ticked users is told, and one who is refused does not hold up the others', async () => {
    const roleId = 'Role:knowledge-base-user';
    const input = {
      roleId,
      assignUserIds: ['User:ben', 'User:dora', 'User:nobody', 'User:cleo'],
      unassignUserIds: ['User:ada'],
      idempotencyKey: 'ticked',
    };
    const told = [
      { userId: 'User:ben', changed: true, user: { id: 'User:ben', name: 'Name of ben' }, errors: [] },
      {
        userId: 'User:dora',
        changed: false,
        user: { id: 'User:dora', name: 'Name of dora' },
        errors: [{ code: 'USER_INACTIVE', field: ['assignUserIds', '1'], ids: ['User:dora'] }],
      },
      {
        userId: 'User:nobody',
        changed: false,
        user: null,
        errors: [{ code: 'UNKNOWN_USER', field: ['assignUserIds', '2'], ids: ['User:nobody'] }],
      },
      { userId: 'User:cleo', changed: true, user: { id: 'User:cleo', name: 'Name of cleo' }, errors: [] },
      { userId: 'User:ada', changed: false, user: { id: 'User:ada', name: 'Ada Admin' }, errors: [] },
    ];
    const dry = await roleUsers({ ...input, dryRun: true });
    expect(dry).toEqual({
      results: told,
      role: { id: roleId, userCount: 0 },
      dryRun: true,
      position: null,
      projected: true,
      errors: [],
    });
    const done = await roleUsers(input);
    expect(done).toMatchObject({ results: told, role: { userCount: 2 }, dryRun: false, errors: [] });
    const again = await roleUsers(input);
    expect(again.results).toEqual(told.map((each) => ({ ...each, changed: false })));
  });

  test('faults of the role, and of the whole', async () => {
    const none = { code: 'NOT_FOUND', field: ['roleId'] };
    expect((await roleUsers({ roleId: 'Role:r_none', assignUserIds: ['User:ben'] })).results).toMatchObject([
      { changed: false, errors: [none] },
    ]);
    expect(await roleUsers({ roleId: 'User:ben', assignUserIds: ['User:ben'] })).toMatchObject({
      results: [],
      errors: [none],
    });
    const twice = {
      roleId: 'Role:finance-manager',
      assignUserIds: ['User:ben'],
      unassignUserIds: ['User:ben'],
    };
    expect(await roleUsers(twice)).toMatchObject({
      results: [],
      errors: [{ code: 'INVALID_INPUT', field: ['unassignUserIds', '0'] }],
    });
  });

  test('two hundred users fit a request', async () => {
    const assignUserIds = Array.from({ length: 200 }, (_, index) => `User:u${index}`);
    expect((await roleUsers({ roleId: 'Role:finance-manager', assignUserIds })).results).toHaveLength(200);
  });
});

test.each(['assignUsers', 'unassignUsers'])(
  '%s: a dry run counts, refuses, and writes nothing',
  async (name) => {
    const role = name === 'assignUsers' ? 'campaign-content-creator' : 'chatbot-designer';
    const roleId = `Role:${role}`;
    if (name === 'unassignUsers') await server.run({ type: 'assignUsers', role, userIds: ['cleo'] });
    const run = async (input: object): Promise<AnyData> => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) {
      role { userCount } changeCount dryRun position projected errors { code field ids } } }`;
      return dataOf(await server.graphql(document, { input: { roleId, ...input } }))[name];
    };
    const before = await historyCount();
    const userIds = name === 'assignUsers' ? ['User:ben', 'User:ada'] : ['User:cleo', 'User:ada'];
    const changeCount = name === 'assignUsers' ? 2 : 1;
    const nothing = { role: null, dryRun: true, position: null, projected: true };
    expect(await run({ userIds, dryRun: true })).toEqual({ ...nothing, changeCount, errors: [] });
    expect(await run({ userIds: [...userIds, 'User:nobody'], dryRun: true })).toEqual({
      ...nothing,
      changeCount: 0,
      errors: [{ code: 'UNKNOWN_USER', field: ['userIds'], ids: ['User:nobody'] }],
    });
    expect(await historyCount()).toBe(before);
    expect(await run({ userIds, dryRun: false })).toMatchObject({ changeCount, dryRun: false, errors: [] });
    expect(await run({ userIds })).toMatchObject({ changeCount: 0, position: expect.any(String) });
  },
);
