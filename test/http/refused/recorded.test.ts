import { issueOperatorToken } from '../../../src/http/authentication/local-tokens';
import { startTestServer, type TestServer } from '../harness';
import { metricsOf } from '../prometheus';

/** Refused attempts of a whole server: who tried what, from the door to the rules. */

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.run({ type: 'registerUser', user: 'cleo', username: 'cleo', name: 'Cleo Secret' });
  await server.run({ type: 'registerUser', user: 'max', username: 'max', name: 'Max' });
  await server.run({ type: 'registerUser', user: 'ida', username: 'ida', name: 'Ida' });
  await server.run({ type: 'deactivateUser', user: 'ida' });
  await server.run({
    type: 'createRole',
    name: 'Manager',
    grants: [{ permission: 'roles/manage' }, { permission: 'roles/assign' }],
    userIds: ['max'],
  });
});
afterAll(() => server.close());

/** Lines that a request led to. */
async function linesOf(run: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const before = server.log.length;
  await run();
  return server.log
    .slice(before)
    .filter(({ msg }) => msg === 'refused attempt')
    .map(({ code, operation, account, actor, why, from, requestId, level }) => {
      expect([from, level]).toEqual(['loopback', 40]);
      expect(requestId).toBe('the-request');
      return { code, operation, account, actor, why };
    });
}

const headers = { 'x-request-id': 'the-request' };
const ask =
  (query: string, as: string | null, more: object = {}) =>
  () =>
    server.graphql(query, {}, { as, headers: { ...headers, ...more } });
const unknown = { account: null, actor: null };
const door = { code: 'UNAUTHENTICATED', operation: 'POST /graphql' };

test('at the door: no token, a bad one, that of an inactive user, of an operator, of a user for operators', async () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  expect(await linesOf(ask('{ me { id } }', null))).toEqual([{ ...door, ...unknown, why: 'no token' }]);
  expect(await linesOf(ask('{ me { id } }', null, bearer('a.b.c')))).toEqual([
    { ...door, ...unknown, why: 'bad token' },
  ]);
  expect(await linesOf(ask('{ me { id } }', 'ida'))).toEqual([
    { ...door, account: 'acme', actor: 'User:ida', why: 'not active' },
  ]);
  const operator = await issueOperatorToken(server.signingKey);
  expect(await linesOf(ask('{ me { id } }', null, bearer(operator)))).toEqual([
    { ...door, account: null, actor: 'Operator', why: 'not a user' },
  ]);
  const token = await server.token('cleo');
  const send = () =>
    fetch(`${server.url}/operator/commands`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...bearer(token) },
      body: '[]',
    });
  expect(await linesOf(send)).toEqual([
    {
      code: 'UNAUTHENTICATED',
      operation: 'POST /operator/commands',
      account: 'acme',
      actor: 'User:cleo',
      why: 'not an operator',
    },
  ]);
});

test('fields, by the names of the schema, each once', async () => {
  const query = `query Secret { secret: history { totalCount } again: history { totalCount }
    nodes(ids: ["User:ada", "User:max", "Account:acme"]) { id } me { id } }`;
  const of = { code: 'FORBIDDEN', account: 'acme', actor: 'User:cleo' };
  expect(await linesOf(ask(query, 'cleo'))).toEqual([
    { ...of, operation: 'Query.history' },
    { ...of, operation: 'Query.nodes' },
  ]);
});

test('mutations: for want of a right, and of a privileged permission', async () => {
  const create = 'mutation { createRole(input: { name: "Cleo Secret" }) { position } }';
  expect(await linesOf(ask(create, 'cleo'))).toEqual([
    { code: 'FORBIDDEN', operation: 'Mutation.createRole', account: 'acme', actor: 'User:cleo' },
  ]);
  const join =
    'mutation { assignUsers(input: { roleId: "Role:account-admin", userIds: ["User:max"] }) { position } }';
  const each =
    'mutation { updateUserRoles(input: { userId: "User:max", assignRoleIds: ["Role:account-admin"] }) { position } }';
  for (const [mutation, operation] of [
    [join, 'Mutation.assignUsers'],
    [each, 'Mutation.updateUserRoles'],
  ] as const)
    expect(await linesOf(ask(mutation, 'max'))).toEqual([
      { code: 'ESCALATION', operation, account: 'acme', actor: 'User:max' },
    ]);
});

test('nothing that was allowed, and no other refusal', async () => {
  expect(await linesOf(ask('{ history { totalCount } roles { totalCount } }', 'ada'))).toEqual([]);
  const nameless = 'mutation { createRole(input: { name: "" }) { errors { code } } }';
  expect(await linesOf(ask(nameless, 'max'))).toEqual([]);
  expect(await linesOf(ask('{ nothing }', 'cleo'))).toEqual([]);
});

test('each is counted by its code, and no line has a name', async () => {
  const metrics = await metricsOf(server.url);
  const counted = (code: string) => metrics.get(`rolebook_refused_attempts_total{code="${code}"}`);
  expect([counted('UNAUTHENTICATED'), counted('FORBIDDEN'), counted('ESCALATION')]).toEqual([5, 3, 2]);
  expect(JSON.stringify(server.log)).not.toContain('Secret');
});

test('a flood is cut', async () => {
  const before = server.log.length;
  for (let i = 0; i < 30; i += 1) await ask('{ me { id } }', 'ida')();
  const lines = server.log.slice(before).filter(({ msg }) => msg === 'refused attempt');
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(lines.length).toBeGreaterThan(10);
});
