import { codesOf, dataOf, startTestServer, type Answer, type TestServer } from './harness';

/** A service asks what users may do, and reads neither users nor roles; users are named by what the caller knows. */

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.run({ type: 'registerUser', user: 'svc', username: 'billing-service' });
  await server.run({ type: 'registerUser', user: 'ben', username: 'ben@example.com', externalId: 'P-7' });
  await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['ben'] });
  await server.run(
    { type: 'createRole', name: 'Checkers', grants: [{ permission: 'access/check' }], userIds: ['svc'] },
    { idempotencyKey: 'checkers' },
  );
});
afterAll(() => server.close());

const CHECK = `query ($checks: [PermissionCheckInput!]!) {
  checkPermissions(checks: $checks) { allowed reason via { role { id } } } }`;
const PERMISSION = 'accounts/view';

const check = (as: string, ...users: object[]): Promise<Answer> =>
  server.graphql(CHECK, { checks: users.map((user) => ({ user, permission: PERMISSION })) }, { as });

test('the answer tells what is allowed and why not, and no roles', async () => {
  const asked = [
    { id: 'User:ben' },
    { username: 'BEN@example.com' },
    { externalId: 'P-7' },
    { id: 'User:ada' },
  ];
  const { checkPermissions } = dataOf(await check('svc', ...asked, { username: 'nobody' }));
  const yes = { allowed: true, reason: null, via: null };
  expect(checkPermissions).toEqual([
    yes,
    yes,
    yes,
    yes,
    { allowed: false, reason: 'UNKNOWN_USER', via: null },
  ]);
});

test.each([
  '{ user(id: "User:ben") { name } }',
  '{ user(by: { username: "ben@example.com" }) { name } }',
  '{ users { totalCount } }',
  '{ roles { totalCount } }',
  '{ history { totalCount } }',
  '{ node(id: "User:ben") { id } }',
  `{ usersWithPermission(permission: "${PERMISSION}") { totalCount } }`,
])('it reads nothing else: %s', async (query) => {
  expect(codesOf(await server.graphql(query, {}, { as: 'svc' }))).toEqual(['FORBIDDEN']);
});

test('whoever sees roles is told them, and so is everybody about themselves; others need a right', async () => {
  const via = [{ role: { id: 'Role:finance-manager' } }];
  expect(dataOf(await check('ada', { id: 'User:ben' })).checkPermissions).toMatchObject([{ via }]);
  expect(dataOf(await check('ben', { externalId: 'P-7' })).checkPermissions).toMatchObject([
    { allowed: true, via },
  ]);
  const { errors } = await check('ben', { id: 'User:ben' }, { id: 'User:ada' });
  expect(errors).toMatchObject([
    { message: 'This needs the permission access/check or roles/view.', extensions: { code: 'FORBIDDEN' } },
  ]);
});

describe('A user', () => {
  const user = (args: string, as?: string): Promise<Answer> =>
    server.graphql(`{ user(${args}) { id } }`, {}, as === undefined ? {} : { as });

  test.each([
    'id: "User:ben"',
    'by: { id: "User:ben" }',
    'by: { username: "BEN@EXAMPLE.COM" }',
    'by: { externalId: "P-7" }',
    'id: "User:ben", by: null',
  ])('is found by %s', async (args) => {
    expect(dataOf(await user(args)).user).toEqual({ id: 'User:ben' });
  });

  test.each(['by: { id: "Role:ben" }', 'by: { username: "nobody" }', 'by: { externalId: "p-7" }'])(
    'is not found by %s',
    async (args) => {
      expect(dataOf(await user(args)).user).toBeNull();
    },
  );

  test.each(['id: "User:ben", by: { id: "User:ben" }', 'id: null', 'by: null'])(
    'is named by exactly one of id and by: %s',
    async (args) => {
      expect(codesOf(await user(args))).toEqual(['BAD_USER_INPUT']);
    },
  );

  test.each(['by: {}', 'by: { id: "User:ben", username: "ben" }'])(
    'is named in one way: %s',
    async (args) => {
      expect((await user(args)).status).toBe(400);
    },
  );

  test('of the past, by the names of then', async () => {
    const { extensions } = (await server.graphql('{ me { id } }')) as Answer & {
      extensions: { position: string };
    };
    await server.run({ type: 'updateUser', user: 'ben', externalId: 'P-8' });
    const then = `asOf: { position: "${extensions.position}" }`;
    expect(dataOf(await user(`by: { externalId: "P-7" }, ${then}`)).user).toEqual({
      id: `User:ben@${extensions.position}`,
    });
    expect(dataOf(await user('by: { externalId: "P-7" }')).user).toBeNull();
  });
});
