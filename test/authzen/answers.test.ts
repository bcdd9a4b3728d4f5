import { codesOf, dataOf, startTestServer, type TestServer } from '../http/harness';
import { MAX_EVALUATIONS } from '../../src/authzen/evaluations';
import { authzenClient, custom, openRecord, RECORD, SERVICE, type AuthzenAnswer, type Post } from './client';

/** AuthZEN beyond its certification: rights, names of users, pages that hold still, other accounts. */

const ISSUER = 'https://login.example';
let server: TestServer;
let post: Post;
beforeAll(async () => {
  server = await startTestServer();
  await openRecord(server);
  post = authzenClient(server, RECORD);
  const context = { account: RECORD };
  await server.run({ type: 'updateUser', user: 'bob', externalId: 'P-7' }, context);
  await server.run({ type: 'linkUserIdentity', user: 'bob', issuer: ISSUER, subject: 'sub-bob' }, context);
  await custom(server, 'Checkers', ['access/check'], ['carol']);
});
afterAll(() => server.close());

const account = { type: 'account', id: RECORD };
const ask = (subject: object, name = 'read', resource: object = account) => ({
  subject,
  action: { name },
  resource,
});
const byId = (id: string) => ({ type: 'user', id });
const codeOf = ({ status, body }: AuthzenAnswer): unknown[] => [status, body['errors']?.[0].extensions.code];

test('a user is named by what the caller knows, and by nothing else', async () => {
  const named = (by: string, id: string, more: object = {}) =>
    ask({ type: 'user', id, properties: { by, ...more } });
  const evaluations = [
    named('id', 'bob'),
    named('username', 'BOB@example.com'),
    named('externalId', 'P-7'),
    named('subject', 'sub-bob', { issuer: ISSUER }),
    named('subject', 'sub-bob', { issuer: 'https://other.example' }),
    named('externalId', 'p-7'),
    named('username', 'bob'),
    ask(byId('User:bob')),
  ];
  const { body } = await post('evaluations', { evaluations });
  const unknown = { decision: false, context: { reason: 'UNKNOWN_USER' } };
  expect(body['evaluations']).toEqual([...Array(4).fill({ decision: true }), ...Array(4).fill(unknown)]);
  for (const faulty of [named('mail', 'bob'), named('subject', 'sub-bob'), named('id', 'a\ud800')])
    expect(codeOf(await post('evaluation', faulty))).toEqual([400, 'BAD_REQUEST']);
});

test('reasons of denials; whoever sees roles is told which grant it', async () => {
  const evaluations = [
    ask(byId('bob'), 'write'),
    ask(byId('bob'), 'fly'),
    ask({ type: 'group', id: 'bob' }),
    ask(byId('bob'), 'read', { type: 'account', id: 'acme' }),
    ask(byId('bob'), 'read', { type: 'account', id: 'never-was' }),
    ask(byId('bob'), 'read', { type: 'record', id: RECORD }),
    { ...ask(byId('bob')), action: { name: 'read', properties: { scope: 'sms:logs:read' } } },
  ];
  const { body } = await post('evaluations', { evaluations });
  expect(body['evaluations'].map((each: { context: object }) => each.context)).toEqual(
    [
      'NOT_GRANTED',
      'UNKNOWN_PERMISSION',
      'UNKNOWN_SUBJECT_TYPE',
      'UNKNOWN_RESOURCE',
      'UNKNOWN_RESOURCE',
      'UNKNOWN_RESOURCE',
      'SCOPE_NOT_GRANTED',
    ].map((reason) => ({ reason })),
  );
  const { body: told } = await post('evaluation', ask(byId('bob')), { as: 'root' });
  expect(told).toEqual({ decision: true, context: { via: [expect.stringMatching(/^r_/)] } });
});

test('many at once end where the semantic says; one fault denies its own alone', async () => {
  const [yes, no, faulty] = [ask(byId('bob')), ask(byId('bob'), 'write'), { subject: 'bob' }];
  const decisions = async (semantic: string, evaluations: object[]): Promise<unknown> => {
    const options = { evaluations_semantic: semantic };
    const { body } = await post('evaluations', { evaluations, options });
    return body['evaluations'].map(({ decision }: { decision: boolean }) => decision);
  };
  expect(await decisions('execute_all', [no, yes, faulty])).toEqual([false, true, false]);
  expect(await decisions('deny_on_first_deny', [yes, no, yes])).toEqual([true, false]);
  expect(await decisions('deny_on_first_deny', [yes, faulty, yes])).toEqual([true, false]);
  expect(await decisions('permit_on_first_permit', [no, faulty, yes, no])).toEqual([false, false, true]);
  const { body } = await post('evaluations', { evaluations: [faulty, 7] });
  expect(body['evaluations']).toEqual([
    { decision: false, context: { error: { status: 400, message: '`subject` must be an object.' } } },
    { decision: false, context: { error: { status: 400, message: '`evaluations[1]` must be an object.' } } },
  ]);
});

test.each<[string, object]>([
  [
    'a semantic that is none',
    { evaluations: [ask(byId('bob'))], options: { evaluations_semantic: 'toString' } },
  ],
  ['options that are a text', { evaluations: [ask(byId('bob'))], options: 'all' }],
  ['evaluations that are no list', { ...ask(byId('bob')), evaluations: {} }],
  ['a default that is a text', { subject: 'bob', evaluations: [ask(byId('bob'))] }],
  ['too many', { evaluations: Array(MAX_EVALUATIONS + 1).fill(ask(byId('bob'))) }],
])('a batch with %s is refused', async (_name, body) => {
  expect(codeOf(await post('evaluations', body))).toEqual([400, 'BAD_REQUEST']);
});

test('as many as are allowed are answered', async () => {
  const evaluations = Array(MAX_EVALUATIONS).fill({ action: { name: 'write' } });
  const { body } = await post('evaluations', { subject: byId('alice'), resource: account, evaluations });
  expect(body['evaluations']).toEqual(Array(MAX_EVALUATIONS).fill({ decision: true }));
});

describe('pages', () => {
  const search = { subject: { type: 'user' }, action: { name: 'read' }, resource: account };
  const page = async (more: object, body: object = search): Promise<AuthzenAnswer> =>
    post('search/subject', { ...body, page: more });

  test('show what was there when the first one was read, whatever comes between', async () => {
    const first = await page({ limit: 1 });
    await custom(server, 'Late', ['read'], ['carol']);
    const second = await page({ limit: 1, token: first.body['page'].next_token });
    expect([...first.body['results'], ...second.body['results']]).toEqual([byId('alice'), byId('bob')]);
    expect(second.body['page']).toEqual({ next_token: '', count: 1 });
    expect((await page({})).body['results']).toHaveLength(3);
  });

  test('of no entries lead to those with some', async () => {
    const none = await page({ limit: 0 });
    expect([none.body['results'], none.body['page'].count]).toEqual([[], 0]);
    const again = await page({ token: none.body['page'].next_token });
    expect(again.body).toMatchObject({ results: [], page: { next_token: none.body['page'].next_token } });
  });

  test('a token is of its search, its limit and its account', async () => {
    const { next_token: token } = (await page({ limit: 1 })).body['page'];
    const others: [object, object?][] = [
      [{ token, limit: 2 }],
      [{ token }, { ...search, action: { name: 'write' } }],
      [{ token }, { ...search, context: { ip: '::1' } }],
      [{ token: `${token}x` }],
      [{ token: 7 }],
      [{ limit: -1 }],
      [{ limit: 1.5 }],
      [{ limit: '1' }],
      [{ properties: [] }],
    ];
    for (const [more, body] of others) expect(codeOf(await page(more, body))).toEqual([400, 'BAD_REQUEST']);
    const mine = { ...search, resource: { type: 'account', id: 'acme' } };
    const elsewhere = { as: 'ada', account: 'acme' };
    const foreign = await post('search/subject', { ...mine, page: { token } }, elsewhere);
    expect(codeOf(foreign)).toEqual([400, 'BAD_REQUEST']);
    const { users } = dataOf(await server.graphql('{ users(first: 1) { pageInfo { endCursor } } }'));
    const cursor = { ...mine, page: { token: users.pageInfo.endCursor } };
    expect(codeOf(await post('search/subject', cursor, elsewhere))).toEqual([400, 'BAD_REQUEST']);
  });

  test('of actions go on where the one before ended', async () => {
    const body = { subject: byId('root'), resource: account };
    const all: string[] = (await post('search/action', { ...body, page: { limit: 1_000 } })).body['results'];
    const found: unknown[] = [];
    for (let token = ''; ;) {
      const answer = await post('search/action', {
        ...body,
        page: { limit: 7, ...(token ? { token } : {}) },
      });
      found.push(...answer.body['results']);
      token = answer.body['page'].next_token;
      if (token === '') break;
    }
    expect(found).toEqual(all);
    expect(all.length).toBeGreaterThan(14);
  });
});

test('searches, evaluations and the checks of GraphQL agree on every user and permission', async () => {
  const users = ['root', 'alice', 'bob', 'carol', SERVICE];
  const keys = ['read', 'write', 'access/check', 'users/view', 'roles/manage', 'audit-log/view'];
  const query = `query ($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed } }`;
  for (const user of users) {
    const evaluations = keys.map((name) => ({ action: { name } }));
    const { body } = await post('evaluations', { subject: byId(user), resource: account, evaluations });
    const decided: boolean[] = body['evaluations'].map(({ decision }: { decision: boolean }) => decision);
    const { body: actions } = await post('search/action', {
      subject: byId(user),
      resource: account,
      page: { limit: 1_000 },
    });
    const names = actions['results'].map(({ name }: { name: string }) => name);
    expect([user, keys.map((key) => names.includes(key))]).toEqual([user, decided]);
    const checks = keys.map((permission) => ({ user: { id: `User:${user}` }, permission }));
    const answer = await server.graphql(query, { checks }, { as: 'root', account: RECORD });
    expect(dataOf(answer).checkPermissions).toEqual(decided.map((allowed) => ({ allowed })));
    for (const [index, name] of keys.entries()) {
      const found = async (kind: string, body_: object): Promise<object[]> =>
        (await post(`search/${kind}`, { action: { name }, ...body_ })).body['results'];
      const subjects = await found('subject', { subject: { type: 'user' }, resource: account });
      expect([user, name, subjects.some((each) => 'id' in each && each.id === user)]).toEqual([
        user,
        name,
        decided[index],
      ]);
      const resources = await found('resource', { subject: byId(user), resource: { type: 'account' } });
      expect(resources).toEqual(decided[index] ? [account] : []);
    }
  }
});

test('an inactive user has nothing', async () => {
  await server.run({ type: 'deactivateUser', user: 'alice' }, { account: RECORD });
  const { body } = await post('evaluation', ask(byId('alice')));
  expect(body).toEqual({ decision: false, context: { reason: 'USER_INACTIVE' } });
  for (const [kind, more] of [
    ['subject', { subject: { type: 'user' }, action: { name: 'write' }, resource: account }],
    ['resource', { ...ask(byId('alice')), resource: { type: 'account' } }],
    ['action', { subject: byId('alice'), resource: account }],
  ] as const)
    expect((await post(`search/${kind}`, more)).body['results']).toEqual([]);
});

test('callers need rights, which are missed on the record', async () => {
  expect(codeOf(await post('evaluation', ask(byId('bob')), { as: null }))).toEqual([401, 'UNAUTHENTICATED']);
  expect(codeOf(await post('evaluation', ask(byId('bob')), { as: 'bob' }))).toEqual([403, 'FORBIDDEN']);
  expect((await post('evaluation', ask(byId('bob')), { as: 'carol' })).body).toEqual({ decision: true });
  const search = { subject: byId('bob'), resource: account };
  expect(codeOf(await post('search/action', search, { as: 'carol' }))).toEqual([403, 'FORBIDDEN']);
  const attempts = server.log.filter(({ operation }) => String(operation).startsWith('POST /access/v1/'));
  expect(attempts.map(({ operation, actor, code }) => [operation, actor, code])).toEqual(
    expect.arrayContaining([
      ['POST /access/v1/evaluation', 'User:bob', 'FORBIDDEN'],
      ['POST /access/v1/search/action', 'User:carol', 'FORBIDDEN'],
    ]),
  );
  const other = await fetch(`${server.url}/access/v1/evaluation`);
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST']);
  expect(
    codesOf(await server.graphql('{ roles { totalCount } }', {}, { as: SERVICE, account: RECORD })),
  ).toEqual(['FORBIDDEN']);
});
