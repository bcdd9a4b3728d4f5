import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { explanationOf } from '../../../src/http/authentication/oidc/explanation';
import { serveOperatorPage, type OperatorPage } from '../../../src/http/operator-page/serve-page';
import { ACCOUNT, ADMIN, startTestServer, type TestServer } from '../harness';
import { newKey, TestIssuer, type Key, type TokenOptions } from './issuer';

/** The page of operators in a browser's terms: what it shows of a token, and to whom. */

let key: Key;
let issuer: TestIssuer;
let server: TestServer;
let page: OperatorPage;
const failures: unknown[] = [];
const operator = { pointer: ['roles'], value: 'ops' };
beforeAll(async () => {
  key = await newKey('key-1');
  issuer = await TestIssuer.start(key);
  server = await startTestServer();
  await server.run({ type: 'linkUserIdentity', user: ADMIN, issuer: issuer.url, subject: 'subject-1' });
  const issuers = [issuer.settings({ register: true, operator })];
  page = await serveOperatorPage({
    port: 0,
    explain: (token) => explanationOf(token, issuers, server.readModels),
    onFailure: (error) => failures.push(error),
  });
});
afterAll(async () => {
  await page.close();
  await server.close();
  await issuer.stop();
});

interface Sent {
  readonly status: number;
  readonly text: string;
}

const post = async (token: string, headers: Record<string, string> = {}): Promise<Sent> => {
  const response = await fetch(page.url, { method: 'POST', body: new URLSearchParams({ token }), headers });
  return { status: response.status, text: await response.text() };
};

/** Texts of the cells, row by row, of the table below a heading. */
function rowsBelow(text: string, heading: string): string[][] {
  const [, table = ''] = new RegExp(`<h2>${heading}</h2>\\s*<table>([^]*?)</table>`).exec(text) ?? [];
  return [...table.matchAll(/<tr>([^]*?)<\/tr>/g)]
    .map(([, row = '']) => [...row.matchAll(/<td>([^]*?)<\/td>/g)].map(([, cell = '']) => cell))
    .filter((row) => row.length > 0);
}

const explained = async (options: TokenOptions): Promise<Sent & { readonly token: string }> => {
  const token = await issuer.token(key, options);
  return { token, ...(await post(token)) };
};

test('It is a form that loads nothing, runs nothing and is framed by nobody', async () => {
  const response = await fetch(page.url);
  const text = await response.text();
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = response.headers.get('content-security-policy') ?? '';
  const [, style = ''] = /<style>([^]*?)<\/style>/.exec(text) ?? [];
  expect(style).toContain('font');
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  for (const rule of [
    "default-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ])
    expect(policy).toContain(rule);
  expect(policy).not.toMatch(/unsafe|script-src/);
  expect(text).not.toMatch(/<script|\son\w+=|\sstyle=/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('referrer-policy')).toBe('same-origin');
});

test('A token of an admin: each check, the claims, the user, and each permission with its role', async () => {
  const { status, text, token } = await explained({});
  expect(status).toBe(200);
  expect(text).toContain(`Let in as User:${ADMIN} of the account ${ACCOUNT}.`);
  const checks = rowsBelow(text, 'Checks');
  expect(checks.length).toBeGreaterThan(10);
  for (const [, result] of checks) expect(result).toContain('>passed<');
  expect(rowsBelow(text, 'Whom it names')).toEqual(
    expect.arrayContaining([
      ['operators of the issuer', 'whoever has &quot;ops&quot; at /roles'],
      ['account (/rolebook_account)', ACCOUNT],
      ['user', `User:${ADMIN}, ada@example.com, ACTIVE`],
    ]),
  );
  const permissions = rowsBelow(text, 'Effective permissions');
  const { granted } = server.readModels.view(ACCOUNT).effective([ADMIN]).get(ADMIN)!;
  expect(permissions.map(([permission]) => permission)).toEqual(granted.map(({ permission }) => permission));
  for (const [, , via] of permissions) expect(via).toMatch(/\(account-admin\)$/);
  expect(rowsBelow(text, 'What it says')).toContainEqual(['sub', '&quot;subject-1&quot;']);
  for (const part of token.split('.')) expect(text).not.toContain(part);
});

test('One that is refused: the checks that fail, and whom it would name', async () => {
  const { text } = await explained({ claims: { exp: 1_700_000_000, aud: 'other' } });
  expect(text).toContain('Refused with 401 UNAUTHENTICATED');
  const failed = rowsBelow(text, 'Checks').filter(([, result = '']) => result.includes('>failed<'));
  expect(failed.map(([check]) => check)).toEqual(['audience', 'expires (exp)']);
  expect(text).toContain(`User:${ADMIN}, ada@example.com, ACTIVE`);
  expect(text).toContain('1700000000: 2023-11-14T22:13:20.000Z');
});

test('An operator, nobody, a stranger, and no token at all', async () => {
  expect((await explained({ claims: { roles: ['ops'] } })).text).toContain('Let in as an operator');
  expect((await explained({ without: ['rolebook_account'] })).text).toContain('It names no account.');
  const stranger = await explained({ claims: { iss: 'https://x.example' } });
  expect(stranger.text).toContain('none: it is no issuer of the settings');
  expect((await post('x')).text).toContain('Refused with 401 UNAUTHENTICATED: It is no JWT.');
  expect((await post('')).status).toBe(400);
  issuer.up = false;
  try {
    expect((await explained({})).text).toContain('503 IDENTITY_PROVIDER_UNAVAILABLE');
  } finally {
    issuer.up = true;
  }
});

test('It registers nobody, records no sign-in, writes nothing, and logs no token', async () => {
  const [before, lines] = [await server.store.head(), server.log.length];
  const lastLogin = server.readModels.view(ACCOUNT).users([ADMIN]).get(ADMIN)?.lastLoginAt;
  const sent = [
    await explained({}),
    await explained({ claims: { sub: 'new', preferred_username: 'new@example.com' } }),
    await explained({ claims: { sub: 'new', preferred_username: 'ADA@example.com' } }),
  ];
  expect(sent[1]?.text).toContain('Not a user yet: the first request registers one');
  expect(sent[2]?.text).toContain(`the username &quot;ADA@example.com&quot; is that of User:${ADMIN}`);
  expect(await server.store.head()).toEqual(before);
  expect(server.reads.userByIdentity(ACCOUNT, { issuer: issuer.url, subject: 'new' })).toBeNull();
  expect(server.readModels.view(ACCOUNT).users([ADMIN]).get(ADMIN)?.lastLoginAt).toEqual(lastLogin);
  expect(server.log.length).toBe(lines);
});

test('Whatever a token says is text', async () => {
  const bad = '<script>alert(1)</script>"\'&\u202e';
  const claims = { sub: bad, preferred_username: bad, [bad]: bad };
  const { text } = await explained({ claims, header: { [bad]: bad } });
  expect(text).not.toMatch(/<script|\u202e/);
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).toContain('\\u202e');
});

/** Sends what `fetch` would not; resolves to the status. */
const raw = (
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: object; body?: string },
  url = page.url,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers }, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });

test('Its address alone opens it, under a name of this machine', async () => {
  const { origin, host } = new URL(page.url);
  for (const path of ['/', '/favicon.ico', `${new URL(page.url).pathname}x`, '/x?y']) {
    const response = await fetch(`${origin}${path}`);
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.text()).not.toContain('form');
  }
  expect(await raw({ headers: { host: 'rebound.example' } })).toBe(404);
  expect(await raw({ headers: { host: `${host}.example` } })).toBe(404);
  expect(await raw({ headers: { host: 'localhost:1' } })).toBe(200);
  const other = await serveOperatorPage({
    port: 0,
    explain: () => Promise.reject(new Error()),
    onFailure: () => 0,
  });
  expect(new URL(other.url).pathname).not.toBe(new URL(page.url).pathname);
  await other.close();
});

test('Forms of other pages are refused, and what is no form', async () => {
  const { origin } = new URL(page.url);
  const token = await issuer.token(key);
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { origin: origin.replace('http:', 'https:') },
  ] as Record<string, string>[]) {
    const { status, text } = await post(token, headers);
    expect([headers, status]).toEqual([headers, 403]);
    expect(text).not.toContain('Let in');
  }
  expect((await post(token, { origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await raw({ method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'token=x' })).toBe(415);
  expect(await raw({ method: 'PUT', headers: form, body: 'token=x' })).toBe(405);
  expect(await raw({ method: 'POST', headers: form, body: `token=${'x'.repeat(70_000)}` })).toBe(413);
  expect((await post(token)).status).toBe(200);
});

test('Tokens are looked at one at a time, and a failure tells its reader alone', async () => {
  let running = 0;
  const other = await serveOperatorPage({
    port: 0,
    async explain(token) {
      running += 1;
      expect(running).toBe(1);
      await new Promise(setImmediate);
      running -= 1;
      throw new Error(`the log is away for ${token.length}`);
    },
    onFailure: (error) => failures.push(error),
  });
  const send = (): Promise<Response> =>
    fetch(other.url, { method: 'POST', body: new URLSearchParams({ token: 'secret' }) });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map(({ status }) => status)).toEqual([500, 500, 500]);
  expect(await answers[0]?.text()).not.toContain('away');
  expect(failures.map(String)).toEqual(Array(3).fill('Error: the log is away for 6'));
  await other.close();
});
