import { startTestServer, type TestServer } from '../http/harness';
import { authzenClient, openRecord, RECORD, SERVICE, type Post } from './client';

/**
 * The public certification scenario of the Authorization API 1.0 (openid/authzen, `certification/`), by its own numbers:
 * Basic Core, Batch Core, Search Core and Discovery. Its Properties levels need attributes, which Rolebook has not.
 */

let server: TestServer;
let post: Post;
beforeAll(async () => {
  server = await startTestServer({
    environment: {
      ROLEBOOK_AUTHZEN_RESOURCE_TYPE: 'record',
      ROLEBOOK_PUBLIC_URL: 'https://pdp.example.com',
    },
  });
  await openRecord(server);
  post = authzenClient(server, RECORD);
});
afterAll(() => server.close());

const user = (id: string) => ({ type: 'user', id });
const [alice, bob] = [user('alice'), user('bob')];
const [read, write] = [{ name: 'read' }, { name: 'write' }];
const record = (id = RECORD) => ({ type: 'record', id });
const asked = { subject: alice, action: read, resource: record() };

describe('Basic Core', () => {
  test.each([
    ['2-2-1 permit', asked, true],
    ['rule 2', { ...asked, action: write }, true],
    ['rule 3', { ...asked, subject: bob }, true],
    ['2-2-2 deny', { ...asked, subject: bob, action: write }, false],
    [
      '2-2-3 with a context',
      { ...asked, context: { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' } },
      true,
    ],
    [
      '2-2-8 with additional properties',
      {
        subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
        action: { ...read, properties: { method: 'GET' } },
        resource: { ...record(), properties: { status: 'active', owner: 'bob' } },
      },
      true,
    ],
    ['2-2-9 with unknown members', { ...asked, foo: 'bar', futureField: { nested: true } }, true],
  ])('%s', async (_name, body, decision) => {
    const answer = await post('evaluation', body);
    expect([answer.status, answer.body['decision']]).toEqual([200, decision]);
    expect(['undefined', 'object']).toContain(typeof answer.body['context']);
  });

  const { subject, action, resource } = asked;
  test.each<[string, unknown]>([
    ['2-4-1 no subject', { action, resource }],
    ['2-4-1 no action', { subject, resource }],
    ['2-4-1 no resource', { subject, action }],
    ['2-4-2 no type of the subject', { ...asked, subject: { id: 'alice' } }],
    ['2-4-2 no id of the subject', { ...asked, subject: { type: 'user' } }],
    ['2-4-2 no name of the action', { ...asked, action: {} }],
    ['2-4-2 no type of the resource', { ...asked, resource: { id: RECORD } }],
    ['2-4-2 no id of the resource', { ...asked, resource: { type: 'record' } }],
    ['2-4-4 no JSON', '{"subject":'],
    ['2-4-5 an empty body', ''],
    ['2-4-6 a subject that is text', { ...asked, subject: 'alice' }],
    ['2-4-6 a name that is a number', { ...asked, action: { name: 123 } }],
    ['null', null],
    ['a list', [asked]],
    ['a context that is text', { ...asked, context: 'now' }],
    ['properties that are a list', { ...asked, resource: { ...resource, properties: [] } }],
    ['members that are null', { subject: null, action: null, resource: null }],
  ])('%s: 400', async (_name, body) => {
    const answer = await post('evaluation', body);
    expect([answer.status, answer.body['errors'][0].extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.body['errors'][0].message).toMatch(/^[^{}]+\.$/);
  });

  test('2-4-3 another content type: 400', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
      const answer = await post('evaluation', asked, { headers: { 'content-type': type } });
      expect([type, answer.status]).toEqual([type, 400]);
    }
  });

  test.each(['bfe9eb29-ab87-4ca3-be83-a1d5d8305716', 'any text, "as it is"; ~'.padEnd(300, '.')])(
    '2-5-1 the id of a request comes back, of a refused one too: %s',
    async (id) => {
      const headers = { 'x-request-id': id };
      for (const [body, as] of [[asked], [{}], [asked, null]] as const) {
        const answer = await post('evaluation', body, { headers, ...(as === null ? { as } : {}) });
        expect(answer.headers.get('x-request-id')).toBe(id);
      }
    },
  );

  test('2-5-2, 2-6 without one, again and again', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('evaluation', asked)));
    expect(answers.map(({ body }) => body)).toEqual(Array(5).fill({ decision: true }));
  });
});

describe('Batch Core', () => {
  const decisionsOf = async (body: object): Promise<unknown> => {
    const answer = await post('evaluations', body);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('decision');
    return (answer.body['evaluations'] as { decision: boolean }[]).map(({ decision }) => decision);
  };

  test.each<[string, object, boolean[]]>([
    [
      '3-2-1 two resources',
      {
        subject: alice,
        action: read,
        evaluations: [{ resource: record() }, { resource: record('record-2') }],
      },
      [true, false],
    ],
    [
      '3-2-2 decisions in their order',
      { subject: bob, resource: record(), evaluations: [{ action: read }, { action: write }] },
      [true, false],
    ],
    [
      '3-2-5 no defaults',
      { evaluations: [asked, { subject: bob, action: write, resource: record() }] },
      [true, false],
    ],
    [
      '3-2-6 contexts',
      {
        subject: alice,
        action: read,
        context: { time: '2025-06-27T18:03-07:00' },
        evaluations: [{ resource: record() }, { resource: record('record-2'), context: { source: 'other' } }],
      },
      [true, false],
    ],
    [
      '3-4-1 one that is malformed',
      {
        subject: alice,
        action: read,
        options: { evaluations_semantic: 'execute_all' },
        evaluations: [{ resource: record() }, {}],
      },
      [true, false],
    ],
  ])('%s', async (_name, body, decisions) => {
    expect(await decisionsOf(body)).toEqual(decisions);
  });

  test('3-4-2, 3-4-3 without evaluations it is one', async () => {
    for (const more of [{}, { evaluations: [] }])
      expect((await post('evaluations', { ...asked, ...more })).body).toEqual({ decision: true });
  });
});

describe('Search Core', () => {
  const search = async (kind: string, body: object): Promise<readonly object[]> => {
    const answer = await post(`search/${kind}`, body);
    expect([answer.status, typeof answer.body['page'].next_token]).toEqual([200, 'string']);
    return answer.body['results'];
  };
  const subjects = { subject: { type: 'user' }, action: read, resource: record() };
  const resources = { subject: alice, action: read, resource: { type: 'record' } };
  const actions = { subject: alice, resource: record() };

  test('4-2-1, 4-2-2, 4-2-3 subjects', async () => {
    for (const more of [{}, { context: { ip: '::1' } }, { subject: user('nobody') }])
      expect(await search('subject', { ...subjects, ...more })).toEqual([alice, bob]);
  });

  test('4-3-1, 4-3-2 resources', async () => {
    for (const more of [{}, { resource: record('record-2') }])
      expect(await search('resource', { ...resources, ...more })).toEqual([record()]);
  });

  test('4-4-1, 4-4-2 actions', async () => {
    for (const more of [{}, { context: {} }])
      expect(await search('action', { ...actions, ...more })).toEqual([read, write]);
  });

  test('4-5 pages', async () => {
    const first = await post('search/subject', { ...subjects, page: { limit: 1 } });
    expect(first.body).toMatchObject({ results: [alice], page: { count: 1 } });
    const token = first.body['page'].next_token;
    expect(token).not.toBe('');
    const second = await post('search/subject', { ...subjects, page: { token } });
    expect(second.body).toEqual({ results: [bob], page: { next_token: '', count: 1 } });
  });

  test('4-6 nothing is found', async () => {
    expect(await search('action', { ...actions, subject: user('nonexistent-user') })).toEqual([]);
    expect(await search('subject', { ...subjects, subject: { type: 'spaceship' } })).toEqual([]);
    expect(await search('resource', { ...resources, resource: { type: 'spaceship' } })).toEqual([]);
  });

  test.each<[string, string, object]>([
    ['4-7-1 no action', 'subject', { subject: { type: 'user' }, resource: record() }],
    ['4-7-1 no subject', 'resource', { action: read, resource: { type: 'record' } }],
    ['4-7-1 no resource', 'action', { subject: alice }],
    ['4-7-2 no id of the resource', 'subject', { ...subjects, resource: { type: 'record' } }],
    ['4-7-2 no id of the subject', 'resource', { ...resources, subject: { type: 'user' } }],
  ])('%s: 400', async (_name, kind, body) => {
    expect((await post(`search/${kind}`, body)).status).toBe(400);
  });
});

test('Discovery: the addresses, which need no token', async () => {
  const response = await fetch(`${server.url}/.well-known/authzen-configuration`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ]);
  const found = (await response.json()) as Record<string, string>;
  const { policy_decision_point: base, ...endpoints } = found;
  expect(base).toBe('https://pdp.example.com');
  expect(Object.values(endpoints).map((each) => each.replace(`${base}/access/v1/`, ''))).toEqual([
    'evaluation',
    'evaluations',
    'search/subject',
    'search/resource',
    'search/action',
  ]);
  for (const at of Object.values(endpoints)) {
    const token = await server.token(SERVICE, RECORD);
    const answer = await fetch(at.replace(base!, server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([at, answer.status]).toEqual([at, 400]);
  }
});
