import { createHash, randomBytes } from 'node:crypto';
import { openEndedSessions, type EndedSessions } from '../../../src/http/console/ended-sessions';
import { Sealed } from '../../../src/http/console/sealed';
import { RENEW_AFTER_MS, type Session } from '../../../src/http/console/sessions';
import { ROUTES, type Route } from '../../../src/http/routes';
import { ACCOUNT, ADMIN, startTestServer, type TestServer } from '../harness';
import { Browser, OWN, SESSION, signedIn, told } from './browser';

/** Sessions of browsers: where they count, what else they need, and how they end. */

const NO_LOG = { warn: () => undefined };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REFUSED = { status: 401, code: 'UNAUTHENTICATED', signIn: 'local' };
const CROSS_SITE = { status: 403, code: 'CROSS_SITE_REQUEST' };

let clock = 1_900_000_000_000;
const now = (): number => clock;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now });
});
afterAll(() => server.close());

const signIn = (user = ADMIN): Promise<Browser> => signedIn(server, user, now());
const newUser = async (): Promise<string> => {
  const user = `u${randomBytes(6).toString('hex')}`;
  await server.run({ type: 'registerUser', user, username: user });
  return user;
};
/** Another browser with a copy of the cookies. */
const copyOf = (browser: Browser): Browser => {
  const copy = new Browser(server.url);
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  return copy;
};
const expectOver = async (browser: Browser): Promise<void> => {
  expect(await told(browser.session())).toEqual(REFUSED);
  expect(await told(browser.graphql())).toEqual(REFUSED);
};

test('without a session one is told how to sign in', async () => {
  expect(await told(new Browser(server.url).session())).toEqual(REFUSED);
});

test('a session ends when it is not used', async () => {
  const browser = await signIn();
  clock += 2 * HOUR - 1;
  expect((await copyOf(browser).session()).status).toBe(200);
  clock += 1;
  await expectOver(browser);
});

test('each use puts that off, but for those that nobody is behind, until its longest time is over', async () => {
  const browser = await signIn();
  const began = now();
  const polling = copyOf(browser);
  while (clock < began + 11 * HOUR) {
    clock += HOUR;
    const answer = await browser.session();
    const end = Math.min(clock + 2 * HOUR, began + 12 * HOUR);
    expect([answer.status, ((await answer.json()) as { expiresAt: string }).expiresAt]).toEqual([
      200,
      new Date(end).toISOString(),
    ]);
    const polled = await polling.graphql({ ...OWN, 'rolebook-unattended': '1' });
    expect(polled.status).toBe(clock < began + 2 * HOUR ? 200 : 401);
    expect(polled.headers.getSetCookie()).toEqual([]);
  }
  clock += HOUR - 1;
  expect((await browser.graphql()).status).toBe(200);
  clock += 1;
  await expectOver(browser);
});

test('a cookie is renewed once it has got older, and no sooner', async () => {
  const browser = await signIn();
  clock += RENEW_AFTER_MS - 1;
  expect((await browser.graphql()).headers.getSetCookie()).toEqual([]);
  clock += 1;
  expect((await browser.graphql()).headers.getSetCookie()).toHaveLength(1);
  expect((await browser.graphql()).headers.getSetCookie()).toEqual([]);
});

test('a sign-out ends it, whoever holds a copy', async () => {
  const browser = await signIn();
  const copy = copyOf(browser);
  clock += RENEW_AFTER_MS;
  const answer = await browser.signOut();
  expect(answer.status).toBe(204);
  expect(browser.set).toEqual([
    expect.stringMatching(/^rolebook-session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/),
  ]);
  expect(browser.cookies.size).toBe(0);
  await expectOver(copy);
  // Again, and without a session: there is nothing to end.
  expect((await copy.signOut()).status).toBe(204);
  expect((await new Browser(server.url).signOut()).status).toBe(204);
});

test('a sign-out outlives the process', async () => {
  const browser = await signIn();
  const { id } = (await new Sealed<Session>(server.signingKey, 'session').open(
    browser.cookies.get(SESSION) ?? '',
  )) as Session;
  const rememberedBy = (): EndedSessions => openEndedSessions(server.config.dataDirectory, NO_LOG, now);
  expect(rememberedBy().has(id)).toBe(false);
  await browser.signOut();
  expect(rememberedBy().has(id)).toBe(true);
});

test('an answer that was under way at the sign-out does not bring the session back', async () => {
  const browser = await signIn();
  clock += RENEW_AFTER_MS;
  const slow = copyOf(browser);
  const asked = slow.graphql(OWN, '{ roles(first: 50) { nodes { id users(first: 50) { nodes { id } } } } }');
  await browser.signOut();
  await asked;
  await expectOver(slow);
});

test('whoever loses access is out at the next request', async () => {
  for (const end of ['deactivateUser', 'eraseUser'] as const) {
    const user = await newUser();
    const browser = await signIn(user);
    expect((await browser.graphql()).status).toBe(200);
    await server.run({ type: end, user });
    expect(await told(browser.graphql())).toEqual(REFUSED);
    expect(await told(browser.session())).toEqual(REFUSED);
    clock += RENEW_AFTER_MS;
    const refused = await browser.session();
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([401, []]);
  }
});

test('another site cannot use it: every request needs a header of the console’s own', async () => {
  const browser = await signIn();
  for (const headers of [
    {} as Record<string, string>,
    { 'rolebook-console': '' },
    { 'rolebook-console': '0' },
    { ...OWN, 'sec-fetch-site': 'cross-site' },
    { ...OWN, 'sec-fetch-site': 'same-site' },
    { ...OWN, 'sec-fetch-site': 'none' },
  ]) {
    expect(await told(browser.graphql(headers))).toMatchObject(CROSS_SITE);
    expect(await told(browser.session(headers))).toMatchObject(CROSS_SITE);
    expect(await told(browser.signOut(headers))).toMatchObject(CROSS_SITE);
  }
  expect((await browser.graphql({ ...OWN, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  // A form of another site can send none of what is asked.
  const form = await browser.fetch('/graphql', {
    method: 'POST',
    body: new URLSearchParams({ query: '{ me { id } }' }),
  });
  expect(form.status).toBe(403);
});

test('no page of another origin may send it with the cookie, also one that may ask with a token', async () => {
  const origin = 'https://app.example.com';
  const open = await startTestServer({ environment: { ROLEBOOK_ALLOWED_ORIGINS: origin } });
  try {
    const preflight = await fetch(`${open.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'rolebook-console,content-type',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  } finally {
    await open.close();
  }
});

test('it counts where the table of addresses says so, and nowhere else', async () => {
  const browser = await signIn();
  const statuses: Record<string, number> = {};
  for (const { path, method, guard, sessions } of Object.values<Route>(ROUTES)) {
    if (guard === 'none' || guard === 'scraper') continue;
    const sent = method === 'GET' || method === 'DELETE' ? {} : { body: '{"query":"{ me { id } }"}' };
    const headers = { ...OWN, 'content-type': 'application/json' };
    const { status } = await browser.fetch(path.replace(':id', ADMIN), { method, headers, ...sent });
    if (guard === 'session' || sessions) expect([path, status]).toEqual([path, 200]);
    else statuses[`${method} ${path}`] = status;
  }
  expect(Object.keys(statuses).length).toBeGreaterThan(10);
  expect([...new Set(Object.values(statuses))]).toEqual([401]);
  expect(Object.values<Route>(ROUTES).filter(({ sessions }) => sessions)).toEqual([
    ROUTES.graphql,
    ROUTES.graphqlSocket,
    ROUTES.events,
  ]);
  const digest = await browser.fetch('/metrics?digest=1', { headers: OWN });
  expect(digest.status).toBe(401);
});

test('a token that is sent is meant, and a session stands in for none that is bad', async () => {
  const browser = await signIn();
  const user = await newUser();
  const asUser = await browser.graphql({ authorization: `Bearer ${await server.token(user)}` });
  expect(await asUser.json()).toMatchObject({ data: { me: { id: `User:${user}` } } });
  expect((await browser.graphql({ ...OWN, authorization: 'Bearer bad' })).status).toBe(401);
  expect((await browser.graphql({ ...OWN, authorization: 'Bearer' })).status).toBe(401);
  // The password of a proxy in front is none of Rolebook's.
  expect((await browser.graphql({ ...OWN, authorization: 'Basic eDp5' })).status).toBe(200);
  // And the address of the session takes no token.
  const authorization = `Bearer ${await server.token(ADMIN)}`;
  expect(await told(new Browser(server.url).session({ ...OWN, authorization }))).toEqual(REFUSED);
});

test('a changed cookie is none, in whatever place it is changed', async () => {
  const browser = await signIn();
  const text = browser.cookies.get(SESSION) ?? '';
  const other = await signIn(await newUser());
  const parts = [text, other.cookies.get(SESSION) ?? ''].map((each) => each.split('.')) as [
    string[],
    string[],
  ];
  const wrong = new Set([
    `${text}A`,
    `${text}=`,
    text.slice(0, -1),
    text.toUpperCase(),
    'x',
    '....',
    await server.token(ADMIN),
  ]);
  for (let at = 0; at < text.length; at += 7)
    wrong.add(`${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`);
  // Parts of two sound ones make none.
  for (const part of [2, 3, 4])
    wrong.add(parts[0].map((each, n) => (n === part ? parts[1][n] : each)).join('.'));
  wrong.delete(text);
  for (const each of wrong) {
    const forged = new Browser(server.url);
    forged.cookies.set(SESSION, each);
    expect([each, await told(forged.session())]).toEqual([each, REFUSED]);
  }
  expect((await browser.session()).status).toBe(200);
});

test('none is made without the key, nor by the key for another purpose', async () => {
  const session: Session = {
    id: 'x',
    account: ACCOUNT,
    user: ADMIN,
    identity: null,
    beganAt: clock,
    seenAt: clock,
  };
  const offer = async (text: string): Promise<number> => {
    const browser = new Browser(server.url);
    browser.cookies.set(SESSION, text);
    return (await browser.session()).status;
  };
  expect(await offer(await new Sealed<Session>(server.signingKey, 'session').seal(session))).toBe(200);
  expect(await offer(await new Sealed<Session>(server.signingKey, 'sign-in code').seal(session))).toBe(401);
  const another = createHash('sha256').update('another').digest();
  expect(await offer(await new Sealed<Session>(new Uint8Array(another), 'session').seal(session))).toBe(401);
  // One of a provider is none in local mode.
  const identity = { issuer: 'https://login.example.com', subject: 'ada' };
  expect(
    await offer(await new Sealed<Session>(server.signingKey, 'session').seal({ ...session, identity })),
  ).toBe(401);
});

test('replicas with one key read each other’s sessions, others do not', async () => {
  const [same, other] = [
    await startTestServer({ now, environment: { ROLEBOOK_SIGNING_KEY_FILE: server.config.signingKeyFile } }),
    await startTestServer({ now }),
  ];
  try {
    const text = (await signIn()).cookies.get(SESSION) ?? '';
    for (const [replica, status] of [
      [same, 200],
      [other, 401],
    ] as const) {
      const browser = new Browser(replica.url);
      browser.cookies.set(SESSION, text);
      expect((await browser.session()).status).toBe(status);
    }
  } finally {
    await Promise.all([same.close(), other.close()]);
  }
});

test('how long it lasts is a setting', async () => {
  const environment = { ROLEBOOK_SESSION_IDLE_MINUTES: '5', ROLEBOOK_SESSION_HOURS: '1' };
  const short = await startTestServer({ now, environment });
  try {
    const [idle, used] = [await signedIn(short, ADMIN, now()), await signedIn(short, ADMIN, now())];
    for (let minutes = 0; minutes < 56; minutes += 4) {
      clock += 4 * MINUTE;
      expect((await used.session()).status).toBe(200);
      if (minutes === 4) expect((await idle.session()).status).toBe(401);
    }
    clock += 4 * MINUTE;
    expect((await used.session()).status).toBe(401);
  } finally {
    await short.close();
  }
});
