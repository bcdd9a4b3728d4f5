import { getVariableValues, parse, type OperationDefinitionNode } from 'graphql';
import { SETTINGS } from '../../src/config/config';
import { estimate } from '../../src/graphql/limits/cost';
import { createSchema } from '../../src/graphql/schema';
import { operationsOf } from '../docs/operations';
import { ACCOUNT, ADMIN, dataOf, startTestServer, type AnyData, type TestServer } from './harness';
import { countStatements } from './statement-count';

/** Screens as docs/screens.md has them: each takes one request, and as many statements for many rows as for one. */

const MANY = 50;
const screens = operationsOf('docs/screens.md').filter(({ text }) => text.startsWith('query'));
/** Permissions that no default role grants: a few custom roles do, or many. */
const [RARE, COMMON] = ['forms/view', 'blocklist/manage'];
const userIds = Array.from({ length: MANY }, (_, n) => `u${n}`);

/** Rita sees and manages all, without the privileges that some roles grant: her menus depend on what a role grants. */
const RITA = 'rita';
const RIGHTS = ['roles/view', 'roles/manage', 'roles/assign', 'users/view', 'users/manage', 'audit-log/view'];

/** Variables for a screen of one row and of many, and its number of rows. */
interface Sizes {
  readonly one: object;
  readonly many: object;
  readonly rows: (data: AnyData) => number;
  /** Account with a single row, where the rows are not of a page or an object. */
  readonly oneIn?: string;
}

const page = (rows: Sizes['rows'], variables: object = {}): Sizes => ({
  one: { ...variables, first: 1 },
  many: { ...variables, first: 100 },
  rows,
});
const edges =
  (field: string): Sizes['rows'] =>
  (data) =>
    data[field].edges.length;
const flags = (list: AnyData[], is: (item: AnyData) => boolean): number => list.filter(is).length;

/** Custom roles that cases name, once they exist: of one user, of many, with one permission, with all. */
const made = { small: '', large: '', whole: '' };
const rolePermission = (key: string): object => ({
  id: `${made.whole.replace('Role:', 'RolePermission:')}/${key}`,
});
const SIZES: Readonly<Record<string, () => Sizes>> = {
  RoleList: () => page(edges('roles'), { kind: 'CUSTOM' }),
  DeleteQuestion: () => ({
    one: { id: made.small },
    many: { id: made.large },
    rows: ({ role }) => role.users.nodes.length,
  }),
  NewRole: () => ({
    one: {},
    many: {},
    oneIn: 'tiny',
    rows: ({ permissionCatalogue: { sections } }) =>
      sections
        .map(({ permissions }: AnyData) => flags(permissions, ({ available }) => available))
        .reduce(sum),
  }),
  RolePermissions: () => ({
    one: { id: made.small },
    many: { id: made.whole },
    rows: ({ role }) => role.permissionCount,
  }),
  ScopesOfRole: () => ({
    one: rolePermission('audit-log/view'),
    many: rolePermission('logs/view'),
    rows: ({ node }) => node.scopes.length,
  }),
  ScopesOfPermission: () => ({
    one: { id: 'Permission:audit-log/view' },
    many: { id: 'Permission:logs/view' },
    rows: ({ node }) => node.scopes.length,
  }),
  RoleUsers: () => page(({ role }) => role.users.edges.length, { id: made.large }),
  AllUsers: () => page(edges('users'), { role: 'Role:account-admin' }),
  UserList: () => page(edges('users')),
  UserPage: () => ({
    one: { id: 'User:single' },
    many: { id: 'User:all' },
    rows: ({ user }) => user.assignments.length,
  }),
  UserAccess: () => ({
    one: { id: 'User:single' },
    many: { id: 'User:all' },
    rows: ({ user: { effectivePermissions: of } }) =>
      [...of.granted, ...of.withheld].map(({ via }) => via.length as number).reduce(sum),
  }),
  WhoCan: () => page(edges('usersWithPermission'), { permission: COMMON }),
  FeatureList: () => ({
    one: {},
    many: {},
    oneIn: 'tiny',
    rows: ({ account }) => flags(account.features, ({ enabled }) => enabled),
  }),
  HistoryPanel: () => page(edges('history')),
};
const sum = (a: number, b: number): number => a + b;
const OTHERS: Readonly<Record<string, () => Sizes>> = {
  'HistoryPanel of a role': () => page(edges('history'), { filter: { role: made.large } }),
  'HistoryPanel of a user': () => page(edges('history'), { filter: { user: 'User:all' } }),
  'RoleUsers of a role of one': () => ({ ...SIZES['RoleUsers']!(), one: { id: made.small, first: 100 } }),
  'WhoCan of many roles': () => ({
    ...page(edges('usersWithPermission')),
    one: { permission: RARE },
    many: { permission: COMMON, first: 100 },
  }),
};
const cases = Object.entries({ ...SIZES, ...OTHERS }).map(([name, sizes]) => ({
  name,
  sizes,
  text: screens.find((screen) => screen.name === name.split(' ')[0])?.text ?? '',
}));

describe('Screens', () => {
  let server: TestServer;
  let statements = { count: 0 };
  let logins = 0;

  beforeAll(async () => {
    server = await startTestServer();
    await populate();
    statements = countStatements();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await server.close();
  });

  async function populate(): Promise<void> {
    const names = userIds.map((user, n) => [user, `A user ${n}`] as const);
    await Promise.all(
      [...names, ['all', 'Zz all'], ['single', 'Zz single'], [RITA, 'Zz rita']].map(([user = '', name]) =>
        server.run({ type: 'registerUser', user, username: user, name }),
      ),
    );
    await Promise.all(
      userIds.map((user, n) =>
        server.run({
          type: 'createRole',
          name: `A role ${n}`,
          grants: [{ permission: COMMON }],
          userIds: ['all', user],
        }),
      ),
    );
    const { permissionCatalogue } = dataOf(
      await server.graphql('{ permissionCatalogue { sections { permissions { key } } } }'),
    );
    const keys = permissionCatalogue.sections.flatMap(({ permissions }: AnyData) =>
      permissions.map(({ key }: AnyData) => key as string),
    );
    made.small = await makeRole('Zz small', [RARE], ['single']);
    await makeRole('Zz second', [RARE], []);
    made.large = await makeRole('Zz large', ['people/view'], userIds);
    made.whole = await makeRole('Zz whole', keys, []);
    await makeRole('Zz manager', RIGHTS, [RITA]);
    const tiny = { account: 'tiny' };
    await server.run({ type: 'openAccount', name: 'Tiny', features: ['ACCOUNT_SETTINGS'] }, tiny);
    await server.run({ type: 'registerUser', user: ADMIN, username: 'ada', name: 'Ada' }, tiny);
    await server.run({ type: 'assignUsers', role: 'account-admin', userIds: [ADMIN] }, tiny);
  }

  /** Made by the operator as all others are, whose name no list has to look up. */
  async function makeRole(name: string, permissions: readonly string[], users: readonly string[]) {
    const grants = permissions.map((permission) => ({ permission }));
    await server.run({ type: 'createRole', name, grants, userIds: users });
    const named = 'query ($search: String) { roles(search: $search) { nodes { id } } }';
    const { roles } = dataOf(await server.graphql(named, { search: name }));
    return roles.nodes[0].id as string;
  }

  interface Asked {
    readonly as?: string;
    readonly account?: string;
    readonly past?: boolean;
  }

  /** Begins a moment that nothing was read at: reads of a pinned moment are cached. */
  const beginMoment = (account: string): Promise<unknown> => {
    const at = new Date(Date.UTC(2026, 0, 1) + (logins += 1));
    return server.run({ type: 'recordLogin', user: ADMIN, at }, { account });
  };

  /** Data of a screen at a moment of its own, and the statements that it took. */
  async function measure(
    text: string,
    variables: object,
    { as, account = ACCOUNT, past = false }: Asked,
  ): Promise<readonly [AnyData, number]> {
    await beginMoment(account);
    let asOf = null;
    if (past) {
      const { extensions } = await server.graphql('{ account { id } }', {}, { account });
      asOf = { position: extensions?.position };
      await beginMoment(account);
    }
    statements.count = 0;
    const data = dataOf(await server.graphql(text, { ...variables, asOf }, { as, account }));
    return [data, statements.count];
  }

  async function compare(text: string, { one, many, rows, oneIn }: Sizes, asked: Asked): Promise<void> {
    const alone = { ...asked, account: oneIn };
    // Grants of roles are cached from one moment to the next.
    await measure(text, many, asked);
    await measure(text, one, alone);
    const [whole, forMany] = await measure(text, many, asked);
    const [single, forOne] = await measure(text, one, alone);
    expect(rows(single)).toBeGreaterThan(0);
    expect(rows(whole)).toBeGreaterThan(3 * rows(single));
    expect(forOne).toBeGreaterThan(0);
    expect(forMany).toBe(forOne);
  }

  test('are all tried here', () => {
    expect(screens.map(({ name }) => name).sort()).toEqual(Object.keys(SIZES).sort());
  });

  test.each(cases)('$name: as many statements for many rows as for one', async ({ sizes, text }) => {
    await compare(text, sizes(), { as: ADMIN });
    if (text.includes('allowedActions') && sizes().oneIn === undefined)
      await compare(text, sizes(), { as: RITA });
  });

  test.each(cases.filter(({ text }) => text.includes('$asOf')))(
    '$name: and as of the past',
    async ({ sizes, text }) => {
      await compare(text, sizes(), { as: ADMIN, past: true });
    },
  );
});

describe('The cost of a screen', () => {
  const schema = createSchema();
  const limit = Number(SETTINGS.maxQueryCost.default);

  const costOf = (text: string, variables: object): number => {
    const document = parse(text, { noLocation: true });
    const operation = document.definitions[0] as OperationDefinitionNode;
    const given = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
    if (!given.coerced) throw new Error(given.errors.map(({ message }) => message).join());
    return estimate(schema, document, operation, given.coerced).cost;
  };

  test.each(cases)(
    '$name is within the default limit, with a search, in pages of a hundred',
    ({ sizes, text }) => {
      const { first: _, ...variables } = sizes().many as { first?: number };
      const orderBy = {
        direction: 'DESC',
        field: text.includes('RoleOrderInput') ? 'USER_COUNT' : 'LAST_LOGIN_AT',
      };
      const asOf = { time: '2026-01-01' };
      const whole = { ...variables, search: 'a', after: 'x', orderBy, asOf };
      expect(costOf(text, variables)).toBeLessThan(limit / 2);
      expect(costOf(text, { ...whole, first: 100 })).toBeLessThan(limit);
    },
  );
});
