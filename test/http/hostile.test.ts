import { codesOf, dataOf, startTestServer, type TestServer } from './harness';

/** Requests one would not like to get: each has a clear answer, and none is worked on at length. */
describe('hostile requests', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const mutate = async (name: string, input: object) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const answer = await server.graphql(
      `mutation M($input: ${type}!) { ${name}(input: $input) { errors { code field permissions } } }`,
      { input },
    );
    return dataOf(answer)[name].errors as { code: string; field: string[]; permissions: string[] }[];
  };

  test.each([
    ['assignUsers', 'userIds', 'User:u'],
    ['unassignUsers', 'userIds', 'User:u'],
    ['assignUsers', 'userIds', 'malformed'],
    ['revokePermissions', 'permissions', 'p'],
  ])('%s with a list of 20,000 %s of “%s” is one refusal', async (name, field, prefix) => {
    const list = Array.from({ length: 20_000 }, (_, n) => `${prefix}${n}`);
    const errors = await mutate(name, { roleId: 'Role:account-admin', [field]: list });
    expect(errors).toEqual([{ code: 'TOO_MANY', field: [field], permissions: [] }]);
  });

  test('5,000 unknown grants are told in some hundred errors that name them all', async () => {
    const grants = Array.from({ length: 5_000 }, (_, n) => ({ permission: `no/such-${n}` }));
    const errors = await mutate('createRole', { name: 'Greedy', grants });
    expect(errors).toHaveLength(101);
    expect(errors.flatMap(({ permissions }) => permissions)).toEqual(
      grants.map(({ permission }) => permission),
    );
  });

  test.each(['x\ny', 'x\ty', 'x\u2028y'])('a name is one line: %j is refused', async (name) => {
    expect((await mutate('createRole', { name })).map(({ code }) => code)).toEqual(['INVALID_INPUT']);
    const user = await mutate('registerUser', { username: 'one-line', name });
    expect(user.map(({ code, field }) => [code, ...field])).toEqual([['INVALID_INPUT', 'name']]);
  });

  test('a name of nothing to see is no name', async () => {
    expect((await mutate('createRole', { name: '\u200b \u2060' })).map(({ code }) => code)).toEqual([
      'NAME_REQUIRED',
    ]);
  });

  test('a subscription and a search with a NUL are the caller’s faults', async () => {
    const subscription = 'subscription S { accountChanged { position } }';
    expect(codesOf(await server.graphql(subscription))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await server.graphql('subscription S { __typename }'))).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    const answer = await server.graphql('query($s: String) { roles(search: $s) { totalCount } }', {
      s: '\u0000zz',
    });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});
