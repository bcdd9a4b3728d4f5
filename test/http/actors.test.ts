import { ADMIN, codesOf, dataOf, startTestServer, type TestServer } from './harness';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const HISTORY = `query ($actor: ID!) { history(filter: { actor: $actor, types: [ROLE_CREATED] }) {
  totalCount edges { node { summary actor { key type name } } } } }`;

test('an operator who is called as a user is another actor; each is found by the key that entries give', async () => {
  const operator = { type: 'operator', id: ADMIN } as const;
  await server.run({ type: 'createRole', name: 'By the operator' }, { actor: operator });
  dataOf(await server.graphql('mutation { createRole(input: { name: "By the user" }) { errors { code } } }'));
  const all = dataOf(
    await server.graphql(
      '{ history(filter: { types: [ROLE_CREATED] }) { edges { node { actor { key } } } } }',
    ),
  ).history;
  const keys = all.edges.map(({ node }: { node: { actor: { key: string } } }) => node.actor.key);
  expect(keys).toEqual([`User:${ADMIN}`, `Operator:${ADMIN}`]);
  const [user, other] = await Promise.all(
    keys.map(async (actor: string) => dataOf(await server.graphql(HISTORY, { actor })).history),
  );
  expect(user).toMatchObject({
    totalCount: 1,
    edges: [{ node: { actor: { type: 'USER', name: 'Ada Admin' } } }],
  });
  expect(user.edges[0].node.summary).toContain('By the user');
  expect(other).toMatchObject({
    totalCount: 1,
    edges: [{ node: { actor: { type: 'OPERATOR', name: ADMIN } } }],
  });
  const service = await server.graphql(HISTORY, { actor: `Service:${ADMIN}` });
  expect(dataOf(service).history.totalCount).toBe(0);
  for (const actor of [`Role:${ADMIN}`, ADMIN, 'User:'])
    expect(codesOf(await server.graphql(HISTORY, { actor }))).toEqual(['BAD_USER_INPUT']);
});

test('an entry tells the machine of an operator, who is the same actor on each; users and services have none', async () => {
  for (const [name, host] of [
    ['From one', 'ops-1'],
    ['From another', 'ops-2'],
    ['From nowhere', undefined],
  ] as const)
    await server.run({ type: 'createRole', name }, { actor: { type: 'operator', id: 'root', host } });
  const told = dataOf(
    await server.graphql(`{ history(filter: { actor: "Operator:root" }) { totalCount edges { node { actor { key host } } } }
      roles(search: "From", orderBy: { field: NAME }) { edges { node { name createdBy { key host } } } } }`),
  );
  const key = 'Operator:root';
  expect(told.history.edges.map(({ node }: { node: { actor: object } }) => node.actor)).toEqual([
    { key, host: null },
    { key, host: 'ops-2' },
    { key, host: 'ops-1' },
  ]);
  expect(told.roles.edges.map(({ node }: { node: object }) => node)).toEqual([
    { name: 'From another', createdBy: { key, host: 'ops-2' } },
    { name: 'From nowhere', createdBy: { key, host: null } },
    { name: 'From one', createdBy: { key, host: 'ops-1' } },
  ]);
  const users = dataOf(
    await server.graphql(
      `{ history(filter: { actor: "User:${ADMIN}" }) { edges { node { actor { host } } } } }`,
    ),
  );
  expect(users.history.edges[0].node.actor).toEqual({ host: null });
});

test('nobody acts under an empty name', async () => {
  for (const id of ['', ' ', 'a\nb', 'x'.repeat(201)]) {
    const outcome = await server.bus.execute(
      { type: 'createRole', name: 'Nobody’s' },
      { account: 'acme', actor: { type: 'operator', id }, requestId: 'test' },
    );
    expect(outcome).toMatchObject({
      accepted: false,
      refusals: [{ code: 'INVALID_INPUT', field: ['actor', 'id'] }],
    });
  }
});
