import { randomBytes } from 'node:crypto';
import { API_KEY_RANDOM_BYTES, apiKeyHash, apiKeyPrefix, apiKeyText } from '../../../src/domain/user/api-key';
import { startTestServer, type TestServer } from '../harness';
import { faultOf, patch, scimClient, USER, type Scim } from './client';

/** A service user calls SCIM by its API key, and is none of the people that SCIM knows. */

const KEY = apiKeyText(randomBytes(API_KEY_RANDOM_BYTES));
const BY_KEY = { as: null, headers: { authorization: `Bearer ${KEY}` } };

let server: TestServer;
let scim: Scim;
beforeAll(async () => {
  server = await startTestServer();
  scim = scimClient(server);
  await server.run({ type: 'registerUser', user: 'sync', username: 'sync', kind: 'SERVICE' });
  await server.run({
    type: 'createRole',
    name: 'Provisioning',
    grants: [{ permission: 'users/view' }, { permission: 'users/manage' }],
    userIds: ['sync'],
  });
  const key = { name: 'SCIM', prefix: apiKeyPrefix(KEY), hash: apiKeyHash(KEY), expiresInDays: 30 };
  await server.run({ type: 'createApiKey', user: 'sync', ...key });
});
afterAll(() => server.close());

test('it lists people alone, and registers them', async () => {
  const created = await scim('POST', '/Users', { schemas: [USER], userName: 'tom' }, BY_KEY);
  expect(created.status).toBe(201);
  const { body } = await scim('GET', '/Users', undefined, BY_KEY);
  expect(body['totalResults']).toBe(2);
  expect((body['Resources'] as { userName: string }[]).map(({ userName }) => userName).sort()).toEqual([
    'ada@example.com',
    'tom',
  ]);
});

test('a service user is not found, by any way, and keeps its name', async () => {
  for (const filter of ['userName eq "sync"', 'id eq "sync"'])
    expect((await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body['totalResults']).toBe(0);
  for (const [method, body] of [
    ['GET', undefined],
    ['PUT', { schemas: [USER], userName: 'other' }],
    ['PATCH', patch({ op: 'replace', path: 'active', value: false })],
    ['DELETE', undefined],
  ] as const)
    expect([method, faultOf(await scim(method, '/Users/sync', body))]).toEqual([method, [404, 'NOT_FOUND']]);
  expect(faultOf(await scim('POST', '/Users', { schemas: [USER], userName: 'sync' }))).toEqual([
    409,
    'uniqueness',
    'USERNAME_TAKEN',
  ]);
  expect((await scim('GET', '/Users', undefined, BY_KEY)).status).toBe(200);
});

test('what it lacks the right for is recorded', async () => {
  const before = server.log.length;
  expect(faultOf(await scim('DELETE', '/Users/ada', undefined, BY_KEY))).toEqual([403, 'ESCALATION']);
  await server.run({ type: 'registerUser', user: 'max', username: 'max' });
  expect(faultOf(await scim('GET', '/Users', undefined, { as: 'max' }))).toEqual([403, 'FORBIDDEN']);
  const recorded = server.log.slice(before).filter(({ msg }) => msg === 'refused attempt');
  expect(recorded.map(({ code, operation, actor }) => [code, operation, actor])).toEqual([
    ['ESCALATION', 'DELETE /scim/v2/Users/:id', 'User:sync'],
    ['FORBIDDEN', 'GET /scim/v2/Users', 'User:max'],
  ]);
});
