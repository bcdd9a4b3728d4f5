import { codesOf, dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** External ids over HTTP: given, changed and cleared, one user’s at a time, on record, as of the past. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.run({ type: 'registerUser', user: 'ben', username: 'ben' });
});
afterAll(() => server.close());

const mutate = async (name: 'registerUser' | 'updateUser', input: object): Promise<AnyData> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) {
    user { id externalId } errors { code field ids message } position } }`;
  return dataOf(await server.graphql(document, { input }))[name] as AnyData;
};

test('is given at registration, stays, changes, and is cleared by null alone', async () => {
  const registered = await mutate('registerUser', {
    id: 'User:eve',
    username: 'eve',
    externalId: ' e\u0301-1 ',
  });
  expect(registered).toMatchObject({ user: { externalId: 'é-1' }, errors: [] });
  const after: (string | null)[] = [];
  const positions: string[] = [];
  for (const change of [
    { name: 'Eve' },
    { externalId: 'É-1' },
    { externalId: 'É-1 ' },
    { username: 'eva' },
    { externalId: null },
    { externalId: null },
    { username: 'eve', externalId: 'E-2' },
  ]) {
    const { user, errors, position } = await mutate('updateUser', { id: 'User:eve', ...change });
    expect(errors).toEqual([]);
    after.push(user.externalId);
    positions.push(position);
  }
  expect(after).toEqual(['é-1', 'É-1', 'É-1', 'É-1', null, null, 'E-2']);
  for (const [index, position] of positions.entries()) {
    const then = await server.graphql(
      'query ($position: Position!) { user(id: "User:eve", asOf: { position: $position }) { externalId } }',
      { position },
    );
    expect(dataOf(then).user.externalId).toBe(after[index]);
  }
  const { history } = dataOf(
    await server.graphql(`{ history(first: 20, filter: { user: "User:eve" }) {
      edges { node { type summary changes { field before after } } } } }`),
  );
  const changes = history.edges.map(({ node }: AnyData) =>
    node.changes
      .filter(({ field }: AnyData) => field === 'externalId')
      .map(({ before, after: now }: AnyData) => `${before} -> ${now}`)
      .join(),
  );
  expect(changes.reverse()).toEqual(['null -> é-1', '', 'é-1 -> É-1', '', 'É-1 -> null', 'null -> E-2']);
});

test('is one user’s, whoever has it by now, and judged as names are', async () => {
  await mutate('registerUser', { id: 'User:cat', username: 'cat', externalId: 'C-1' });
  for (const [name, input] of [
    ['registerUser', { id: 'User:fay', username: 'fay', externalId: 'C-1\n' }],
    ['updateUser', { id: 'User:ben', externalId: '\u200bC-1' }],
  ] as const)
    expect((await mutate(name, input)).errors).toMatchObject([
      { code: 'EXTERNAL_ID_TAKEN', field: ['externalId'], ids: ['User:cat'] },
    ]);
  expect((await mutate('updateUser', { id: 'User:ben', externalId: 'c-1' })).errors).toEqual([]);
  expect((await mutate('updateUser', { id: 'User:cat', externalId: 'C-2' })).errors).toEqual([]);
  expect((await mutate('updateUser', { id: 'User:ben', externalId: 'C-1' })).errors).toEqual([]);
  for (const externalId of [
    '',
    ' \u3000',
    'a\nb',
    'a\u202eb',
    'x'.repeat(201),
    '\u{1d160}'.repeat(67),
    'a\u0378',
  ])
    for (const [name, input] of [
      ['registerUser', { username: 'gus' }],
      ['updateUser', { id: 'User:ben' }],
    ] as const)
      expect((await mutate(name, { ...input, externalId })).errors).toMatchObject([
        { code: 'INVALID_INPUT', field: ['externalId'], message: expect.stringMatching(/^An external id /) },
      ]);
  const whole = 'ж'.repeat(200);
  expect((await mutate('updateUser', { id: 'User:ben', externalId: whole })).user.externalId).toBe(whole);
});

test('one key, one outcome; and who may not manage users is told nothing else', async () => {
  const input = { username: 'kim', externalId: 'K-1', idempotencyKey: 'kim' };
  const first = await mutate('registerUser', input);
  expect(await mutate('registerUser', input)).toEqual(first);
  expect((await mutate('registerUser', { ...input, externalId: 'K-2' })).errors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
  const document = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { errors { code } } }';
  const change = { input: { id: 'User:ben', externalId: 'K-1' } };
  expect(codesOf(await server.graphql(document, change, { as: 'ben' }))).toEqual(['FORBIDDEN']);
});
