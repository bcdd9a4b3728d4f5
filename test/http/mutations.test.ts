import { codesOf, dataOf, startTestServer, type TestServer } from './harness';

const PAYLOAD = `errors { code message field ids permissions currentVersion } position projected`;
const ROLE = `role { id name description version userCount permissionCount }`;

/** One mutation that answers with a role. */
const change = (name: string, input: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { ${ROLE} ${PAYLOAD} } }`;

describe('Mutations over HTTP', () => {
  let server: TestServer;

  const mutate = async (name: string, input: object, options?: { as?: string }) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    return dataOf(await server.graphql(change(name, type), { input }, options))[name];
  };

  beforeAll(async () => {
    server = await startTestServer();
    for (const [user, name] of [
      ['ben', 'Ben Okri'],
      ['cleo', 'Cléo Blanc'],
    ] as const)
      await server.run({ type: 'registerUser', user, username: `${user}@example.com`, name });
  });
  afterAll(() => server.close());

  test('a role is created, and the answer shows it', async () => {
    const payload = await mutate('createRole', {
      name: 'Launchers',
      description: 'Who may launch',
      grants: [{ permission: 'campaigns/launch' }],
      userIds: ['User:ben'],
      reason: 'TICKET-1',
    });
    expect(payload).toEqual({
      role: {
        id: expect.stringMatching(/^Role:r_/),
        name: 'Launchers',
        description: 'Who may launch',
        version: 3,
        userCount: 1,
        permissionCount: 1,
      },
      errors: [],
      position: expect.stringMatching(/^[0-9a-z]{8}\.[0-9a-z]{25}$/),
      projected: true,
    });
  });

  test('saving the whole role page is one request', async () => {
    const { role } = await mutate('createRole', {
      name: 'Page',
      grants: [{ permission: 'campaigns/launch' }],
    });
    const saved = await mutate('updateRole', {
      id: role.id,
      name: 'Page, saved',
      description: null,
      grants: [{ permission: 'people/view', scopes: [] }],
      assignUserIds: ['User:ben', 'User:cleo'],
      expectedVersion: role.version,
    });
    expect(saved.errors).toEqual([]);
    expect(saved.role).toMatchObject({
      name: 'Page, saved',
      description: null,
      userCount: 2,
      permissionCount: 1,
    });
    const stale = await mutate('updateRole', { id: role.id, name: 'Late', expectedVersion: role.version });
    expect(stale).toMatchObject({
      role: null,
      projected: true,
      errors: [{ code: 'VERSION_CONFLICT', field: ['expectedVersion'], currentVersion: saved.role.version }],
    });
  });

  test('steps on the role page', async () => {
    const { role } = await mutate('createRole', { name: 'Steps' });
    const roleId = role.id;
    const granted = await mutate('grantPermissions', {
      roleId,
      grants: [{ permission: 'campaigns/launch' }],
    });
    expect(granted.role.permissionCount).toBe(1);
    const scoped = await mutate('setPermissionScopes', {
      roleId,
      permission: 'campaigns/launch',
      scopes: [],
    });
    expect(scoped.errors).toEqual([]);
    const all = await mutate('selectSection', { roleId, section: 'account', selected: true });
    expect(all.role.permissionCount).toBeGreaterThan(5);
    const revoked = await mutate('revokePermissions', { roleId, permissions: ['campaigns/launch'] });
    expect(revoked.role.permissionCount).toBe(all.role.permissionCount - 1);
    expect((await mutate('assignUsers', { roleId, userIds: ['User:ben'] })).role.userCount).toBe(1);
    expect((await mutate('unassignUsers', { roleId, userIds: ['User:ben'] })).role.userCount).toBe(0);
    const copy = await mutate('duplicateRole', { id: roleId });
    expect(copy.role).toMatchObject({ name: 'Copy of Steps', permissionCount: revoked.role.permissionCount });
  });

  test('scopes left out of a grant are all of them, none where they are null or empty', async () => {
    const scopeCount = async (scopes: object): Promise<number> => {
      const grants = [{ permission: 'campaigns/launch', ...scopes }];
      const { role } = await mutate('createRole', { name: `Scopes ${JSON.stringify(scopes)}`, grants });
      const answer = await server.graphql('query ($id: ID!) { role(id: $id) { scopeCount } }', role);
      return dataOf(answer).role.scopeCount;
    };
    expect(await scopeCount({})).toBeGreaterThan(0);
    expect(await scopeCount({ scopes: null })).toBe(0);
    expect(await scopeCount({ scopes: [] })).toBe(0);
  });

  test('a deleted role says when, and stays to be read', async () => {
    const { role } = await mutate('createRole', { name: 'Short-lived' });
    const { deleteRole } = dataOf(
      await server.graphql(
        `mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { deletedRoleId role { name deletedAt allowedActions } ${PAYLOAD} } }`,
        { input: { id: role.id } },
      ),
    );
    expect(deleteRole).toMatchObject({
      deletedRoleId: role.id,
      role: { name: 'Short-lived', deletedAt: expect.any(String), allowedActions: [] },
      errors: [],
    });
  });

  test('refusals name the field, the ids and the permissions', async () => {
    const refused = await mutate('createRole', {
      name: ' ',
      grants: [{ permission: 'no/such' }, { permission: 'campaigns/launch', scopes: ['x:y'] }],
      userIds: ['User:nobody'],
    });
    expect(refused.role).toBeNull();
    expect(refused.errors.map(({ code }: { code: string }) => code).sort()).toEqual([
      'NAME_REQUIRED',
      'UNKNOWN_PERMISSION',
      'UNKNOWN_SCOPE',
      'UNKNOWN_USER',
    ]);
    expect(refused.errors).toContainEqual(
      expect.objectContaining({ code: 'UNKNOWN_USER', field: ['userIds'], ids: ['User:nobody'] }),
    );
    const immutable = await mutate('updateRole', { id: 'Role:account-admin', name: 'Mine' });
    expect(immutable.errors).toMatchObject([{ code: 'DEFAULT_ROLE_IMMUTABLE', field: ['name'] }]);
    const last = await mutate('unassignUsers', { roleId: 'Role:account-admin', userIds: ['User:ada'] });
    expect(last.errors).toMatchObject([{ code: 'LAST_ADMIN', ids: ['User:ada'] }]);
  });

  test('malformed input is told in the payload, with the path of each field', async () => {
    const refused = await mutate('createRole', {
      name: 'Fine',
      description: 'bell \u0007',
      grants: [{ permission: 'campaigns/launch' }, { permission: 'broken \ud800' }],
      userIds: ['User:ben', 'ben'],
      idempotencyKey: '',
    });
    expect(refused.errors.map(({ code, field }: { code: string; field: string[] }) => [code, field])).toEqual(
      expect.arrayContaining([
        ['INVALID_INPUT', ['description']],
        ['INVALID_INPUT', ['grants', '1', 'permission']],
        ['INVALID_INPUT', ['userIds', '1']],
        ['INVALID_INPUT', ['idempotencyKey']],
      ]),
    );
    expect(refused.errors).toHaveLength(4);
  });

  test.each([
    ['updateRole', { id: 'nonsense' }, 'id'],
    ['updateRole', { id: 'User:ben', name: 'x' }, 'id'],
    ['duplicateRole', { id: 'Role:r_none' }, 'id'],
    ['grantPermissions', { roleId: 'Role:r_none', grants: [] }, 'roleId'],
    ['assignUsers', { roleId: 'nonsense', userIds: [] }, 'roleId'],
  ])('%s of %j is NOT_FOUND', async (name, input, field) => {
    expect((await mutate(name, input)).errors).toMatchObject([{ code: 'NOT_FOUND', field: [field] }]);
  });

  test('the same key answers the first outcome; with another input it is refused', async () => {
    const input = { name: 'Once', idempotencyKey: 'key-1' };
    const first = await mutate('createRole', input);
    const again = await mutate('createRole', input);
    expect(again.role.id).toBe(first.role.id);
    expect(again.position).toBe(first.position);
    const other = await mutate('createRole', { ...input, name: 'Twice' });
    expect(other.errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
  });

  test('users and features', async () => {
    const user = (name: string, input: object) =>
      server.graphql(
        `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { user { id username name status lastLoginAt } ${PAYLOAD} } }`,
        { input },
      );
    const eve = 'User:eve';
    expect(dataOf(await user('registerUser', { username: 'eve', id: eve })).registerUser).toMatchObject({
      user: { id: eve, username: 'eve', name: 'eve', status: 'ACTIVE' },
      errors: [],
    });
    expect(dataOf(await user('registerUser', { username: 'EVE' })).registerUser.errors).toMatchObject([
      { code: 'USERNAME_TAKEN', field: ['username'], ids: [eve] },
    ]);
    expect(dataOf(await user('updateUser', { id: eve, name: 'Eve Ek' })).updateUser.user.name).toBe('Eve Ek');
    expect(
      dataOf(await user('recordLogin', { id: eve, at: '2026-01-02T03:04:05Z' })).recordLogin.user.lastLoginAt,
    ).toMatch('2026-01-02T03:04:05');
    expect(
      dataOf(await user('recordLogin', { id: eve, at: '2999-01-02T03:04:05Z' })).recordLogin.errors,
    ).toMatchObject([{ code: 'INVALID_INPUT', field: ['at'] }]);
    expect(dataOf(await user('deactivateUser', { id: eve })).deactivateUser.user.status).toBe('INACTIVE');
    expect(dataOf(await user('reactivateUser', { id: eve })).reactivateUser.user.status).toBe('ACTIVE');
    expect(dataOf(await user('deactivateUser', { id: 'User:ada' })).deactivateUser.errors).toMatchObject([
      { code: 'SELF_DEACTIVATION', field: ['id'] },
    ]);
    expect(dataOf(await user('deactivateUser', { id: 'eve' })).deactivateUser.errors).toMatchObject([
      { code: 'NOT_FOUND', field: ['id'] },
    ]);

    const feature = (name: string, key: string) =>
      server.graphql(
        `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { account { features { key enabled } } ${PAYLOAD} } }`,
        { input: { feature: key } },
      );
    const { disableFeature } = dataOf(await feature('disableFeature', 'FLOW'));
    expect(disableFeature.account.features).toContainEqual({ key: 'FLOW', enabled: false });
    expect(dataOf(await feature('enableFeature', 'FLOW')).enableFeature.errors).toEqual([]);
    expect(dataOf(await feature('disableFeature', 'ACCOUNT_SETTINGS')).disableFeature.errors).toMatchObject([
      { code: 'FEATURE_REQUIRED', field: ['feature'] },
    ]);
  });

  test('who lacks the right gets a top-level error', async () => {
    const answer = await server.graphql(
      change('createRole', 'CreateRoleInput'),
      { input: { name: 'No' } },
      { as: 'ben' },
    );
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(answer.data).toEqual({ createRole: null });
  });

  test.each([
    ['createRole', 'CreateRoleInput', { name: 'x\u0000', grants: [{ permission: '\u0000' }] }],
    ['assignUsers', 'AssignUsersInput', { roleId: 'malformed', userIds: ['malformed'] }],
    ['assignUsers', 'AssignUsersInput', { roleId: 'Role:no-such', userIds: ['User:nobody'] }],
    ['assignUsers', 'AssignUsersInput', { roleId: 'Role:x', userIds: Array(1_001).fill('User:u') }],
    ['deleteRole', 'DeleteRoleInput', { id: 'Role:x', reason: 'r'.repeat(201) }],
    ['updateRole', 'UpdateRoleInput', { id: 'Role:x', name: 'x', idempotencyKey: '' }],
  ])('who lacks the right is told nothing about the input of %s', async (name, type, input) => {
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${PAYLOAD} } }`;
    expect(codesOf(await server.graphql(text, { input }, { as: 'ben' }))).toEqual(['FORBIDDEN']);
    expect(dataOf(await server.graphql(text, { input }))[name].errors).not.toEqual([]);
  });

  test('several in one request run one after another, each on what the one before it wrote', async () => {
    const { a, b } = dataOf(
      await server.graphql(`mutation {
        a: assignUsers(input: { roleId: "Role:finance-manager", userIds: ["User:ben"] }) { role { userCount } }
        b: assignUsers(input: { roleId: "Role:finance-manager", userIds: ["User:cleo"] }) { role { userCount } }
      }`),
    );
    expect([a.role.userCount, b.role.userCount]).toEqual([1, 2]);
  });

  test('the history tells who did what and why, with the names of then', async () => {
    const { role } = await mutate('createRole', { name: 'First name', reason: 'TICKET-7' });
    await mutate('updateRole', { id: role.id, name: 'Second name', assignUserIds: ['User:ben'] });
    dataOf(
      await server.graphql(
        'mutation { updateUser(input: { id: "User:ben", name: "Benjamin Okri" }) { errors { code } } }',
      ),
    );
    const query = `query ($filter: HistoryFilter) { history(filter: $filter) { totalCount edges { node {
      id type at position actor { type key name } reason command requestId summary permission
      role { pastId name } user { key name } changes { field before after } } } } }`;
    const { history } = dataOf(await server.graphql(query, { filter: { role: role.id } }));
    const entries = history.edges.map(({ node }: { node: object }) => node);
    expect(history.totalCount).toBe(3);
    expect(entries[2]).toEqual({
      id: expect.stringMatching(/^HistoryEntry:[0-9a-z]{25}$/),
      type: 'ROLE_CREATED',
      at: expect.any(String),
      position: expect.any(String),
      actor: { type: 'USER', key: 'User:ada', name: 'Ada Admin' },
      reason: 'TICKET-7',
      command: 'createRole',
      requestId: expect.any(String),
      summary: 'Ada Admin created the role “First name”.',
      permission: null,
      role: { pastId: expect.stringMatching(`^${role.id}@`), name: 'First name' },
      user: null,
      changes: [{ field: 'name', before: null, after: 'First name' }],
    });
    expect(entries.map(({ summary }: { summary: string }) => summary)).toEqual([
      'Ada Admin assigned Ben Okri to the role “Second name”.',
      'Ada Admin renamed the role “First name” to “Second name”.',
      'Ada Admin created the role “First name”.',
    ]);
    const by = async (filter: object) => dataOf(await server.graphql(query, { filter })).history.totalCount;
    expect(await by({ role: role.id, types: ['ROLE_RENAMED'] })).toBe(1);
    expect(await by({ role: role.id, user: 'User:ben' })).toBe(1);
    expect(await by({ role: role.id, actor: 'User:ben' })).toBe(0);
    // Malformed, or of no catalogue there ever was: refused. Well-formed and unknown: nothing is found.
    for (const [field, value] of [
      ['role', 'nonsense'],
      ['user', 'Role:x'],
      ['actor', 'Operator:'],
      ['actor', 'Service:'],
      ['permission', 'roles/veiw'],
      ['permission', ''],
    ] as const) {
      const { errors = [] } = await server.graphql(query, { filter: { [field]: value } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(errors[0]?.message).toContain(`\`filter.${field}\``);
    }
    for (const filter of [{ role: 'Role:x' }, { user: 'User:x' }, { actor: 'Operator:x' }, { types: [] }])
      expect(await by(filter)).toBe(0);
    expect(await by({ role: role.id, permission: null, types: null })).toBe(3);
  });

  test('null as the expected version is refused, for it would drop the guard', async () => {
    const { role } = await mutate('createRole', { name: 'Guarded' });
    const id = role.id;
    const refused = [
      await mutate('updateRole', { id, name: 'Other', expectedVersion: null }),
      await mutate('deleteRole', { id, expectedVersion: null }),
      await mutate('assignUsers', { roleId: id, userIds: ['User:ben'], expectedVersion: null }),
    ];
    for (const { errors } of refused)
      expect(errors).toMatchObject([
        {
          code: 'INVALID_INPUT',
          field: ['expectedVersion'],
          message: 'Leave the version out to change the role whatever version it has; null is none.',
        },
      ]);
    expect(await mutate('updateRole', { id, name: 'Other' })).toMatchObject({ errors: [] });
  });

  test('null for the whole set of grants is refused, for it could mean two things; an empty list revokes all', async () => {
    const grants = [{ permission: 'campaigns/launch' }];
    const { role } = await mutate('createRole', { name: 'Null and empty', grants });
    const refused = await mutate('updateRole', { id: role.id, grants: null });
    expect(refused).toMatchObject({ role: null, errors: [{ code: 'INVALID_INPUT', field: ['grants'] }] });
    const users = await mutate('updateRole', { id: role.id, assignUserIds: null, unassignUserIds: null });
    expect(users).toMatchObject({ role: { permissionCount: 1, version: role.version }, errors: [] });
    const emptied = await mutate('updateRole', { id: role.id, grants: [] });
    expect(emptied).toMatchObject({ role: { permissionCount: 0 }, errors: [] });
  });

  const login = `mutation ($input: RecordLoginInput!) { recordLogin(input: $input) { user { id } ${PAYLOAD} } }`;

  test('a sign-in in no year is no moment, and everything goes on', async () => {
    const answer = await server.graphql(login, {
      input: { id: 'User:ben', at: '0000-01-01T00:00:00+01:00' },
    });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(server.readModels.status()).toMatchObject({ state: 'live', poison: null });
  });

  test.each(['0001-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z'])(
    'a sign-in at %s is refused, and everything goes on',
    async (at) => {
      const data = dataOf(await server.graphql(login, { input: { id: 'User:ben', at } }));
      expect(data.recordLogin).toMatchObject({
        user: null,
        errors: [{ code: 'INVALID_INPUT', field: ['at'] }],
      });
      expect(server.readModels.status()).toMatchObject({ state: 'live', poison: null });
    },
  );
});
