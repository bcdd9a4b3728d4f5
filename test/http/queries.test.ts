import { ACCOUNT, codesOf, dataOf, startTestServer, type TestServer, type AnyData } from './harness';

describe('Queries over HTTP', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    for (const [user, name] of [
      ['ben', 'Ben Okri'],
      ['cleo', 'Cléo Blanc'],
      ['dan', 'Dan Roe'],
    ] as const)
      await server.run({ type: 'registerUser', user, username: `${user}@example.com`, name });
    await server.run({ type: 'assignUsers', role: 'campaign-manager', userIds: ['ben'] });
    await server.run({ type: 'deactivateUser', user: 'dan' });
  });
  afterAll(() => server.close());

  test('the role list, with what the caller may do with each', async () => {
    const { roles } = dataOf(
      await server.graphql(`{ roles(first: 200) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
        edges { cursor node { id key catalogueKey kind name group { key name } userCount permissionCount scopeCount version
          createdAt createdBy { name } allowedActions } } } }`),
    );
    expect(roles.totalCount).toBe(18);
    expect(roles.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      endCursor: roles.edges.at(-1).cursor,
    });
    expect(roles.edges[0].node).toEqual({
      id: 'Role:account-admin',
      key: 'Role:account-admin',
      catalogueKey: 'account-admin',
      kind: 'DEFAULT',
      name: 'Account admin',
      group: { key: 'general', name: 'General' },
      userCount: 1,
      permissionCount: 22,
      scopeCount: expect.any(Number),
      version: 1,
      createdAt: null,
      createdBy: null,
      allowedActions: ['EDIT_MEMBERSHIP', 'DUPLICATE'],
    });
  });

  test('pages of a list follow one another', async () => {
    const query = `query Page($after: String) { roles(first: 7, after: $after) {
      pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id } } } }`;
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const { roles } = dataOf(await server.graphql(query, { after }));
      seen.push(...roles.edges.map(({ node }: { node: { id: string } }) => node.id));
      expect(roles.pageInfo.hasPreviousPage).toBe(page > 0);
      expect(roles.pageInfo.hasNextPage).toBe(page < 2);
      after = roles.pageInfo.endCursor;
    }
    expect(new Set(seen).size).toBe(18);
  });

  test('a page is 0 to 200, and a cursor is one of the same list', async () => {
    for (const first of [201, -1]) {
      const answer = await server.graphql(`query ($first: Int) { roles(first: $first) { totalCount } }`, {
        first,
      });
      expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.message).toMatch('200');
    }
    expect(codesOf(await server.graphql('{ roles(after: "nonsense") { edges { cursor } } }'))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  test('the role page in one request', async () => {
    const { role } = dataOf(
      await server.graphql(`{ role(id: "Role:account-admin") { name description version
        sections { key name description selectedCount totalCount permissions { selected available
          permission { key description privileged retired section { key } feature { key } scopes { name includes } } scopes { name selected } } }
        users { totalCount edges { assignedAt assignedBy { type key name } node { id name username status lastLoginAt } } }
        history { edges { node { summary } } } } }`),
    );
    const permissions = role.sections.flatMap((section: { permissions: unknown[] }) => section.permissions);
    expect(role.sections).toHaveLength(13);
    expect(permissions).toHaveLength(122);
    expect(permissions.filter(({ selected }: { selected: boolean }) => selected)).toHaveLength(22);
    expect(role.users).toEqual({
      totalCount: 1,
      edges: [
        {
          assignedAt: expect.any(String),
          assignedBy: { type: 'OPERATOR', key: 'Operator:test', name: 'test' },
          node: {
            id: 'User:ada',
            name: 'Ada Admin',
            username: 'ada@example.com',
            status: 'ACTIVE',
            lastLoginAt: null,
          },
        },
      ],
    });
    expect(role.history.edges[0].node.summary).toBe('test assigned Ada Admin to the role “Account admin”.');
  });

  test('what is not there is null, and a malformed id is not there', async () => {
    const { role, user, node, other } = dataOf(
      await server.graphql(
        '{ role(id: "Role:none") { id } user(id: "nonsense") { id } node(id: "Role:none") { id } other: node(id: "x") { id } }',
      ),
    );
    expect([role, user, node, other]).toEqual([null, null, null, null]);
  });

  test('node finds each kind by its global id', async () => {
    const answer = dataOf(
      await server.graphql(`{ role: node(id: "Role:analyze-manager") { __typename id ... on Role { name } }
        user: node(id: "User:ben") { __typename ... on User { name } }
        account: node(id: "Account:${ACCOUNT}") { __typename ... on Account { name } } }`),
    );
    expect(answer).toEqual({
      role: { __typename: 'Role', id: 'Role:analyze-manager', name: 'Analyze manager' },
      user: { __typename: 'User', name: 'Ben Okri' },
      account: { __typename: 'Account', name: 'The acme' },
    });
  });

  test('users are searched, filtered and ordered', async () => {
    const query = `query ($search: String, $status: UserStatus, $notInRole: ID, $orderBy: UserOrderInput) {
      users(search: $search, status: $status, notInRole: $notInRole, orderBy: $orderBy) { totalCount edges { node { id } } } }`;
    const ids = async (variables: object) =>
      dataOf(await server.graphql(query, variables)).users.edges.map(
        ({ node }: { node: { id: string } }) => node.id,
      );
    expect(await ids({})).toEqual(['User:ada', 'User:ben', 'User:cleo', 'User:dan']);
    expect(await ids({ search: 'CLEO' })).toEqual(['User:cleo']);
    expect(await ids({ search: 'cleo@' })).toEqual(['User:cleo']);
    expect(await ids({ status: 'INACTIVE' })).toEqual(['User:dan']);
    expect(
      await ids({ notInRole: 'Role:campaign-manager', orderBy: { field: 'NAME', direction: 'DESC' } }),
    ).toEqual(['User:dan', 'User:cleo', 'User:ada']);
    expect(codesOf(await server.graphql(query, { notInRole: 'campaign-manager' }))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  test('effective permissions say through which roles, and what is withheld', async () => {
    const { user, dan } = dataOf(
      await server.graphql(`{ user(id: "User:ben") { roles { id } effectivePermissions {
          granted { permission { key } scopes via { role { id name } } } withheld { reason } features { key } } }
        dan: user(id: "User:dan") { status effectivePermissions { granted { scopes } } } }`),
    );
    expect(user.roles).toEqual([{ id: 'Role:campaign-manager' }]);
    expect(user.effectivePermissions.granted.length).toBeGreaterThan(0);
    expect(user.effectivePermissions.granted[0].via).toEqual([
      { role: { id: 'Role:campaign-manager', name: 'Campaign manager' } },
    ]);
    expect(user.effectivePermissions.withheld).toEqual([]);
    expect(dan).toEqual({ status: 'INACTIVE', effectivePermissions: { granted: [] } });
  });

  test('checks answer in order, by id, username or external id', async () => {
    await server.run({ type: 'updateUser', user: 'ada', externalId: 'E-ada' });
    const checks = [
      { user: { id: 'User:ada' }, permission: 'roles/manage' },
      { user: { username: 'BEN@example.com' }, permission: 'roles/manage' },
      { user: { externalId: 'E-ada' }, permission: 'roles/manage' },
      { user: { externalId: 'e-ada' }, permission: 'roles/manage' },
      { user: { id: 'User:nobody' }, permission: 'roles/manage' },
      { user: { id: 'User:ada' }, permission: 'no/such' },
    ];
    const { checkPermissions } = dataOf(
      await server.graphql(
        `query ($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed reason via { role { id } } } }`,
        { checks },
      ),
    );
    expect(checkPermissions).toEqual([
      { allowed: true, reason: null, via: [{ role: { id: 'Role:account-admin' } }] },
      { allowed: false, reason: 'NOT_GRANTED', via: [] },
      { allowed: true, reason: null, via: [{ role: { id: 'Role:account-admin' } }] },
      { allowed: false, reason: 'UNKNOWN_USER', via: [] },
      { allowed: false, reason: 'UNKNOWN_USER', via: [] },
      { allowed: false, reason: 'UNKNOWN_PERMISSION', via: [] },
    ]);
  });

  test('a thousand checks in one request, and no more', async () => {
    const query = `query ($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed reason } }`;
    const checks = (count: number) =>
      Array.from({ length: count }, () => ({ user: { id: 'User:ben' }, permission: 'roles/view' }));
    expect(dataOf(await server.graphql(query, { checks: checks(1_000) })).checkPermissions).toHaveLength(
      1_000,
    );
    expect(codesOf(await server.graphql(query, { checks: checks(1_001) }))).toEqual(['BAD_USER_INPUT']);
  });

  test('who holds a permission; a misspelt one is not read as nobody', async () => {
    const query = `query ($permission: String!) { usersWithPermission(permission: $permission) {
      totalCount edges { node { id } scopes via { role { id } } } } }`;
    const { usersWithPermission } = dataOf(await server.graphql(query, { permission: 'roles/manage' }));
    expect(usersWithPermission).toEqual({
      totalCount: 1,
      edges: [
        {
          node: { id: 'User:ada' },
          scopes: expect.any(Array),
          via: [{ role: { id: 'Role:account-admin' } }],
        },
      ],
    });
    expect(codesOf(await server.graphql(query, { permission: 'roles/mange' }))).toEqual(['BAD_USER_INPUT']);
  });

  test('the catalogue says what is available and grantable', async () => {
    const { permissionCatalogue, account } = dataOf(
      await server.graphql(`{ permissionCatalogue { version groups { key } features { key required } sections { key permissions { key available grantable privileged scopes { name description } } } }
        account { id name allowedActions features { key enabled required } } }`),
    );
    expect(permissionCatalogue.version).toBe(4);
    const permissions = permissionCatalogue.sections.flatMap(
      (section: { permissions: unknown[] }) => section.permissions,
    );
    expect(permissions).toHaveLength(122);
    const scopes = permissions.flatMap((each: { scopes: { description: string | null }[] }) => each.scopes);
    expect(scopes.length).toBeGreaterThan(100);
    expect(scopes.filter(({ description }: { description: string | null }) => !description)).toEqual([]);
    const page = `{ role(id: "Role:account-admin") { sections { permissions { scopes { name description } } } } }`;
    const { role } = dataOf(await server.graphql(page));
    const shown = role.sections.flatMap((section: { permissions: { scopes: object[] }[] }) =>
      section.permissions.flatMap((each) => each.scopes),
    );
    expect(shown).toContainEqual({
      name: 'audit-logs:read',
      description: 'Read and download the audit log of the account',
    });
    expect(permissions.every(({ available }: { available: boolean }) => available)).toBe(true);
    expect(account.allowedActions).toContain('CREATE_ROLE');
    expect(account.features).toHaveLength(37);
  });

  test('a role is made of a template of the catalogue, which suggests what all can be granted', async () => {
    const fields =
      'id key name description permissionCount scopeCount permissions { key grantable available }';
    const { permissionCatalogue } = dataOf(
      await server.graphql(`{ permissionCatalogue { roleTemplates { ${fields} } } }`),
    );
    const [auditor] = permissionCatalogue.roleTemplates;
    expect(auditor).toMatchObject({ id: 'RoleTemplate:auditor', key: 'auditor', name: 'Auditor' });
    const query = `query ($id: ID!) { node(id: $id) { ... on RoleTemplate { ${fields} } } }`;
    for (const template of permissionCatalogue.roleTemplates as AnyData[]) {
      expect(dataOf(await server.graphql(query, { id: template.id })).node).toEqual(template);
      const permissions = template.permissions as { key: string; grantable: boolean; available: boolean }[];
      expect(permissions.filter(({ grantable, available }) => !grantable || !available)).toEqual([]);
      const { name, description, permissionCount, scopeCount } = template;
      const input = { name, description, grants: permissions.map(({ key }) => ({ permission: key })) };
      const { createRole } = dataOf(
        await server.graphql(
          `mutation ($input: CreateRoleInput!) { createRole(input: $input) {
            role { id name description permissionCount scopeCount } errors { code message } } }`,
          { input },
        ),
      );
      expect(createRole).toEqual({
        role: { id: expect.any(String), name, description, permissionCount, scopeCount },
        errors: [],
      });
      await server.run({ type: 'deleteRole', role: createRole.role.id.replace('Role:', '') });
    }
    expect(dataOf(await server.graphql(query, { id: 'RoleTemplate:nobody' })).node).toBeNull();
  });

  test('an answer of the past, by position and by time', async () => {
    const { extensions } = await server.graphql('{ me { id } }');
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['cleo'] });
    const query = `query ($asOf: AsOf) { role(id: "Role:finance-manager", asOf: $asOf) { userCount users { totalCount } } }`;
    expect(dataOf(await server.graphql(query, { asOf: { position: extensions?.position } })).role).toEqual({
      userCount: 0,
      users: { totalCount: 0 },
    });
    expect(dataOf(await server.graphql(query)).role).toEqual({ userCount: 1, users: { totalCount: 1 } });
    expect(dataOf(await server.graphql(query, { asOf: { time: '2000-01-01T00:00:00Z' } })).role).toBeNull();
    const nested = `query ($asOf: AsOf) { user(id: "User:cleo", asOf: $asOf) { roles { id } now: roles(asOf: { time: "2100-01-01T00:00:00Z" }) { id } } }`;
    expect(dataOf(await server.graphql(nested, { asOf: { position: extensions?.position } })).user).toEqual({
      roles: [],
      now: [{ id: expect.stringMatching(/^Role:finance-manager@/) }],
    });
  });

  test('a caller without rights sees themselves and nothing else', async () => {
    const me = `{ me { id roles { name } effectivePermissions { granted { permission { key } } } }
      account { allowedActions } checkPermissions(checks: [{ user: { id: "User:cleo" }, permission: "roles/view" }]) { allowed } }`;
    expect(dataOf(await server.graphql(me, {}, { as: 'cleo' })).me.id).toBe('User:cleo');
    for (const query of [
      '{ roles { totalCount } }',
      '{ role(id: "Role:account-admin") { id } }',
      '{ permissionCatalogue { version } }',
      '{ users { totalCount } }',
      '{ user(id: "User:ada") { id } }',
      '{ history { totalCount } }',
      '{ node(id: "User:ada") { id } }',
      '{ node(id: "Role:account-admin") { id } }',
      '{ usersWithPermission(permission: "roles/view") { totalCount } }',
      '{ checkPermissions(checks: [{ user: { id: "User:ada" }, permission: "roles/view" }]) { allowed } }',
      '{ me { roles { users { totalCount } } } }',
      '{ me { roles { history { totalCount } } } }',
    ]) {
      expect([query, codesOf(await server.graphql(query, {}, { as: 'cleo' }))]).toEqual([
        query,
        ['FORBIDDEN'],
      ]);
    }
  });
});
