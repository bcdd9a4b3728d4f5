import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { apiKeyHash, apiKeyText } from '../../src/domain/user/api-key';
import { apiKeys } from '../../src/http/authentication/api-keys';
import { InvalidTokenError } from '../../src/http/authentication/identity';
import { codesOf, dataOf, startTestServer, type AnyData, type Answer, type TestServer } from './harness';

/** Service users call by API keys, as anybody calls by a token. */

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { errors { code field ids permissions }
  projected secret apiKey { id name prefix createdAt createdBy { id } expiresAt revokedAt lastUsedAt } } }`;
const REVOKE =
  'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { errors { code field } apiKey { id revokedAt } } }';
const ME = '{ me { id username kind } }';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.run({ type: 'registerUser', user: 'dan', username: 'dan' });
  await server.run({
    type: 'createRole',
    name: 'Desk',
    grants: [{ permission: 'users/manage' }, { permission: 'users/view' }],
    userIds: ['dan'],
  });
});
afterAll(() => server.close());

const register = (user: string): Promise<bigint | null> =>
  server.run({ type: 'registerUser', user, username: user, kind: 'SERVICE' });

async function create(user: string, fields: object = {}, as?: string): Promise<AnyData> {
  const input = { userId: `User:${user}`, name: 'Night run', ...fields };
  return dataOf(await server.graphql(CREATE, { input }, { as })).createApiKey as AnyData;
}

const call = (secret: string, query = ME, variables?: object): Promise<Answer> =>
  server.graphql(query, variables, { as: null, headers: { authorization: `Bearer ${secret}` } });

const REFUSED = { status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };

test('a key lets a program call as its user until it is revoked, which holds from the next request on', async () => {
  const registered = dataOf(
    await server.graphql(
      'mutation { registerUser(input: { username: "night", id: "User:night", kind: SERVICE }) { user { kind apiKeys { id } } errors { code } } }',
    ),
  ).registerUser;
  expect(registered).toEqual({ user: { kind: 'SERVICE', apiKeys: [] }, errors: [] });
  const { secret, apiKey, errors } = await create('night', { expiresInDays: 30 });
  expect(errors).toEqual([]);
  expect(apiKey).toMatchObject({
    id: expect.stringMatching(/^ApiKey:night\/k_/),
    name: 'Night run',
    prefix: secret.slice(0, 8),
    createdBy: { id: expect.stringContaining('ada') },
    revokedAt: null,
    lastUsedAt: null,
  });
  expect(Date.parse(apiKey.expiresAt) - Date.parse(apiKey.createdAt)).toBeLessThanOrEqual(30 * 86_400_000);
  expect(dataOf(await call(secret))).toEqual({
    me: { id: 'User:night', username: 'night', kind: 'SERVICE' },
  });
  const listed = dataOf(
    await server.graphql('{ user(id: "User:night") { apiKeys { id lastUsedAt } } }'),
  ).user;
  expect(listed.apiKeys).toEqual([{ id: apiKey.id, lastUsedAt: expect.any(String) }]);
  const revoked = dataOf(await server.graphql(REVOKE, { input: { id: apiKey.id } })).revokeApiKey;
  expect(revoked).toEqual({ errors: [], apiKey: { id: apiKey.id, revokedAt: expect.any(String) } });
  expect(await call(secret)).toMatchObject(REFUSED);
});

test('a key that is mistyped, unknown, revoked, expired, or of nobody who is active, is told alike', async () => {
  await register('alike');
  const keys = [await create('alike'), await create('alike')];
  await server.graphql(REVOKE, { input: { id: keys[0]!.apiKey.id } });
  const unknown = apiKeyText(new Uint8Array(32).fill(9));
  const answers = [
    await call(unknown),
    await call(`${unknown.slice(0, -1)}_`),
    await call(`${unknown.slice(0, -1)}${unknown.endsWith('0') ? '1' : '0'}`),
    await call(keys[0]!.secret),
    await call('rbk_'),
  ];
  expect(new Set(answers.map(({ status, errors }) => JSON.stringify([status, errors]))).size).toBe(1);
  expect(answers[0]).toMatchObject(REFUSED);
  const { secret } = keys[1]!;
  await server.run({ type: 'deactivateUser', user: 'alike' });
  expect(await call(secret)).toMatchObject(REFUSED);
  await server.run({ type: 'reactivateUser', user: 'alike' });
  expect((await call(secret)).status).toBe(200);
  await server.run({ type: 'eraseUser', user: 'alike' });
  expect(await call(secret)).toMatchObject(REFUSED);
  const erased = '{ user(id: "User:alike") { kind apiKeys { name prefix revokedAt } } }';
  expect(dataOf(await server.graphql(erased)).user).toEqual({
    kind: 'SERVICE',
    apiKeys: Array(2).fill({ name: null, prefix: expect.any(String), revokedAt: expect.any(String) }),
  });
});

test('a repeat under the same idempotency key finds the key, whose text is not shown again', async () => {
  await register('once');
  const first = await create('once', { idempotencyKey: 'k' });
  const second = await create('once', { idempotencyKey: 'k' });
  expect(second).toEqual({ ...first, secret: null });
  expect(await call(first.secret)).toMatchObject({ status: 200 });
});

test('the text of a key is in no event, in no file and in no line that is logged', async () => {
  await register('hush');
  const { secret } = await create('hush');
  await call(secret);
  await call(`${secret}x`);
  const events: unknown[] = [];
  for await (const { data, metadata } of server.store.readAll()) events.push({ data, metadata });
  expect(JSON.stringify([events, server.log])).not.toContain(secret.slice(8));
  const { dataDirectory } = server.config;
  for (const name of readdirSync(dataDirectory))
    expect([name, readFileSync(path.join(dataDirectory, name)).includes(secret.slice(8))]).toEqual([
      name,
      false,
    ]);
  expect(JSON.stringify(events)).toContain(apiKeyHash(secret));
});

test('keys are made and revoked by who manages users, and has what the user is granted that is privileged', async () => {
  await register('payer');
  await server.run({ type: 'assignUsers', role: 'finance-manager', userIds: ['payer'] });
  await server.run({ type: 'registerUser', user: 'eve', username: 'eve' });
  const input = { userId: 'User:payer', name: 'x' };
  expect(codesOf(await server.graphql(CREATE, { input }, { as: 'eve' }))).toEqual(['FORBIDDEN']);
  await register('plain');
  expect((await create('plain', {}, 'dan')).errors).toEqual([]);
  await server.run({ type: 'assignUsers', role: 'account-admin', userIds: ['plain'] });
  expect((await create('plain', {}, 'dan')).errors).toMatchObject([
    { code: 'ESCALATION', field: ['userId'] },
  ]);
  const keys = '{ user(id: "User:plain") { apiKeys { id } } }';
  const [{ id }] = dataOf(await server.graphql(keys)).user.apiKeys;
  const revoked = await server.graphql(REVOKE, { input: { id } }, { as: 'dan' });
  expect(dataOf(revoked).revokeApiKey.errors).toEqual([{ code: 'ESCALATION', field: ['id'] }]);
  for (const wrong of ['User:plain', 'ApiKey:plain/k_none', 'ApiKey:plain', 'x'])
    expect(dataOf(await server.graphql(REVOKE, { input: { id: wrong } })).revokeApiKey.errors).toMatchObject([
      { code: 'NOT_FOUND', field: ['id'] },
    ]);
});

test('a program changes roles under its own name, and is listed apart from persons', async () => {
  await register('boss');
  await server.run({ type: 'assignUsers', role: 'account-admin', userIds: ['boss'] });
  const { secret } = await create('boss');
  const made = await call(
    secret,
    'mutation { createRole(input: { name: "By a program" }) { errors { code } role { createdBy { id } } } }',
  );
  expect(dataOf(made).createRole).toMatchObject({
    errors: [],
    role: { createdBy: { id: expect.stringContaining('boss') } },
  });
  const leave = 'mutation { deactivateUser(input: { id: "User:ada" }) { errors { code } } }';
  expect(dataOf(await call(secret, leave)).deactivateUser.errors).toEqual([{ code: 'LAST_ADMIN' }]);
  const signIn = 'mutation { recordLogin(input: { id: "User:boss" }) { errors { code } } }';
  expect(dataOf(await server.graphql(signIn)).recordLogin.errors).toEqual([{ code: 'SERVICE_USER' }]);
  const lists = dataOf(
    await server.graphql(
      '{ all: users { totalCount } people: users(kind: PERSON) { totalCount edges { node { kind } } } services: users(kind: SERVICE, search: "OSS") { totalCount edges { node { id kind } } } }',
    ),
  );
  expect(new Set(lists.people.edges.map(({ node }: AnyData) => node.kind))).toEqual(new Set(['PERSON']));
  expect(lists.services).toEqual({
    totalCount: 1,
    edges: [{ node: { id: 'User:boss', kind: 'SERVICE' } }],
  });
  expect(lists.people.totalCount).toBeLessThan(lists.all.totalCount);
});

describe('The authenticator', () => {
  const text = apiKeyText(new Uint8Array(32).fill(1));
  const asked: string[] = [];
  const used: string[] = [];
  const of = (status: 'ACTIVE' | 'INACTIVE', expiresAt: number) =>
    apiKeys(
      {
        apiKey(hash) {
          asked.push(hash);
          return { account: 'acme', user: 'bot', id: 'k_1', expiresAt: new Date(expiresAt) };
        },
        userStatus: () => new Map([['bot', status]]),
      },
      { seen: ({ id }) => void used.push(id) },
      () => 1_000,
    );

  beforeEach(() => {
    asked.length = 0;
    used.length = 0;
  });

  test('looks up by the hash, and notes the use of an active user’s key alone', async () => {
    expect(await of('ACTIVE', 1_001).identify(text)).toEqual({ kind: 'user', account: 'acme', user: 'bot' });
    expect(asked).toEqual([apiKeyHash(text)]);
    expect(used).toEqual(['k_1']);
    await of('INACTIVE', 1_001).identify(text);
    expect(used).toEqual(['k_1']);
  });

  test('refuses a key from the very moment of its end', async () => {
    await expect(of('ACTIVE', 1_000).identify(text)).rejects.toThrow(InvalidTokenError);
    expect(used).toEqual([]);
  });

  test('refuses a wrong checksum without looking it up', async () => {
    await expect(of('ACTIVE', 2_000).identify(`${text.slice(0, -1)}!`)).rejects.toThrow(InvalidTokenError);
    await expect(of('ACTIVE', 2_000).identify(text.replace('rbk_', 'rbk_0'))).rejects.toThrow(
      InvalidTokenError,
    );
    expect(asked).toEqual([]);
  });

  test('takes what begins as a key, and nothing else', () => {
    expect(of('ACTIVE', 1).recognises('rbk_x')).toBe(true);
    expect(of('ACTIVE', 1).recognises('ey.x.y')).toBe(false);
  });
});
