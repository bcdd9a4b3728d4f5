import { codesOf, dataOf, startTestServer, type AnyData, type Answer, type TestServer } from './harness';

/** Previews of changes of roles: nothing is written, and the mutation does what was previewed or says that it is stale. */

const PREVIEW = `query ($change: RoleChangeInput!, $first: Int, $after: String) { roleChangePreview(change: $change) {
  errors { code field ids permissions } basis
  role { id key name description version userCount permissionCount scopeCount deletedAt asOf { position } allowedActions
    users(orderBy: { field: ASSIGNED_AT, direction: ASC }) { totalCount
      edges { assignedAt assignedBy { id } event { id } node { id asOf { position } } } }
    sections { permissions { selected permission { id key } } } publishedSinceEdit { key } current { name } }
  diff { base { id } target { id } name { base target } description { base target }
    permissions { key change gainedScopes lostScopes permission { id } }
    gainedUsers { totalCount nodes { id } } lostUsers { totalCount nodes { id } } }
  affectedUsers(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { userId user { id name status } gained { permission { key } scopes causes { id } } lost { permission { key } scopes } } }
} }`;

let server: TestServer;
let desk: string;
const people = ['ann', 'ben', 'cid', 'dan', 'eve'];
const idOf = (user: string): string => `User:${user}`;

beforeAll(async () => {
  server = await startTestServer();
  for (const user of people)
    await server.run({
      type: 'registerUser',
      user,
      username: `${user}@example.com`,
      name: `Name of ${user}`,
    });
});
afterAll(() => server.close());

const mutate = async (name: string, input: object, fields = ''): Promise<AnyData> => {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
  const text = `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} position projected errors { code field ids permissions } } }`;
  return dataOf(await server.graphql(text, { input }))[name] as AnyData;
};
const ask = (change: object, variables: object = {}, as?: string): Promise<Answer> =>
  server.graphql(PREVIEW, { change, ...variables }, as === undefined ? {} : { as });
const preview = async (change: object, variables: object = {}): Promise<AnyData> =>
  dataOf(await ask(change, variables)).roleChangePreview as AnyData;
const inLog = async (): Promise<number> => {
  let count = 0;
  for await (const _event of server.store.readAll()) count += 1;
  return count;
};
const affected = ({ affectedUsers }: AnyData): unknown =>
  (affectedUsers as AnyData).nodes.map(({ userId, gained, lost }: AnyData) => [
    userId,
    gained.map(({ permission, scopes }: AnyData) => [permission.key, ...scopes]),
    lost.map(({ permission, scopes }: AnyData) => [permission.key, ...scopes]),
  ]);

describe('A preview', () => {
  beforeAll(async () => {
    const { role } = await mutate(
      'createRole',
      {
        name: 'Desk',
        description: 'Nights',
        grants: [{ permission: 'roles/view' }, { permission: 'users/view' }],
        userIds: ['ann', 'ben', 'cid'].map(idOf),
      },
      'role { id }',
    );
    desk = role.id;
  });

  test('of a form shows role, differences and people as they would be, and writes nothing', async () => {
    const before = await inLog();
    const input = {
      id: desk,
      name: 'Night desk',
      description: null,
      grants: [{ permission: 'roles/view' }, { permission: 'audit-log/view' }],
      assignUserIds: [idOf('dan')],
      unassignUserIds: [idOf('ann')],
    };
    const seen = await preview({ updateRole: input });
    expect(await inLog()).toBe(before);
    expect(seen.errors).toEqual([]);
    expect(seen.role).toMatchObject({
      key: desk,
      name: 'Night desk',
      description: null,
      userCount: 3,
      permissionCount: 2,
      deletedAt: null,
      asOf: null,
      allowedActions: [],
      current: { name: 'Desk' },
      publishedSinceEdit: [],
    });
    expect(seen.role.id).toMatch(/^Role:r_[0-9a-f]{20}@preview\.[0-9a-f]{24}$/);
    const { edges, totalCount } = seen.role.users as AnyData;
    expect(totalCount).toBe(3);
    expect(edges.map(({ node }: AnyData) => node)).toEqual(
      ['ben', 'cid', 'dan'].map((user) => ({ id: idOf(user), asOf: null })),
    );
    expect(edges[2]).toMatchObject({ assignedBy: { id: 'Actor:User/ada' }, event: null });
    const selected = (seen.role.sections as AnyData[]).flatMap(({ permissions }) =>
      (permissions as AnyData[]).flatMap((each) => (each.selected ? [each.permission] : [])),
    );
    expect(selected.map(({ key }) => key as string).sort()).toEqual(['audit-log/view', 'roles/view']);
    expect(selected[0]!.id).toBe(`Permission:${selected[0]!.key}`);
    expect(seen.diff).toMatchObject({
      base: { id: desk },
      target: { id: seen.role.id },
      name: { base: 'Desk', target: 'Night desk' },
      description: { base: 'Nights', target: null },
      permissions: [
        { key: 'audit-log/view', change: 'GRANTED', permission: { id: 'Permission:audit-log/view' } },
        { key: 'users/view', change: 'REVOKED' },
      ],
      gainedUsers: { totalCount: 1, nodes: [{ id: idOf('dan') }] },
      lostUsers: { totalCount: 1, nodes: [{ id: idOf('ann') }] },
    });
    const found = affected(seen) as [string, [string][], [string][]][];
    expect(
      found.map(([user, gained, lost]) => [user, gained.map(([key]) => key), lost.map(([key]) => key)]),
    ).toEqual([
      [idOf('ann'), [], ['users/view', 'roles/view'].sort(order)],
      [idOf('ben'), ['audit-log/view'], ['users/view']],
      [idOf('cid'), ['audit-log/view'], ['users/view']],
      [idOf('dan'), ['roles/view', 'audit-log/view'].sort(order), []],
    ]);
    expect(seen.affectedUsers.totalCount).toBe(4);
    expect(seen.affectedUsers.nodes[1].gained[0].causes).toBeNull();

    const done = await mutate('updateRole', { ...input, expectedBasis: seen.basis }, ROLE);
    expect(done).toMatchObject({
      errors: [],
      role: { name: 'Night desk', version: seen.role.version, userCount: 3 },
    });
    const { accessDiff } = dataOf(
      await server.graphql(
        `query ($from: Position!, $to: Position!) { accessDiff(from: { position: $from }, to: { position: $to }) { users { totalCount
          nodes { userId gained { permission { key } scopes } lost { permission { key } scopes } } } } }`,
        { from: seen.basis, to: done.position },
      ),
    );
    expect(affected({ affectedUsers: accessDiff.users })).toEqual(found);
  });

  test('of a role to be made, alone or as a copy, has a base that is not there', async () => {
    const made = await preview({
      createRole: { name: ' Front ', grants: [{ permission: 'roles/view' }], userIds: [idOf('eve')] },
    });
    expect(made).toMatchObject({
      errors: [],
      role: { name: 'Front', version: 3, userCount: 1, permissionCount: 1, current: null },
      diff: {
        base: null,
        name: { base: null, target: 'Front' },
        gainedUsers: { totalCount: 1 },
        lostUsers: { totalCount: 0 },
      },
      affectedUsers: { totalCount: 1, nodes: [{ userId: idOf('eve'), user: { name: 'Name of eve' } }] },
    });
    const copied = await preview({ duplicateRole: { id: desk, withUsers: true } });
    expect(copied).toMatchObject({
      errors: [],
      role: { name: 'Copy of Night desk', userCount: 3 },
      diff: { base: null, gainedUsers: { totalCount: 3 } },
      // They have all of it by the other role.
      affectedUsers: { totalCount: 0, nodes: [] },
    });
    expect(await preview({ duplicateRole: { id: 'Role:account-admin' } })).toMatchObject({
      errors: [],
      role: { userCount: 0 },
      affectedUsers: { totalCount: 0 },
    });
  });

  test('of a deletion has no role; people lose what no other role gives', async () => {
    const seen = await preview({ deleteRole: { id: desk } }, { first: 2 });
    expect(seen).toMatchObject({
      errors: [],
      role: null,
      diff: {
        base: { id: desk },
        target: null,
        permissions: [{ change: 'REVOKED' }, { change: 'REVOKED' }],
        gainedUsers: { totalCount: 0 },
        lostUsers: { totalCount: 3, nodes: [{ id: idOf('ben') }, { id: idOf('cid') }, { id: idOf('dan') }] },
      },
      affectedUsers: { totalCount: 3, pageInfo: { hasNextPage: true } },
    });
    const after = seen.affectedUsers.pageInfo.endCursor as string;
    const rest = await preview({ deleteRole: { id: desk } }, { first: 2, after });
    expect([seen, rest].flatMap((page) => affected(page) as [string][]).map(([user]) => user)).toEqual(
      ['ben', 'cid', 'dan'].map(idOf),
    );
  });

  test('of single steps, of users, of many memberships', async () => {
    const roleId = desk;
    const scopes = { setPermissionScopes: { roleId, permission: 'audit-log/view', scopes: [] } };
    const seen = await preview(scopes);
    expect(seen).toMatchObject({
      errors: [],
      diff: { permissions: [{ change: 'SCOPES', gainedScopes: [] }] },
    });
    expect(affected(seen)).toEqual(
      ['ben', 'cid', 'dan'].map((user) => [
        idOf(user),
        [],
        [['audit-log/view', ...(seen.diff.permissions[0].lostScopes as string[])]],
      ]),
    );
    for (const change of [
      { grantPermissions: { roleId, grants: [{ permission: 'users/view' }] } },
      { revokePermissions: { roleId, permissions: ['roles/view'] } },
      { selectSection: { roleId, section: 'users', selected: true } },
    ])
      expect(await preview(change)).toMatchObject({
        errors: [],
        role: { userCount: 3 },
        affectedUsers: { totalCount: 3 },
      });
    expect(await preview({ assignUsers: { roleId, userIds: [idOf('eve'), idOf('ben')] } })).toMatchObject({
      errors: [],
      role: { userCount: 4 },
      diff: { permissions: [], gainedUsers: { nodes: [{ id: idOf('eve') }] } },
      affectedUsers: { totalCount: 1 },
    });
    expect(
      await preview({ unassignUsers: { roleId: 'Role:account-admin', userIds: [idOf('eve')] } }),
    ).toMatchObject({
      errors: [],
      role: { name: 'Account admin', userCount: 1 },
      diff: { base: { id: 'Role:account-admin' }, permissions: [] },
      affectedUsers: { totalCount: 0 },
    });
    const many = { roleId, assignUserIds: [idOf('eve'), 'User:nobody'], unassignUserIds: [idOf('ben')] };
    expect(await preview({ updateRoleUsers: many })).toMatchObject({
      errors: [{ code: 'UNKNOWN_USER', field: ['assignUserIds', '1'] }],
      role: { userCount: 3 },
      diff: { gainedUsers: { nodes: [{ id: idOf('eve') }] }, lostUsers: { nodes: [{ id: idOf('ben') }] } },
      affectedUsers: { totalCount: 2 },
    });
  });

  test('says what the mutation would answer, and no more', async () => {
    const changes: Record<string, object> = {
      updateRole: { id: desk, name: 'Account admin', expectedVersion: 1, assignUserIds: ['User:nobody'] },
      createRole: { name: '', grants: [{ permission: 'no/such' }] },
      revokePermissions: { roleId: 'Role:account-admin', permissions: ['roles/view'] },
      deleteRole: { id: 'Role:r_none' },
      duplicateRole: { id: 'nothing' },
      unassignUsers: { roleId: 'Role:account-admin', userIds: [idOf('ada')] },
      setPermissionScopes: { roleId: desk, permission: 'roles/view', scopes: ['\u0000'] },
    };
    for (const [name, input] of Object.entries(changes)) {
      const seen = await preview({ [name]: input });
      expect(seen.errors.length).toBeGreaterThan(0);
      expect(seen).toMatchObject({ role: null, diff: null, affectedUsers: { totalCount: 0, nodes: [] } });
      expect((await mutate(name, input)).errors).toEqual(seen.errors);
    }
  });

  test('needs what the mutation needs, and to read roles', async () => {
    const grants = (permission: string) => [{ permission }];
    for (const [name, permission] of [
      ['reader', 'roles/view'],
      ['assigner', 'roles/assign'],
    ] as const)
      await server
        .run({ type: 'registerUser', user: name, username: name })
        .then(() => server.run({ type: 'createRole', name, grants: grants(permission), userIds: [name] }));
    const change = { assignUsers: { roleId: desk, userIds: [] } };
    for (const as of ['reader', 'assigner']) {
      const answer = await ask(change, {}, as);
      expect([answer.data.roleChangePreview, codesOf(answer)]).toEqual([null, ['FORBIDDEN']]);
    }
    expect(codesOf(await ask({}, {}))).toEqual(['BAD_USER_INPUT']);
  });
});

describe('A mutation that expects a basis', () => {
  const change = { name: 'Late desk' };
  const basis = async (): Promise<string> =>
    (await preview({ updateRole: { id: desk, ...change } })).basis as string;
  const save = (expectedBasis: string, more: object = {}): Promise<AnyData> =>
    mutate('updateRole', { id: desk, ...change, expectedBasis, ...more }, 'role { name }');

  test.each<[string, () => Promise<unknown>]>([
    ['the role', () => mutate('updateRole', { id: desk, description: 'x' })],
    ['who is in it', () => mutate('unassignUsers', { roleId: desk, userIds: [idOf('dan')] })],
    ['the status of one who is in it', () => server.run({ type: 'deactivateUser', user: 'cid' })],
    [
      'another role of one who is in it',
      () => server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['ben'] }),
    ],
    ['another role', () => server.run({ type: 'createRole', name: 'Another' })],
    ['a feature', () => server.run({ type: 'disableFeature', feature: 'FLOW' })],
    [
      'the caller’s roles',
      () => server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['ada'] }),
    ],
    ['one in it being erased', () => server.run({ type: 'eraseUser', user: 'cid' })],
  ])('is stale after a change of %s', async (_what, run) => {
    const before = await basis();
    await run();
    const count = await inLog();
    const answer = await save(before);
    expect(answer).toMatchObject({ role: null, errors: [{ code: 'PREVIEW_STALE', field: null }] });
    expect(await inLog()).toBe(count);
    expect(
      (await preview({ updateRole: { id: desk, ...change, expectedBasis: before } })).errors,
    ).toMatchObject([{ code: 'PREVIEW_STALE' }]);
  });

  test('is carried out where others changed what it does not rest on, once under its key', async () => {
    const before = await basis();
    await server.run({ type: 'registerUser', user: 'fay', username: 'fay' });
    await server.run({ type: 'recordLogin', user: 'ben' });
    await server.run({ type: 'updateUser', user: 'ben', name: 'Benjamin' });
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['fay'] });
    const more = { idempotencyKey: 'late' };
    expect(await save(before, more)).toMatchObject({ role: { name: 'Late desk' }, errors: [] });
    const count = await inLog();
    // Sent again it is the same: the first outcome, whatever moved since.
    expect(await save(before, more)).toMatchObject({ role: { name: 'Late desk' }, errors: [] });
    expect(await inLog()).toBe(count);
    expect(await save(before)).toMatchObject({ errors: [{ code: 'PREVIEW_STALE' }] });
  });

  test('of many memberships is not held up by its own first ones', async () => {
    const input = { roleId: desk, assignUserIds: [idOf('eve'), idOf('fay')], unassignUserIds: [idOf('ben')] };
    const seen = await preview({ updateRoleUsers: input });
    const fields = 'results { changed errors { code } } role { userCount }';
    const done = await mutate('updateRoleUsers', { ...input, expectedBasis: seen.basis }, fields);
    expect(done).toMatchObject({
      errors: [],
      results: [{ changed: true }, { changed: true }, { changed: true }],
      role: { userCount: seen.role.userCount },
    });
    const count = await inLog();
    const stale = await mutate('updateRoleUsers', { ...input, expectedBasis: seen.basis }, fields);
    expect(stale).toMatchObject({ errors: [{ code: 'PREVIEW_STALE' }], results: [] });
    expect(await inLog()).toBe(count);
  });

  test('takes a position of this log alone', async () => {
    const text =
      'mutation ($id: ID!) { deleteRole(input: { id: $id, expectedBasis: "nonsense" }) { errors { code } } }';
    expect(codesOf(await server.graphql(text, { id: desk }))).toEqual(['BAD_USER_INPUT']);
    const { role } = await preview({ updateRole: { id: desk, ...change } });
    expect(await mutate('deleteRole', { id: role.id })).toMatchObject({ errors: [{ code: 'PAST_OBJECT' }] });
    expect(
      codesOf(await server.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: role.id })),
    ).toEqual(['BAD_USER_INPUT']);
  });
});

/** Catalogue order of the permissions above. */
const ORDER = ['users/view', 'audit-log/view', 'roles/view'];
const order = (a: string, b: string): number => ORDER.indexOf(a) - ORDER.indexOf(b);
const ROLE = 'role { name description version userCount permissionCount scopeCount }';
