import { issueOperatorToken } from '../../src/http/authentication/local-tokens';
import { verifyLog } from '../../src/operations/log/verify';
import { ACCOUNT, startTestServer, type TestServer } from './harness';

/** The operator's route: one answer for each item, whatever the others are. */

let server: TestServer;
beforeAll(async () => (server = await startTestServer()));
afterAll(() => server.close());

async function send(body: unknown): Promise<{ status: number; answers: Record<string, unknown>[] }> {
  const response = await fetch(`${server.url}/operator/commands`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await issueOperatorToken(server.signingKey)}`,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, answers: (await response.json()) as Record<string, unknown>[] };
}

const context = { account: ACCOUNT, requestId: 'request-1' };
const register = (username: unknown, more: object = {}) => ({
  command: { type: 'registerUser', username },
  context: { ...context, ...more },
});

const MALFORMED: readonly (readonly [what: string, item: unknown, field: readonly string[]])[] = [
  ['no item', null, ['command']],
  ['a text', 'registerUser', ['command']],
  ['a list', [], ['command']],
  ['no type', { command: {}, context }, ['command']],
  ['no account', { command: { type: 'registerUser', username: 'x' }, context: {} }, ['context']],
  ['an unknown type', { command: { type: 'nope' }, context }, ['type']],
  ['a type that objects inherit', { command: { type: '__proto__' }, context }, ['type']],
  ['a number as username', register(5), ['username']],
  ['a lone surrogate', register('a\ud800b'), ['username']],
  ['a control character', register('a\u0000b'), ['username']],
  ['an unknown field', { command: { type: 'registerUser', username: 'x', x: 1 }, context }, ['x']],
  [
    'a field of another command',
    { command: { type: 'createRole', name: 'x', role: 'x', user: 'x' }, context },
    ['role'],
  ],
  ['a list as reason', register('x', { reason: ['a', 'b'] }), ['reason']],
  ['an object as request id', register('x', { requestId: { a: 1 } }), ['requestId']],
  ['no request id', register('x', { requestId: undefined }), ['requestId']],
  ['an actor without id', register('x', { actor: { id: 7 } }), ['actor', 'id']],
  ['a key of no text', register('x', { idempotencyKey: 9 }), ['idempotencyKey']],
  ['null as version', register('x', { expectedVersion: null }), ['expectedVersion']],
  ['a version that is none', register('x', { expectedVersion: 1.5 }), ['expectedVersion']],
  [
    'a moment that is none',
    { command: { type: 'recordLogin', user: 'ada', at: 'yesterday' }, context },
    ['at'],
  ],
  ['a moment that is a number', { command: { type: 'recordLogin', user: 'ada', at: 5 }, context }, ['at']],
  [
    'a moment before there was any',
    { command: { type: 'recordLogin', user: 'ada', at: '0000-01-01T00:00:00+01:00' }, context },
    ['at'],
  ],
  [
    'grants that are no objects',
    { command: { type: 'createRole', name: 'x', grants: ['a'] }, context },
    ['grants', '0'],
  ],
  ['a role that is no text', { command: { type: 'deleteRole', role: 7 }, context }, ['role']],
  [
    'null for the whole set of grants',
    { command: { type: 'updateRole', role: 'account-admin', grants: null }, context },
    ['grants'],
  ],
];

test.each(MALFORMED)(
  '%s is refused alone, with its field; what stands beside it goes in',
  async (what, item, field) => {
    const { status, answers } = await send([register(`before ${what}`), item, register(`after ${what}`)]);
    expect(status).toBe(200);
    expect(answers).toMatchObject([
      { accepted: true, written: 1 },
      {
        accepted: false,
        refusals: expect.arrayContaining([expect.objectContaining({ code: 'INVALID_INPUT', field })]),
      },
      { accepted: true, written: 1 },
    ]);
  },
);

test('lists that are too long are told before any entry is looked at', async () => {
  const { answers } = await send([
    { command: { type: 'assignUsers', role: 'account-admin', userIds: Array(1_001).fill(7) }, context },
    {
      command: {
        type: 'createRole',
        name: 'x',
        grants: [{ permission: 'logs/view', scopes: Array(1_001).fill(null) }],
      },
      context,
    },
  ]);
  expect(answers).toMatchObject([
    { refusals: [{ code: 'TOO_MANY', field: ['userIds'] }] },
    { refusals: [{ code: 'TOO_MANY', field: ['grants', '0', 'scopes'] }] },
  ]);
});

test('a long key of nothing comes back cut', async () => {
  const permission = 'x'.repeat(100_000);
  const { answers } = await send([
    { command: { type: 'createRole', name: 'Echo', grants: [{ permission }] }, context },
    { command: { type: 'enableFeature', feature: permission }, context },
  ]);
  expect(answers).toMatchObject([
    { refusals: [{ code: 'UNKNOWN_PERMISSION' }] },
    { refusals: [{ code: 'UNKNOWN_FEATURE' }] },
  ]);
  expect(JSON.stringify(answers).length).toBeLessThan(1_500);
});

test.each([[{}], [null], ['x'], [Array(1_001).fill(register('x'))]])(
  'a body that is no list of commands is 400',
  async (body) => {
    expect((await send(body)).status).toBe(400);
  },
);

test('after all this the log is sound and the replica current', async () => {
  expect((await verifyLog(server.store, () => undefined)).faults).toEqual([]);
  expect(server.readModels.status()).toMatchObject({ state: 'live', poison: null });
});
