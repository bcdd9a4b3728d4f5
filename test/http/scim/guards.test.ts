import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { type AnyData, openAccount, startTestServer, type TestServer } from '../harness';
import { ROUTES, type Route } from '../../../src/http/routes';
import { MAX_OPERATIONS } from '../../../src/scim/patch';
import { faultOf, patch, scimClient, USER, type Scim } from './client';

/** Rights over SCIM, and what it makes of input that nobody well-meaning sends. */

let server: TestServer;
let scim: Scim;
beforeAll(async () => {
  server = await startTestServer({ environment: { ROLEBOOK_BODY_LIMIT_BYTES: '20000' } });
  scim = scimClient(server);
  await server.run({ type: 'registerUser', user: 'tom', username: 'tom', externalId: 'T-1' });
  for (const [user, rights] of [
    ['nobody', []],
    ['viewer', ['users/view']],
    ['manager', ['users/manage']],
    ['both', ['users/view', 'users/manage']],
  ] as const) {
    await server.run({ type: 'registerUser', user, username: user });
    const grants = rights.map((permission) => ({ permission }));
    if (grants.length > 0) await server.run({ type: 'createRole', name: user, grants, userIds: [user] });
  }
  await openAccount(server.run, 'zeta', 'zoe', 'Zoe');
  await server.run({ type: 'registerUser', user: 'zed', username: 'zed' }, { account: 'zeta' });
});
afterAll(() => server.close());

const routes = Object.values<Route>(ROUTES).filter(({ path }) => path.startsWith('/scim/v2'));
/** A request of a route that changes nothing it should not. */
const requestOf = ({ method, path }: Route, id = 'tom'): [method: string, path: string, body?: object] => {
  const name = path.includes('Schemas') ? USER : path.includes('ResourceTypes') ? 'User' : id;
  const address = path.replace('/scim/v2', '').replace(':id', name);
  if (method === 'POST') return [method, address, { schemas: [USER], userName: id }];
  if (method === 'PUT') return [method, address, { schemas: [USER], userName: id }];
  if (method === 'PATCH') return [method, address, patch({ op: 'add', path: 'active', value: true })];
  return [method, address];
};

/** Rights that each route of users needs. */
const needed = ({ method, path }: Route): readonly string[] => {
  if (!path.includes('/Users')) return [];
  if (method === 'GET') return ['users/view'];
  return method === 'DELETE' ? ['users/manage'] : ['users/view', 'users/manage'];
};

describe.each(routes)('$method $path', (route) => {
  test('lets in who has its rights, and tells others nothing but that', async () => {
    expect(route.needs ?? []).toEqual(needed(route));
    for (const [as, rights] of [
      ['nobody', []],
      ['viewer', ['users/view']],
      ['manager', ['users/manage']],
      ['both', ['users/view', 'users/manage']],
    ] as const) {
      const missing = needed(route).find((right) => !(rights as readonly string[]).includes(right));
      const [asked, at, sent] = requestOf(route);
      const answer = await scim(asked, at, sent, { as });
      if (missing === undefined)
        expect([as, answer.status === 401 || answer.status === 403]).toEqual([as, false]);
      else {
        expect([as, ...faultOf(answer)]).toEqual([as, 403, 'FORBIDDEN']);
        // The same for what is not there, and for a body that is malformed.
        const [method, path, body] = requestOf(route, 'no-such-user');
        const other = await scim(method, path, body && '{"schemas": 7}', { as });
        expect(other.body).toEqual(answer.body);
      }
    }
    await server.run({ type: 'reactivateUser', user: 'tom' });
  });

  test('lets in nobody without a token', async () => {
    const [method, path] = requestOf(route);
    const answer = await scim(method, path, undefined, { as: null });
    expect(faultOf(answer)).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

test.each(routes.filter(({ path }) => path === '/scim/v2/Users/:id'))(
  '$method: a user of another account is like one who never was',
  async (route) => {
    const answers = [];
    for (const id of [
      'zed',
      'no-such-user',
      'a%20b',
      '__proto__',
      'constructor',
      '%00',
      'x'.repeat(65),
      'x'.repeat(9_000),
    ]) {
      const [method, path, body] = requestOf(route);
      const { status, headers, body: told } = await scim(method, path.replace('tom', id), body);
      answers.push([status, [...headers.keys()].sort(), told]);
    }
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]?.[0]).toBe(404);
    expect(server.reads.userStatus('zeta', ['zed']).get('zed')).toBe('ACTIVE');
  },
);

test('lists and filters know no other account', async () => {
  const { body } = await scim('GET', '/Users');
  expect(JSON.stringify(body)).not.toMatch(/zed|zoe/i);
  for (const filter of ['userName eq "zed"', 'id eq "zed"', 'id eq "zed" and active eq true'])
    expect((await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body['totalResults']).toBe(0);
});

test('the last admin stays, and nobody deactivates themselves', async () => {
  const off = patch({ op: 'replace', path: 'active', value: false });
  expect(faultOf(await scim('PATCH', '/Users/ada', off))).toEqual([403, 'SELF_DEACTIVATION']);
  await server.run({ type: 'registerUser', user: 'eve', username: 'eve' });
  const admin = { name: 'Almost admin', grants: [] as { permission: string }[], userIds: ['eve'] };
  const held = server.reads.permissionsHeld('acme', 'ada');
  admin.grants = [...held].map((permission) => ({ permission }));
  await server.run({ type: 'createRole', ...admin });
  for (const request of [
    ['PATCH', '/Users/ada', off],
    ['DELETE', '/Users/ada'],
  ] as const) {
    const [method, path, body] = request;
    expect(faultOf(await scim(method, path, body, { as: 'eve' }))).toEqual([409, 'LAST_ADMIN']);
  }
  expect(server.reads.userStatus('acme', ['ada']).get('ada')).toBe('ACTIVE');
});

test('bodies that are none', async () => {
  const deep = `${'['.repeat(150)}${']'.repeat(150)}`;
  for (const [body, fault] of [
    ['{', [400, 'invalidSyntax', 'BAD_REQUEST']],
    ['', [400, 'invalidSyntax', 'BAD_REQUEST']],
    [deep, [400, 'invalidSyntax', 'BAD_REQUEST']],
    ['{"__proto__": {"active": true}}', [400, 'invalidSyntax', 'BAD_REQUEST']],
    ['{"constructor": {"prototype": {"x": 1}}}', [400, 'invalidSyntax', 'BAD_REQUEST']],
    ['"text"', [400, 'invalidSyntax', 'INVALID_INPUT']],
    ['null', [400, 'invalidSyntax', 'INVALID_INPUT']],
    ['[]', [400, 'invalidSyntax', 'INVALID_INPUT']],
    ['{}', [400, 'invalidSyntax', 'INVALID_INPUT']],
    ['{"schemas": "all"}', [400, 'invalidSyntax', 'INVALID_INPUT']],
    [`{"schemas": "${USER}"}`, [400, 'invalidSyntax', 'INVALID_INPUT']],
    [`"${'x'.repeat(30_000)}"`, [413, 'PAYLOAD_TOO_LARGE']],
  ] as const)
    for (const [method, path] of [
      ['POST', '/Users'],
      ['PUT', '/Users/tom'],
      ['PATCH', '/Users/tom'],
    ] as const)
      expect([body, faultOf(await scim(method, path, body))]).toEqual([body, fault]);
});

test('values of wrong types are refused, whole lists and objects too, and nothing is repeated', async () => {
  const base = { schemas: [USER], userName: 'secret-name' };
  for (const more of [
    { userName: 7 },
    { userName: null },
    { userName: ['a', 'b'] },
    { userName: { $gt: '' } },
    { userName: '' },
    { userName: 'x'.repeat(201) },
    { userName: 'half \ud800' },
    { name: 'secret-name' },
    { name: [{ formatted: 'a' }, { formatted: 'b' }] },
    { name: { formatted: { toString: 1 } } },
    { displayName: true },
    { externalId: 5 },
    { externalId: 'x'.repeat(201) },
    { active: 'yes' },
    { active: 1 },
    { active: [true, false] },
    { active: {} },
  ]) {
    const answer = await scim('POST', '/Users', { ...base, ...more });
    expect([more, ...faultOf(answer)]).toEqual([more, 400, 'invalidValue', 'INVALID_INPUT']);
    expect(JSON.stringify(answer.body)).not.toContain('secret-name');
  }
});

test('messages with more than anybody needs', async () => {
  const operation = { op: 'replace', path: 'displayName', value: 'Tom' };
  const send = (...operations: object[]) => scim('PATCH', '/Users/tom', patch(...operations));
  expect((await send(...Array<object>(MAX_OPERATIONS).fill(operation))).status).toBe(200);
  const tooMany = await send(...Array<object>(MAX_OPERATIONS + 1).fill(operation));
  expect(faultOf(tooMany)).toEqual([400, 'invalidValue', 'INVALID_INPUT']);
  // None of these is an attribute that is held, and not all of them are a path.
  for (const [path, status] of [
    ['__proto__.polluted', 400],
    ['name.__proto__', 400],
    ['constructor.prototype', 200],
    ['name.constructor', 200],
    ['toString', 200],
  ] as const)
    expect([path, (await send({ op: 'add', path, value: { polluted: 1 } })).status]).toEqual([path, status]);
  const values = { 'name.__proto__.polluted': 1, 'a b': 2, 'constructor.prototype': 3, hasOwnProperty: 4 };
  expect((await send({ op: 'add', value: values })).status).toBe(200);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  const long = await send({ op: 'add', path: 'a'.repeat(501), value: 1 });
  expect(faultOf(long)).toEqual([400, 'invalidPath', 'INVALID_INPUT']);
});

test('content types: SCIM’s and JSON here, SCIM’s nowhere else', async () => {
  const body = JSON.stringify(patch({ op: 'add', path: 'displayName', value: 'Tom' }));
  const send = async (type: string) =>
    scim('PATCH', '/Users/tom', body, { headers: { 'content-type': type } });
  expect((await send('application/scim+json; charset=utf-8')).status).toBe(200);
  expect((await send('application/json')).status).toBe(200);
  expect(faultOf(await send('text/plain'))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  expect((await send('text/plain')).body['detail']).toContain('application/scim+json');
  expect(faultOf(await send('application/scim+json; charset=latin1'))).toEqual([
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ]);
  const elsewhere = await server.graphql(
    '{ me { id } }',
    {},
    { headers: { 'content-type': 'application/scim+json' } },
  );
  expect(elsewhere.status).toBe(415);
});

test('addresses and methods that are not there', async () => {
  for (const path of ['', '/', '/Groups', '/Me', '/Bulk', '/Users/.search/x', '/Users/tom/name'])
    expect([path, ...faultOf(await scim('GET', path))]).toEqual([path, 404, 'NOT_FOUND']);
  const answer = await scim('POST', '/Users/tom', '{');
  expect(faultOf(answer)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(answer.headers.get('allow')).toBe('GET, HEAD, PUT, PATCH, DELETE');
  expect(faultOf(await scim('GET', '/Users/%'))).toEqual([400, 'invalidSyntax', 'BAD_REQUEST']);
});

test('a version is refused rather than passed over', async () => {
  const send = (tag: string) => scim('DELETE', '/Users/viewer', undefined, { headers: { 'if-match': tag } });
  expect(faultOf(await send('W/"1"'))).toEqual([412, 'PRECONDITION_FAILED']);
  expect(server.reads.userStatus('acme', ['viewer']).get('viewer')).toBe('ACTIVE');
  expect((await send('*')).status).toBe(204);
});

test('addresses in answers have the host that was asked, if it is one', async () => {
  const authorization = `Bearer ${await server.token('ada')}`;
  // `fetch` sends the host of the address, whatever it is told.
  const asked = async (headers: Record<string, string>): Promise<string> => {
    const request = http.get(`${server.url}/scim/v2/Users/tom`, { headers: { authorization, ...headers } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return ((await json(response)) as AnyData)['meta'].location;
  };
  expect(await asked({})).toBe(`${server.url}/scim/v2/Users/tom`);
  expect(await asked({ host: 'roles.example:8443' })).toBe('http://roles.example:8443/scim/v2/Users/tom');
  expect(await asked({ host: '[::1]:80' })).toBe('http://[::1]:80/scim/v2/Users/tom');
  // Nobody is trusted as a proxy here.
  const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
  expect(await asked(forwarded)).toBe(`${server.url}/scim/v2/Users/tom`);
  for (const host of ['a/b', '"><script>', 'user@host', 'a b', 'a:port'])
    expect(await asked({ host })).toBe('/scim/v2/Users/tom');
});
