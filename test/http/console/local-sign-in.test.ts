import { makeCode } from '../../../src/http/console/sign-in-codes';
import { ACCOUNT, ADMIN, openAccount, startTestServer, type TestServer } from '../harness';
import { Browser, linkFor, OWN, SESSION, signedIn, told } from './browser';

/** Sign-in of local mode, by the link that the server or the command line prints. */

const MINUTE = 60_000;

let clock = 1_900_000_000_000;
const now = (): number => clock;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now });
  await server.run({ type: 'registerUser', user: 'ben', username: 'ben', name: 'Ben' });
});
afterAll(() => server.close());

const link = (given: Parameters<typeof linkFor>[1] = {}): Promise<string> =>
  linkFor(server, { at: now(), ...given });
const open = async (address: string): Promise<{ browser: Browser; status: number; text: string }> => {
  const browser = new Browser(server.url);
  const answer = await browser.fetch(address);
  return { browser, status: answer.status, text: await answer.text() };
};

test('a link signs its user in, and a reload keeps the session', async () => {
  const browser = await signedIn(server, 'ben', now());
  for (let loads = 0; loads < 2; loads += 1) {
    const session = await browser.session();
    expect(session.status).toBe(200);
    expect(await session.json()).toEqual({
      account: ACCOUNT,
      user: { id: 'User:ben', name: 'Ben', username: 'ben' },
      mode: 'local',
      expiresAt: new Date(now() + 120 * MINUTE).toISOString(),
    });
  }
  expect(await (await browser.graphql()).json()).toMatchObject({ data: { me: { id: 'User:ben' } } });
});

test('the cookie is out of reach of scripts and of other sites', async () => {
  const browser = await signedIn(server, ADMIN, now());
  const [cookie = '', ...more] = browser.set;
  expect(more).toEqual([]);
  const [first, ...attributes] = cookie.split('; ');
  expect(first).toMatch(/^rolebook-session=eyJ[\w.-]+$/);
  expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=7200', 'Path=/', 'SameSite=Strict']);
  expect(cookie).not.toMatch(/ada|acme/);
  const [header = ''] = (browser.cookies.get(SESSION) ?? '').split('.');
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'dir', enc: 'A256GCM' });
});

test('the answer with the session is kept nowhere, and sends the code to nobody', async () => {
  const answer = await new Browser(server.url).fetch(await link());
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
});

test('a link is for one use, also of two at once', async () => {
  const once = await link();
  const answers = await Promise.all([open(once), open(once)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 403]);
  const again = await open(once);
  expect([again.status, again.text]).toEqual([403, expect.stringContaining('was used already')]);
  expect(again.text).toContain('npx rolebook console link');
  expect(again.browser.cookies.size).toBe(0);
});

test('a link is for ten minutes', async () => {
  const [early, late] = [await link(), await link()];
  clock += 10 * MINUTE - 1;
  expect((await open(early)).status).toBe(303);
  clock += 1;
  expect(await open(late)).toMatchObject({
    status: 403,
    text: expect.stringContaining('older than 10 minutes'),
  });
  // Used ones are refused for their age from then on.
  expect((await open(early)).status).toBe(403);
});

test('a link from before a restart is refused, so that none is used again after one', async () => {
  const unused = await link();
  clock += 1;
  const restarted = await startTestServer({
    now,
    environment: { ROLEBOOK_SIGNING_KEY_FILE: server.config.signingKeyFile },
  });
  try {
    const [, query] = unused.split('?');
    const answer = await fetch(`${restarted.url}/console/sign-in?${query}`, { redirect: 'manual' });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('for another server'),
    ]);
    const here = { account: ACCOUNT, user: ADMIN, server: restarted.url };
    const before = await makeCode(restarted.signingKey, here, clock - 1);
    const old = await fetch(`${restarted.url}/console/sign-in?code=${before}`, { redirect: 'manual' });
    expect([old.status, await old.text()]).toEqual([
      403,
      expect.stringContaining('before the server was started'),
    ]);
  } finally {
    await restarted.close();
  }
});

test('nothing else is a code: not a session, not a token, not a changed one', async () => {
  const browser = await signedIn(server, ADMIN, now());
  const code = new URL(await link()).searchParams.get('code') ?? '';
  const last = code.at(-1) === 'A' ? 'B' : 'A';
  const parts = code.split('.');
  for (const wrong of [
    browser.cookies.get(SESSION) ?? '',
    await server.token(ADMIN),
    `${code.slice(0, -1)}${last}`,
    `${code}.`,
    [...parts.slice(0, 3), '', parts[4]].join('.'),
    'x',
  ]) {
    const { status, text } = await open(`/console/sign-in?code=${wrong}`);
    expect([status, text]).toEqual([403, expect.stringContaining('not one that this server takes')]);
  }
  for (const none of [
    '/console/sign-in',
    '/console/sign-in?code=',
    '/console/callback?code=x',
    '/console/sign-in?code=a&code=b',
  ])
    expect((await open(none)).status).toBe(400);
  // And a code is no session.
  const forged = new Browser(server.url);
  forged.cookies.set(SESSION, code);
  expect(await told(forged.session())).toEqual({ status: 401, code: 'UNAUTHENTICATED', signIn: 'local' });
});

test('nobody is signed in who is not an active person of the account', async () => {
  await openAccount(server.run, 'other', 'olga', 'Olga');
  await server.run({ type: 'registerUser', user: 'gone', username: 'gone' });
  await server.run({ type: 'deactivateUser', user: 'gone' });
  await server.run({ type: 'registerUser', user: 'robot', username: 'robot', kind: 'SERVICE' });
  for (const whom of [
    { user: 'gone' },
    { user: 'robot' },
    { user: 'never' },
    { user: 'olga' },
    { account: 'none' },
  ]) {
    const { status, text, browser } = await open(await link(whom));
    expect([status, text]).toEqual([403, expect.stringContaining('no active user')]);
    expect(browser.cookies.size).toBe(0);
  }
  expect((await open(await link({ account: 'other', user: 'olga' }))).status).toBe(303);
});

test('the page of a failure runs nothing and repeats nothing that was sent', async () => {
  const sent = '<script>alert(1)</script>';
  const answer = await new Browser(server.url).fetch(`/console/sign-in?code=${encodeURIComponent(sent)}`);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  const text = await answer.text();
  expect(text).not.toContain('alert');
  expect(text).toContain(`SIGN_IN_FAILED · ${answer.headers.get('x-request-id')}`);
});

test('failed sign-ins are recorded without names, and count as failed tokens do', async () => {
  const limited = await startTestServer({ environment: { ROLEBOOK_RATE_LIMIT: '1000' } });
  try {
    const statuses: number[] = [];
    for (let tries = 0; tries < 101; tries += 1)
      statuses.push((await fetch(`${limited.url}/console/sign-in?code=x`)).status);
    expect(statuses.slice(0, 100).every((status) => status === 403)).toBe(true);
    expect(statuses[100]).toBe(429);
    const lines = limited.log.filter(({ msg }) => msg === 'refused attempt');
    expect(lines[0]).toMatchObject({
      operation: 'GET /console/sign-in',
      why: 'failed sign-in',
      from: 'loopback',
    });
    // A session that is none counts to the same limit; to ask without one does not.
    const browser = new Browser(limited.url);
    expect((await browser.session()).status).toBe(401);
    browser.cookies.set(SESSION, 'x');
    expect((await browser.session()).status).toBe(429);
    expect((await browser.graphql(OWN)).status).toBe(429);
  } finally {
    await limited.close();
  }
});
