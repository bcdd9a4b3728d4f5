import {
  getNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { Caller } from '../../src/graphql/caller';
import { BY_ARGUMENTS, BY_ENTRY, guard, guardedFields, need } from '../../src/graphql/guard';
import { createSchema } from '../../src/graphql/schema';
import { codesOf, dataOf, startTestServer, type TestServer } from './harness';

/** A refusal is of one field: what stands beside it is answered. */

const schema = createSchema();

/** Each guarded field as cleo asks for it, who holds a role and has no right of Rolebook’s own, and the path of its refusal. */
const REFUSED: Readonly<Record<string, readonly [query: string, path: readonly (string | number)[]]>> = {
  'Query.history': ['history { totalCount }', ['history']],
  'Query.roles': ['roles { edges { node { id } } }', ['roles']],
  'Query.role': ['role(id: "Role:account-admin") { id }', ['role']],
  'Query.roleDiff': [
    'roleDiff(base: { role: "Role:account-admin" }, target: { role: "Role:finance-manager" }) { base { id } }',
    ['roleDiff'],
  ],
  'Query.roleChangePreview': [
    'roleChangePreview(change: { deleteRole: { id: "Role:finance-manager" } }) { basis }',
    ['roleChangePreview'],
  ],
  'Query.changes': ['changes { totalCount }', ['changes']],
  'Query.catalogueDiff': ['catalogueDiff(from: { time: "2026-01-01" }) { fromVersion }', ['catalogueDiff']],
  'Query.accessDiff': ['accessDiff(from: { time: "2026-01-01" }) { gainingUserCount }', ['accessDiff']],
  'Query.accessHistory': ['accessHistory(user: "User:ada") { totalCount }', ['accessHistory']],
  'Query.users': ['users { totalCount }', ['users']],
  'Query.user': ['user(id: "User:ada") { id }', ['user']],
  'Query.node': ['node(id: "Role:account-admin") { id }', ['node']],
  'Query.nodes': ['nodes(ids: ["Role:account-admin"]) { id }', ['nodes', 0]],
  'Query.permissionCatalogue': ['permissionCatalogue { version }', ['permissionCatalogue']],
  'Query.usersWithPermission': [
    'usersWithPermission(permission: "roles/view") { totalCount }',
    ['usersWithPermission'],
  ],
  'Query.checkPermissions': [
    'checkPermissions(checks: [{ user: { id: "User:ada" }, permission: "roles/view" }]) { allowed }',
    ['checkPermissions'],
  ],
  'RoleAssignment.reason': [
    'me { assignments { role { id } assignedAt reason } }',
    ['me', 'assignments', 0, 'reason'],
  ],
  'RoleAssignment.event': [
    'me { assignments { role { id } event { id } } }',
    ['me', 'assignments', 0, 'event'],
  ],
  'Account.unlinkedIdentities': [
    'account { id unlinkedIdentities { subject } }',
    ['account', 'unlinkedIdentities'],
  ],
  'User.identities': ['me { identities { subject } }', ['me', 'identities']],
  'User.apiKeys': ['me { apiKeys { id } }', ['me', 'apiKeys']],
  'Role.users': ['me { roles { id users { totalCount } } }', ['me', 'roles', 0, 'users']],
  'Role.publishedSinceEdit': [
    'me { roles { id publishedSinceEdit { key } } }',
    ['me', 'roles', 0, 'publishedSinceEdit'],
  ],
  'Role.replay': ['me { roles { id replay { totalCount } } }', ['me', 'roles', 0, 'replay']],
  'User.replay': ['me { replay { totalCount } }', ['me', 'replay']],
  'Role.history': ['me { roles { id history { totalCount } } }', ['me', 'roles', 0, 'history']],
};

describe('Guarded fields', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    await server.run({ type: 'registerUser', user: 'cleo', username: 'cleo', name: 'Cleo' });
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['cleo'] });
  });
  afterAll(() => server.close());

  test('are all tried here', () => {
    // Those of edges are behind a field that cleo may not ask for: rita is refused them below.
    const behind = [
      'RoleUserEdge.reason',
      'RoleUserEdge.event',
      'AccessChange.causes',
      'CatalogueEntryDiff.publications',
    ];
    // Those of entries too: the test of histories has them.
    behind.push('HistoryRole.before', 'HistoryRole.after', 'HistoryUser.before', 'HistoryUser.after');
    // Those of subscriptions are asked for by a socket: the tests of feeds have them.
    for (const field of ['logEvents', 'roleChanged', 'userChanged']) behind.push(`Subscription.${field}`);
    behind.push('RoleChanged.event', 'UserChanged.event');
    // Those of steps are in the test of replays.
    for (const type of ['Role', 'User']) behind.push(`${type}ReplayStep.before`, `${type}ReplayStep.after`);
    expect([...Object.keys(REFUSED), ...behind].sort()).toEqual([...guardedFields(schema).keys()].sort());
  });

  test.each(Object.entries(REFUSED))('%s is refused alone', async (_field, [query, path]) => {
    const answer = await server.graphql(
      `{ ${query} account { id allowedActions } own: me { roles { id allowedActions } } }`,
      {},
      { as: 'cleo' },
    );
    expect(answer.errors).toMatchObject([{ path, extensions: { code: 'FORBIDDEN' } }]);
    expect(answer.data).toMatchObject({
      account: { id: 'Account:acme', allowedActions: [] },
      own: { roles: [{ id: 'Role:finance-manager', allowedActions: [] }] },
    });
    const refused = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown>)[key],
      answer.data,
    );
    expect(refused).toBeNull();
  });

  test('are answered beside each other to who has some of the rights', async () => {
    await server.run({ type: 'registerUser', user: 'rita', username: 'rita', name: 'Rita' });
    await server.run({
      type: 'createRole',
      name: 'Reader',
      grants: [{ permission: 'roles/view' }],
      userIds: ['rita'],
    });
    const { data, errors } = await server.graphql(
      `{ role(id: "Role:finance-manager") { name allowedActions users { totalCount } history { totalCount } }
         history { totalCount } users { totalCount } account { allowedActions } }`,
      {},
      { as: 'rita' },
    );
    expect(data).toEqual({
      role: { name: 'Finance manager', allowedActions: [], users: { totalCount: 1 }, history: null },
      history: null,
      users: null,
      account: { allowedActions: ['VIEW_ROLES'] },
    });
    expect(errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining([['role', 'history'], ['history'], ['users']]),
    );
    expect(errors).toHaveLength(3);
  });

  test('are refused once, however many objects they are asked of', async () => {
    const query = `{ role(id: "Role:account-admin") { users { edges { node { id } assignedAt reason event { id } } } }
      usersWithPermission(permission: "roles/view") { edges { node { id } via { role { id } reason } } }
      accessDiff(from: { time: "2000-01-01" }) { users { nodes { gained { causes { id } } } } }
      catalogueDiff(from: { time: "2000-01-01" }) { entries { publications { id } } } }`;
    await server.run({ type: 'registerUser', user: 'rob', username: 'rob', name: 'Rob' });
    await server.run({ type: 'assignUsers', role: 'account-admin', userIds: ['rob'] });
    const { data, errors } = await server.graphql(query, {}, { as: 'rita' });
    expect(data.role.users.edges).toMatchObject([
      { node: { id: 'User:ada' }, assignedAt: expect.any(String), reason: null, event: null },
      { node: { id: 'User:rob' }, assignedAt: expect.any(String), reason: null, event: null },
    ]);
    expect(data.usersWithPermission.edges.length).toBeGreaterThan(2);
    expect(errors?.map(({ path }) => path)).toEqual([
      ['role', 'users', 'edges', 0, 'reason'],
      ['role', 'users', 'edges', 0, 'event'],
      ['usersWithPermission', 'edges', 0, 'via', 0, 'reason'],
      ['accessDiff', 'users', 'nodes', 0, 'gained', 0, 'causes'],
      ['catalogueDiff', 'entries', 0, 'publications'],
    ]);
  });

  test('a mutation that was accepted is told beside one that was refused', async () => {
    await server.run({ type: 'registerUser', user: 'olga', username: 'olga', name: 'Olga' });
    await server.run({
      type: 'createRole',
      name: 'Assigner',
      grants: [{ permission: 'roles/assign' }],
      userIds: ['olga'],
    });
    const answer = await server.graphql(
      `mutation { a: assignUsers(input: { roleId: "Role:finance-manager", userIds: ["User:olga"] }) { errors { code } position }
         b: createRole(input: { name: "No" }) { position } }`,
      {},
      { as: 'olga' },
    );
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(answer.data).toEqual({ a: { errors: [], position: expect.any(String) }, b: null });
  });

  test('a page that cannot be given takes nothing along', async () => {
    const answer = await server.graphql('{ roles(first: 999) { totalCount } account { id } }');
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.data).toEqual({ roles: null, account: { id: 'Account:acme' } });
    expect(
      dataOf(await server.graphql('{ roles(first: 1) { totalCount } }')).roles.totalCount,
    ).toBeGreaterThan(1);
  });
});

test('every page of the schema is nullable', () => {
  const pages = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .filter(({ field }) => getNamedType(field.type).name.endsWith('Connection'));
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.filter(({ field }) => isNonNullType(field.type)).map(({ field }) => field.name)).toEqual([]);
});

describe('A field that breaks the rule', () => {
  const withGuard = (guarded: unknown, nullable: boolean, resolve?: () => string): GraphQLSchema =>
    new GraphQLSchema({
      query: new GraphQLObjectType({
        name: 'Query',
        fields: {
          secret: {
            type: nullable ? GraphQLString : new GraphQLNonNull(GraphQLString),
            extensions: guarded === undefined ? {} : { guard: guarded, needs: [{ anyOf: ['roles/view'] }] },
            resolve,
          },
        },
      }),
    });

  test('keeps the schema from being built where it is not nullable', () => {
    for (const guarded of ['roles/view', BY_ARGUMENTS, BY_ENTRY])
      expect(() => guard(withGuard(guarded, false))).toThrow(
        'Query.secret needs a right and is not nullable',
      );
    expect(() => guard(withGuard('roles/view', true))).not.toThrow();
  });

  test('cannot ask for a right that it does not declare', () => {
    const caller = new Caller('acme', 'ada', {
      rights: () => ({ may: () => true, isGranted: () => true }),
    } as never);
    const asking = (guarded: unknown, anyOf: readonly string[]) => () => {
      const parentType = withGuard(guarded, true).getQueryType();
      need(caller, anyOf, { parentType, fieldName: 'secret' } as never);
    };
    expect(asking(BY_ARGUMENTS, ['roles/view'])).not.toThrow();
    expect(asking(undefined, ['roles/view'])).toThrow(
      'Query.secret asks for roles/view and does not declare it',
    );
    for (const another of [['users/view'], ['roles/view', 'users/view'], []])
      expect(asking(BY_ARGUMENTS, another)).toThrow(/and does not declare it/);
  });
});
