import { codesOf, dataOf, startTestServer, type AnyData, type TestServer } from './harness';

/** Identities over HTTP: linked and unlinked, shown to those who manage users, found as of each moment. */

const ISSUER = 'https://login.example';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const user of ['ben', 'cleo']) await server.run({ type: 'registerUser', user, username: user });
});
afterAll(() => server.close());

type Field = 'registerUser' | 'linkUserIdentity' | 'unlinkUserIdentity';
const documentOf = (
  field: Field,
): string => `mutation ($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) {
  ${field}(input: $input) { user { id identities { issuer subject linkedAt } } errors { code field ids } position } }`;
const mutate = async (field: Field, input: object): Promise<AnyData> =>
  dataOf(await server.graphql(documentOf(field), { input }))[field] as AnyData;
const link = (user: string, subject: string, issuer = ISSUER) =>
  mutate('linkUserIdentity', { id: `User:${user}`, issuer, subject });
const unlink = (user: string, subject: string) =>
  mutate('unlinkUserIdentity', { id: `User:${user}`, issuer: ISSUER, subject });
const subjectsOf = ({ user }: AnyData): string[] =>
  user.identities.map(({ subject }: AnyData) => subject as string);

test('are linked in their order, unlinked, and each one user’s; what is so already changes nothing', async () => {
  expect(subjectsOf(await link('ben', 's1'))).toEqual(['s1']);
  expect(subjectsOf(await link('ben', 'S1'))).toEqual(['s1', 'S1']);
  expect(subjectsOf(await link('ben', 's1'))).toEqual(['s1', 'S1']);
  expect((await link('cleo', 's1')).errors).toEqual([
    { code: 'IDENTITY_TAKEN', field: ['subject'], ids: ['User:ben'] },
  ]);
  expect(subjectsOf(await link('cleo', 's1', `${ISSUER}/`))).toEqual(['s1']);
  expect(subjectsOf(await unlink('ben', 's1'))).toEqual(['S1']);
  expect(subjectsOf(await unlink('ben', 's1'))).toEqual(['S1']);
  expect(subjectsOf(await link('cleo', 's1'))).toEqual(['s1', 's1']);
  expect((await link('ben', ' ')).errors).toMatchObject([{ code: 'INVALID_INPUT', field: ['subject'] }]);
  expect((await link('ben', 's', 'login.example')).errors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['issuer'] },
  ]);
  expect((await link('nobody', 's9')).errors).toMatchObject([{ code: 'NOT_FOUND', field: ['id'] }]);
});

test('one comes with a registration, once', async () => {
  const input = { username: 'kim', identity: { issuer: ISSUER, subject: 'k1' }, idempotencyKey: 'kim' };
  const first = await mutate('registerUser', input);
  expect(subjectsOf(first)).toEqual(['k1']);
  expect(await mutate('registerUser', input)).toEqual(first);
  const taken = { username: 'kai', identity: { issuer: ISSUER, subject: 'k1' } };
  expect((await mutate('registerUser', taken)).errors).toMatchObject([
    { code: 'IDENTITY_TAKEN', field: ['identity'], ids: [first.user.id] },
  ]);
  for (const [identity, field] of [
    [{ issuer: 'x', subject: 'k2' }, 'issuer'],
    [{ issuer: ISSUER, subject: 'k\n2' }, 'subject'],
    [{ issuer: ISSUER, subject: '\ud800' }, 'subject'],
  ] as const)
    expect((await mutate('registerUser', { username: 'kai', identity })).errors).toMatchObject([
      { code: 'INVALID_INPUT', field: ['identity', field] },
    ]);
});

test('are shown to those who manage users, and name the user in their place, as of then too', async () => {
  const { position } = await link('ben', 'p1');
  await unlink('ben', 'p1');
  const who = `query ($subject: String!, $asOf: AsOf) {
    user(by: { identity: { issuer: "${ISSUER}", subject: $subject } }, asOf: $asOf) {
      id identities { subject } } }`;
  const found = async (subject: string, asOf: object | null = null) =>
    dataOf(await server.graphql(who, { subject, asOf })).user as AnyData;
  expect(await found('p1')).toBeNull();
  expect(await found('S1')).toMatchObject({ id: 'User:ben', identities: [{ subject: 'S1' }] });
  expect((await found('p1', { position })).identities).toEqual([{ subject: 'S1' }, { subject: 'p1' }]);
  const checks = ['S1', 'nobody', 's1'].map((subject) => ({
    user: { identity: { issuer: ISSUER, subject } },
    permission: 'roles/view',
  }));
  const { checkPermissions } = dataOf(
    await server.graphql(
      `query ($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { reason } }`,
      { checks },
    ),
  );
  expect(checkPermissions).toMatchObject([
    { reason: 'NOT_GRANTED' },
    { reason: 'UNKNOWN_USER' },
    { reason: 'NOT_GRANTED' },
  ]);
  const own = await server.graphql('{ me { id identities { subject } } }', {}, { as: 'ben' });
  expect(own.data).toEqual({ me: { id: 'User:ben', identities: null } });
  expect(codesOf(own)).toEqual(['FORBIDDEN']);
  const input = { id: 'User:cleo', issuer: ISSUER, subject: 'S1' };
  const refused = await server.graphql(documentOf('linkUserIdentity'), { input }, { as: 'ben' });
  expect(codesOf(refused)).toEqual(['FORBIDDEN']);
});

test('of a page of users are read at once', async () => {
  const users = dataOf(
    await server.graphql('{ users(first: 50) { nodes { id identities { subject } allowedActions } } }'),
  ).users.nodes as AnyData[];
  expect(users.find(({ id }) => id === 'User:ben')).toMatchObject({ identities: [{ subject: 'S1' }] });
  for (const { allowedActions } of users) expect(allowedActions).toContain('EDIT_IDENTITIES');
});

test('of admins are changed by those who have their privileges, and nobody loses the last one of their own', async () => {
  await link('ada', 'a1');
  const grants = ['users/manage', 'users/view'].map((permission) => ({ permission }));
  await server.run({ type: 'createRole', name: 'Clerks', grants, userIds: ['cleo'] });
  const asked = async (field: Field, subject: string, as: string) => {
    const input = { id: 'User:ada', issuer: ISSUER, subject };
    const answer = await server.graphql(documentOf(field), { input }, { as });
    return (dataOf(answer)[field] as AnyData).errors.map(({ code }: AnyData) => code as string);
  };
  expect(await asked('linkUserIdentity', 'a2', 'cleo')).toEqual(['ESCALATION']);
  expect(await asked('unlinkUserIdentity', 'a1', 'cleo')).toEqual(['ESCALATION']);
  expect(await asked('unlinkUserIdentity', 'a1', 'ada')).toEqual(['SELF_UNLINKING']);
  expect(await asked('linkUserIdentity', 'a2', 'ada')).toEqual([]);
  expect(await asked('unlinkUserIdentity', 'a1', 'ada')).toEqual([]);
  const page = '{ user(id: "User:ada") { allowedActions identities { subject } } }';
  const { user } = dataOf(await server.graphql(page, {}, { as: 'cleo' }));
  expect(user).toEqual({ allowedActions: ['EDIT_DETAILS'], identities: [{ subject: 'a2' }] });
});

test('history tells of the issuer, and never of the subject', async () => {
  const answer = dataOf(
    await server.graphql(`{ history(first: 50, filter: { user: "User:ben", types: [USER_IDENTITY_LINKED, USER_IDENTITY_UNLINKED] }) {
      nodes { type summary changes { field before after } } } }`),
  );
  const nodes = answer.history.nodes as AnyData[];
  expect(nodes.at(-1)).toEqual({
    type: 'USER_IDENTITY_LINKED',
    summary: expect.stringContaining(`linked an identity of ${ISSUER} to the user ben.`),
    changes: [{ field: 'identity', before: null, after: ISSUER }],
  });
  expect(nodes.map(({ type }) => type)).toContain('USER_IDENTITY_UNLINKED');
  expect(JSON.stringify(answer)).not.toMatch(/"[sS]1"|p1/);
});
