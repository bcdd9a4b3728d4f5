import { dataOf, startTestServer, type TestServer } from './harness';

/** Erasure over HTTP: final, seen at once, and nowhere a name. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['zso', 'ben'])
    await server.run({
      type: 'registerUser',
      user,
      username: `${user}@example.com`,
      name: `Name of ${user}`,
      externalId: `E-${user}`,
    });
  await server.run({ type: 'assignUsers', role: 'account-admin', userIds: ['zso'] });
});
afterAll(() => server.close());

const mutate = async (name: string, input: object, as?: string) => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) {
    user { id username name externalId status roles { id } } errors { code field ids } position projected } }`;
  return server.graphql(document, { input }, as === undefined ? {} : { as });
};

test('a user is erased, and nothing changes the user again', async () => {
  const before = dataOf(await mutate('updateUser', { id: 'User:zso', name: 'Zsófia' })).updateUser.position;
  expect((await mutate('eraseUser', { id: 'User:zso' }, 'ben')).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
  const erased = {
    id: 'User:zso',
    username: 'erased-zso',
    name: 'Erased user',
    externalId: null,
    status: 'ERASED',
    roles: [],
  };
  const erase = { id: 'User:zso', reason: 'request 7', idempotencyKey: 'k' };
  const first = dataOf(await mutate('eraseUser', erase)).eraseUser;
  expect(first).toEqual({ user: erased, errors: [], position: expect.any(String), projected: true });
  // Again, under the key and without one.
  for (const input of [erase, { id: 'User:zso' }])
    expect(dataOf(await mutate('eraseUser', input)).eraseUser).toEqual(first);
  expect(dataOf(await mutate('eraseUser', { id: 'User:ada' })).eraseUser.errors).toEqual([
    { code: 'SELF_ERASURE', field: ['id'], ids: ['User:ada'] },
  ]);
  for (const name of ['updateUser', 'reactivateUser', 'deactivateUser', 'recordLogin'])
    expect(dataOf(await mutate(name, { id: 'User:zso' }))[name].errors).toEqual([
      { code: 'USER_ERASED', field: ['id'], ids: ['User:zso'] },
    ]);
  const answer = await server.graphql(
    `query ($then: Position!) {
      now: users { edges { node { name } } }
      then: user(id: "User:zso", asOf: { position: $then }) { name username externalId status roles { id } }
      account { allowedActions }
      history(first: 20, filter: { user: "User:zso" }) {
        edges { node { type summary reason changes { field before after } } }
      }
    }`,
    { then: before },
  );
  expect(JSON.stringify(answer)).not.toMatch(/zso@|Zsófia|Name of zso|E-zso/);
  const { now, then, account, history } = dataOf(answer);
  expect(now.edges.map(({ node }: { node: { name: string } }) => node.name)).not.toContain('Erased user');
  expect(then).toEqual({
    ...erased,
    id: undefined,
    status: 'ACTIVE',
    roles: [{ id: expect.stringMatching(/^Role:account-admin@/) }],
  });
  expect(account.allowedActions).toContain('ERASE_USERS');
  expect(history.edges[0].node).toMatchObject({
    type: 'USER_ERASED',
    summary: expect.stringMatching(/ erased a user\.$/),
    reason: 'request 7',
  });
});

test('the username is nobody’s until it is released', async () => {
  await mutate('eraseUser', { id: 'User:zso' });
  const register = { username: 'ZSO@example.com', id: 'User:other' };
  expect(dataOf(await mutate('registerUser', register)).registerUser.errors).toEqual([
    { code: 'USERNAME_SUPPRESSED', field: ['username'], ids: ['User:zso'] },
  ]);
  const back = { username: 'back', id: 'User:back', externalId: 'E-zso' };
  expect(dataOf(await mutate('registerUser', back)).registerUser.errors).toEqual([
    { code: 'EXTERNAL_ID_SUPPRESSED', field: ['externalId'], ids: ['User:zso'] },
  ]);
  expect(
    dataOf(await mutate('releaseUsername', { username: 'zso@example.com' })).releaseUsername,
  ).toMatchObject({
    user: { id: 'User:zso', status: 'ERASED' },
    errors: [],
    projected: true,
  });
  expect(dataOf(await mutate('registerUser', register)).registerUser).toMatchObject({
    user: { username: 'ZSO@example.com', status: 'ACTIVE' },
    errors: [],
  });
  expect(dataOf(await mutate('registerUser', back)).registerUser).toMatchObject({
    user: { externalId: 'E-zso' },
    errors: [],
  });
  expect(dataOf(await mutate('releaseUsername', { username: 'nobody' })).releaseUsername.errors).toEqual([
    { code: 'NOT_FOUND', field: ['username'], ids: [] },
  ]);
});
