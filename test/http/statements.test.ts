import type { ReadModels, View } from '../../projections/view';
import { ACCOUNT, dataOf, startTestServer, type AnyData, type TestServer } from './harness';
import { countStatements } from './statement-count';

/** Batching: nested fields are read for a whole list at once, with the questions and statements of one row. */
describe('Reads of one request', () => {
  const PEOPLE = 90;
  const ids = Array.from({ length: PEOPLE }, (_, n) => `u${n}`);
  let server: TestServer;
  let reads: string[] = [];
  let statements = { count: 0 };

  /** Notes every question that is put to the read models. */
  const noting = (readModels: ReadModels): ReadModels => ({
    view: (account, asOf) => {
      reads.push('view');
      return new Proxy(readModels.view(account, asOf), {
        get(view: View, name: keyof View) {
          const value = view[name];
          if (typeof value !== 'function') return value;
          return (...args: never[]) => {
            if (name !== 'catalogue') reads.push(name);
            return (value as (...args: never[]) => unknown).apply(view, args);
          };
        },
      });
    },
    waitFor: (until, ms) => readModels.waitFor(until, ms),
    waitForHead: (ms) => readModels.waitForHead(ms),
    findPlace: (sought) => readModels.findPlace(sought),
    status: () => readModels.status(),
  });

  let logins = 0;
  const readsOf = async (query: string, variables?: object): Promise<string[]> => {
    // Reads of a pinned moment are cached: each request asks about a new one.
    const at = new Date(Date.UTC(2026, 0, 1) + (logins += 1));
    await server.run({ type: 'recordLogin', user: 'u0', at });
    reads = [];
    statements.count = 0;
    dataOf(await server.graphql(query, variables));
    return reads;
  };

  beforeAll(async () => {
    server = await startTestServer({
      wrap: ({ readModels }) => ({ readModels: noting(readModels) }),
      // Wide and deep at once, so that nothing is asked row by row unseen.
      environment: { ROLEBOOK_MAX_QUERY_COST: '1000000' },
    });
    await Promise.all(
      ids.map(async (user, n) => {
        await server.run({ type: 'registerUser', user, username: user, name: `User ${n}` });
        const grants = [{ permission: 'campaigns/launch' }];
        await server.run({ type: 'createRole', name: `Role ${n}`, grants, userIds: [user] });
      }),
    );
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ids });
    statements = countStatements();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await server.close();
  });

  /** The questions that a page of one asks, and a large one; and the statements that each takes. */
  async function compare(query: (first: number) => string): Promise<string[]> {
    // Grants of roles are cached from one moment to the next.
    await readsOf(query(80));
    const questions = await readsOf(query(1));
    const forOne = statements.count;
    expect(forOne).toBeGreaterThan(0);
    // Batches of one turn may come in another order.
    expect((await readsOf(query(80))).sort()).toEqual([...questions].sort());
    expect(statements.count).toBe(forOne);
    return questions;
  }

  test('the role page', async () => {
    const questions = await compare(
      (first) => `{ role(id: "Role:finance-manager") {
        name description group { name } userCount permissionCount scopeCount version allowedActions createdBy { name }
        sections { name selectedCount totalCount permissions { selected available permission { key description } scopes { name selected } } }
        users(first: ${first}) { totalCount pageInfo { hasNextPage endCursor } edges { assignedAt assignedBy { name } reason event { summary } node { id name status lastLoginAt roles { id name } } } } } }`,
    );
    expect([...questions].sort()).toEqual([
      'accountInfo',
      'countRoleUsers',
      'grants',
      'historyEntries',
      'namesThen',
      'roleUsers',
      'roles',
      'roles',
      'rolesOf',
      'view',
    ]);
  });

  test('the role list', async () => {
    const questions = await compare(
      (first) => `{ roles(kind: CUSTOM, first: ${first}) { totalCount edges { node {
        id name group { name } userCount permissionCount scopeCount allowedActions createdAt createdBy { name } updatedAt
        sections { selectedCount permissions { selected scopes { name selected } } } } } } }`,
    );
    expect(questions).toEqual(['view', 'countRoles', 'roleList', 'grants']);
    expect(await readsOf('{ roles(first: 48) { edges { node { sections { selectedCount } } } } }')).toEqual([
      'view',
      'roleList',
      'grants',
    ]);
  });

  test('the count is read only when asked for, and the page too', async () => {
    expect(await readsOf('{ roles { edges { cursor } } }')).toEqual(['view', 'roleList']);
    expect(await readsOf('{ roles { totalCount } }')).toEqual(['view', 'countRoles']);
  });

  test('users with their roles, and what each may do and why', async () => {
    const questions = await compare(
      (first) => `{ users(search: "user", first: ${first}) { edges { node {
        name lastLoginAt roles { name permissionCount }
        assignments { role { name } reason } updatedBy { name }
        effectivePermissions { granted { permission { key } scopes via { role { name } assignedAt assignedBy { name } reason event { summary } } } withheld { reason via { role { name } } } } } } } }`,
    );
    expect([...questions].sort()).toEqual([
      'assignments',
      'effective',
      'historyEntries',
      'namesThen',
      'roles',
      'rolesOf',
      'userChanges',
      'userList',
      'view',
    ]);
  });

  test('who has a permission, and through what', async () => {
    const questions = await compare(
      (
        first,
      ) => `{ usersWithPermission(permission: "campaigns/launch", scope: "message:send", first: ${first}) {
        totalCount edges { scopes via { role { name } assignedBy { name } reason } node { name roles { name } } } } }`,
    );
    expect([...questions].sort()).toEqual([
      'assignments',
      'countHolders',
      'historyEntries',
      'holders',
      'roles',
      'roles',
      'rolesOf',
      'view',
    ]);
  });

  test('history with the names of then', async () => {
    const questions = await compare(
      (first) => `{ history(first: ${first}) { edges { node {
        summary at position reason actor { name } role { name } user { name } permission changes { field before after } } } } }`,
    );
    expect(questions).toEqual(['view', 'history', 'namesThen']);
    await compare(
      (first) =>
        `{ history(filter: { role: "Role:finance-manager", actor: "Operator:test" }, first: ${first}) { edges { node { summary } } } }`,
    );
  });

  test('objects of every kind by their ids', async () => {
    const { history, roles } = dataOf(
      await server.graphql(
        '{ history(first: 80) { edges { node { id } } } roles(kind: CUSTOM, first: 80) { edges { node { id } } } }',
      ),
    );
    const idsOf = (page: AnyData): string[] => page.edges.map(({ node }: AnyData) => node.id);
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on User { name roles { name } } ... on Role { name userCount }
      ... on HistoryEntry { summary } ... on RoleSection { selectedCount } } }`;
    const kinds = [
      ids.map((id) => `User:${id}`),
      idsOf(roles),
      idsOf(history),
      idsOf(roles).map((id) => `${id.replace('Role:', 'RoleSection:')}/broadcast`),
    ];
    const asked = (count: number) => ({ ids: kinds.flatMap((some) => some.slice(0, count)) });
    await readsOf(query, asked(50));
    const questions = (await readsOf(query, asked(1))).sort();
    const forOne = statements.count;
    expect((await readsOf(query, asked(50))).sort()).toEqual(questions);
    expect(questions).toEqual([
      'grants',
      'historyEntries',
      'namesThen',
      'roles',
      'roles',
      'rolesOf',
      'users',
      'view',
    ]);
    expect(statements.count).toBe(forOne);
  });

  test('1,000 checks of many users', async () => {
    const query = `query ($checks: [PermissionCheckInput!]!) {
      checkPermissions(checks: $checks) { allowed reason via { role { name } assignedBy { name } } } }`;
    const checks = Array.from({ length: 1_000 }, (_, n) => {
      const id = ids[n % PEOPLE]!;
      const user = n % 2 === 0 ? { id: `User:${id}` } : { username: id };
      return { user, permission: n % 3 === 0 ? 'campaigns/launch' : 'campaigns/view' };
    });
    await readsOf(query, { checks });
    const questions = await readsOf(query, { checks: checks.slice(0, 5) });
    const forFive = statements.count;
    expect(await readsOf(query, { checks })).toEqual(questions);
    expect(questions).toEqual(['view', 'userIds', 'checks', 'roles', 'assignments']);
    expect(statements.count).toBe(forFive);
  });

  test('the status of 1,000 users, for a command that names them', () => {
    const statementsFor = (users: readonly string[]): number => {
      statements.count = 0;
      expect(server.reads.userStatus(ACCOUNT, users).size).toBe(users.length);
      return statements.count;
    };
    expect(statementsFor(ids)).toBe(statementsFor(['u0']));
  });
});
