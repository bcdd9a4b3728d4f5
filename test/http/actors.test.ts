import { ADMIN, codesOf, dataOf, startTestServer, type TestServer } from './harness';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const HISTORY = `query ($actor: ID!) { history(filter: { actor: $actor, types: [RoleCreated] }) {
  totalCount edges { node { summary actor { id type name } } } } }`;

test('an operator who is called as a user is another actor; each is found by the id that entries give', async () => {
  const operator = { type: 'operator', id: ADMIN } as const;
  await server.run({ type: 'createRole', name: 'By the operator' }, { actor: operator });
  dataOf(await server.graphql('mutation { createRole(input: { name: "By the user" }) { errors { code } } }'));
  const all = dataOf(
    await server.graphql('{ history(filter: { types: [RoleCreated] }) { edges { node { actor { id } } } } }'),
  ).history;
  const ids = all.edges.map(({ node }: { node: { actor: { id: string } } }) => node.actor.id);
  expect(ids).toEqual([`User:${ADMIN}`, `Operator:${ADMIN}`]);
  const [user, other] = await Promise.all(
    ids.map(async (actor: string) => dataOf(await server.graphql(HISTORY, { actor })).history),
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
