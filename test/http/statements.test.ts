import { Sql } from '../../projections/sql';
import type { ReadModels, View } from '../../projections/view';
import { dataOf, startTestServer, type TestServer } from './harness';

/** What is nested is read for a whole list at once: the number of reads does not grow with the length of a list. */
describe('Reads of one request', () => {
  let server: TestServer;
  let reads: string[] = [];
  let statements = 0;

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
    waitFor: (position, ms) => readModels.waitFor(position, ms),
    status: () => readModels.status(),
  });

  const readsOf = async (query: string): Promise<string[]> => {
    reads = [];
    statements = 0;
    dataOf(await server.graphql(query));
    return reads;
  };

  beforeAll(async () => {
    server = await startTestServer({ wrap: ({ readModels }) => ({ readModels: noting(readModels) }) });
    for (let n = 0; n < 30; n += 1) {
      await server.run({ type: 'registerUser', user: `u${n}`, username: `u${n}`, name: `User ${n}` });
      const name = `Role ${n}`;
      await server.run({
        type: 'createRole',
        name,
        grants: [{ permission: 'campaigns/launch' }],
        userIds: [`u${n}`],
      });
    }
    const userIds = Array.from({ length: 30 }, (_, n) => `u${n}`);
    await server.run({ type: 'assignUsers', role: 'finance-manager', userIds });
    for (const method of ['get', 'all'] as const) {
      const original = Sql.prototype[method] as (...args: never[]) => unknown;
      jest.spyOn(Sql.prototype, method).mockImplementation(function (this: Sql, ...args) {
        statements += 1;
        return original.apply(this, args as unknown as never[]) as never;
      });
    }
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await server.close();
  });

  test('the role page asks each question once', async () => {
    const page = (first: number) => `{ role(id: "Role:finance-manager") {
      name description group { name } userCount permissionCount scopeCount version allowedActions createdBy { name }
      sections { name selectedCount totalCount permissions { selected available permission { key description } scopes { name selected } } }
      users(first: ${first}) { totalCount pageInfo { hasNextPage endCursor } edges { assignedAt assignedBy { name } node { id name status roles { id name } } } } } }`;
    const all = await readsOf(page(30));
    expect([...all].sort()).toEqual([
      'accountInfo',
      'countRoleUsers',
      'grants',
      'roleUsers',
      'roles',
      'roles',
      'rolesOf',
      'view',
    ]);
    const many = statements;
    expect(await readsOf(page(1))).toHaveLength(all.length);
    // Inside a question the read models look rows up in a local file: some statements for each row shown, never more.
    expect((many - statements) / 29).toBeLessThan(15);
  });

  test('the role list asks as much for one role as for all', async () => {
    const list = (first: number) => `{ roles(first: ${first}) { totalCount edges { node {
      id name group { name } userCount permissionCount scopeCount allowedActions createdBy { name } sections { selectedCount } } } } }`;
    expect(await readsOf(list(48))).toEqual(['view', 'countRoles', 'roleList', 'grants']);
    expect(statements).toBeLessThan(48 * 12);
    expect(await readsOf(list(1))).toEqual(['view', 'countRoles', 'roleList', 'grants']);
  });

  test('the count is read only when asked for, and the page too', async () => {
    expect(await readsOf('{ roles { edges { cursor } } }')).toEqual(['view', 'roleList']);
    expect(await readsOf('{ roles { totalCount } }')).toEqual(['view', 'countRoles']);
  });

  test('a page of history reads the names of then for all its entries together', async () => {
    const history = (first: number) =>
      `{ history(first: ${first}) { edges { node { summary actor { name } role { name } user { name } } } } }`;
    const all = await readsOf(history(80));
    expect(await readsOf(history(40))).toEqual(all);
    expect(all.length).toBeLessThan(10);
  });
});
