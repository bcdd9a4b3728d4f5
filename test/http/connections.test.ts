import { codesOf, dataOf, startTestServer, type TestServer } from './harness';

/** Every connection of the API pages by Relay's specification, from both ends. */

const CONNECTIONS: readonly (readonly [name: string, open: string, close: string])[] = [
  ['roles', 'roles(', ')'],
  ['users', 'users(', ')'],
  ['a search for users', 'users(search: "a", ', ')'],
  ['users of a role', 'role(id: "Role:campaign-manager") { users(', ')'],
  ['holders of a permission', 'usersWithPermission(permission: "people/view", ', ')'],
  ['history', 'history(', ')'],
  ['history of a role', 'role(id: "Role:campaign-manager") { history(', ')'],
  ['history of a user', 'history(filter: { user: "User:u3" }, ', ')'],
];

interface Answer {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const userIds = Array.from({ length: 8 }, (_, n) => `u${n}`);
  for (const user of userIds)
    await server.run({ type: 'registerUser', user, username: `${user}@example.com`, name: `Ada ${user}` });
  await server.run({ type: 'assignUsers', role: 'campaign-manager', userIds });
  await server.run({ type: 'unassignUsers', role: 'campaign-manager', userIds: ['u3'] });
  await server.run({ type: 'assignUsers', role: 'account-admin', userIds });
  await server.run({ type: 'deactivateUser', user: 'u3' });
  await server.run({ type: 'reactivateUser', user: 'u3' });
});
afterAll(() => server.close());

describe.each(CONNECTIONS)('%s', (_, open, close) => {
  const query = (args: string): string =>
    `{ ${open}${args}${close} { totalCount nodes { id } edges { cursor node { id } }
       pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } ${open.includes('{ ') && open.startsWith('role(') ? '}' : ''} }`;
  const page = async (args: string): Promise<Answer> => {
    const data = dataOf(await server.graphql(query(args))) as Record<string, never>;
    const root = Object.values(data)[0]! as Answer | Record<string, Answer>;
    return 'edges' in root ? (root as Answer) : Object.values(root)[0]!;
  };
  const idsOf = ({ edges }: Answer): string[] => edges.map(({ node }) => node.id);

  test('pages from the end on are those from the beginning, and each says what is beside it', async () => {
    const all = await page('first: 200');
    const ids = idsOf(all);
    expect(ids.length).toBeGreaterThan(4);
    expect(all).toMatchObject({
      totalCount: ids.length,
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    });
    expect(all.nodes.map(({ id }) => id)).toEqual(ids);
    const forwards: string[] = [];
    for (let from = 0, args = 'first: 3'; from < ids.length; from += 3) {
      const found = await page(args);
      forwards.push(...idsOf(found));
      expect(found.pageInfo).toMatchObject({ hasNextPage: from + 3 < ids.length, hasPreviousPage: from > 0 });
      args = `first: 3, after: "${found.pageInfo.endCursor}"`;
    }
    const backwards: string[] = [];
    for (let to = ids.length, args = 'last: 3'; to > 0; to -= 3) {
      const found = await page(args);
      backwards.unshift(...idsOf(found));
      expect(found.pageInfo).toMatchObject({ hasNextPage: to < ids.length, hasPreviousPage: to > 3 });
      args = `last: 3, before: "${found.pageInfo.startCursor}"`;
    }
    expect([forwards, backwards]).toEqual([ids, ids]);
  });

  test('an empty page is of the list: it says what there is', async () => {
    const all = await page('first: 200');
    const cursors = { startCursor: null, endCursor: null };
    const [first, last] = [all.pageInfo.startCursor, all.pageInfo.endCursor];
    for (const [args, hasPreviousPage, hasNextPage] of [
      ['first: 0', false, true],
      ['last: 0', true, false],
      [`first: 0, after: "${last}"`, true, false],
      [`last: 0, before: "${first}"`, false, true],
      [`first: 0, after: "${first}"`, true, true],
    ] as const) {
      const found = await page(args);
      expect([args, found]).toEqual([
        args,
        {
          totalCount: all.totalCount,
          nodes: [],
          edges: [],
          pageInfo: { hasNextPage, hasPreviousPage, ...cursors },
        },
      ]);
    }
  });

  test('between two cursors are those after the one and before the other', async () => {
    const { edges } = await page('first: 200');
    const [after, before] = [edges[0]!.cursor, edges[4]!.cursor];
    const ids = edges.slice(1, 4).map(({ node }) => node.id);
    const between = `after: "${after}", before: "${before}"`;
    expect(idsOf(await page(between))).toEqual(ids);
    const both = { hasNextPage: true, hasPreviousPage: true };
    expect(await page(`first: 2, ${between}`)).toMatchObject({ pageInfo: both });
    expect(idsOf(await page(`first: 2, ${between}`))).toEqual(ids.slice(0, 2));
    expect(await page(`last: 2, ${between}`)).toMatchObject({ pageInfo: both });
    expect(idsOf(await page(`last: 2, ${between}`))).toEqual(ids.slice(1));
    expect(idsOf(await page(`first: 9, after: "${before}", before: "${after}"`))).toEqual([]);
  });

  test('what makes no sense is refused', async () => {
    for (const args of ['first: 2, last: 2', 'first: 201', 'last: 201', 'first: -1', 'last: -1'])
      expect([args, codesOf(await server.graphql(query(args)))]).toEqual([args, ['BAD_USER_INPUT']]);
    for (const args of ['after: "nonsense"', 'last: 1, before: "nonsense"', 'last: 1, before: ""']) {
      const answer = await server.graphql(query(args));
      expect([args, new Set(codesOf(answer))]).toEqual([args, new Set(['BAD_USER_INPUT'])]);
    }
  });
});

test('the edge of a cursor that has left the list is not beside the page', async () => {
  const first = `{ role(id: "Role:content-manager") { users(first: 1) { edges { cursor } } } }`;
  await server.run({ type: 'assignUsers', role: 'content-manager', userIds: ['u0', 'u1'] });
  const { role } = dataOf(await server.graphql(first));
  const after = role.users.edges[0].cursor as string;
  const beside = `{ role(id: "Role:content-manager") { users(after: "${after}") { pageInfo { hasPreviousPage } edges { node { id } } } } }`;
  const edges = [{ node: { id: 'User:u1' } }];
  expect(dataOf(await server.graphql(beside)).role.users).toEqual({
    pageInfo: { hasPreviousPage: true },
    edges,
  });
  await server.run({ type: 'unassignUsers', role: 'content-manager', userIds: ['u0'] });
  expect(dataOf(await server.graphql(beside)).role.users).toEqual({
    pageInfo: { hasPreviousPage: false },
    edges,
  });
});
