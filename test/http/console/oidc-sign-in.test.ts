import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sealed } from '../../../src/http/console/sealed';
import { ACCOUNT, type TestServer } from '../harness';
import { Browser, SESSION, told } from './browser';
import { begin, expectPage, SigningIn, wayBack } from './signing-in';

/** Sign-in at a real provider: authorization code with PKCE, on the server. */

const UNDER_WAY = 'rolebook-sign-in';

let people: SigningIn;
let server: TestServer;
beforeAll(async () => {
  people = await SigningIn.start();
  server = await people.server();
});
afterAll(async () => {
  await server.close();
  await people.provider.stop();
});

const signIn = (login: string): Promise<Browser> => people.person(server, login);
const userOf = async (browser: Browser): Promise<string> => {
  const { user } = (await (await browser.session()).json()) as { user: { id: string } };
  return user.id.replace('User:', '');
};

test('a person signs in at the provider, and is who their tokens say', async () => {
  const { browser, address } = await begin(server, '?to=/console/users?first=20');
  const asked = new URL(address);
  expect(asked.origin).toBe(people.provider.issuer);
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    client_id: 'console',
    response_type: 'code',
    redirect_uri: `${server.url}/console/callback`,
    scope: 'openid',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  const [cookie = ''] = browser.set;
  expect(cookie.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax']);
  expect(cookie).toMatch(/^rolebook-sign-in=eyJ/);

  const answer = await browser.fetch(await wayBack(server, address, 'nora'));
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/users?first=20']);
  expect([...browser.cookies.keys()]).toEqual([SESSION]);
  expect(browser.set.find((each) => each.startsWith(`${SESSION}=`))).toMatch(/SameSite=Strict/);
  const session = (await (await browser.session()).json()) as { user: { username: string } };
  expect(session).toMatchObject({ account: ACCOUNT, mode: 'oidc', user: { username: 'nora@example.com' } });

  // One person is one subject, whether they come with a token or by the console.
  const { access } = await people.provider.person('nora');
  const byToken = await server.graphql(
    '{ me { id } }',
    {},
    { as: null, headers: { authorization: `Bearer ${access}` } },
  );
  expect(byToken.data).toEqual(((await (await browser.graphql()).json()) as { data: object }).data);
});

test('it is a sign-in on the record', async () => {
  const user = await userOf(await signIn('lena'));
  const at = (): Date | null => server.readModels.view(ACCOUNT).users([user]).get(user)?.lastLoginAt ?? null;
  for (let tries = 0; tries < 300 && at() === null; tries += 1) await sleep(10);
  expect(at()).not.toBeNull();
});

test('the way back is for one use', async () => {
  const { browser, address } = await begin(server);
  const underWay = browser.cookies.get(UNDER_WAY) ?? '';
  const back = await wayBack(server, address, 'nora');
  expect((await browser.fetch(back)).status).toBe(303);
  await expectPage(await browser.fetch(back), 400, 'No sign-in is under way');
  const thief = new Browser(server.url);
  thief.cookies.set(UNDER_WAY, underWay);
  await expectPage(await thief.fetch(back), 400, 'No sign-in is under way');
});

test('it is for the browser that began, and for ten minutes', async () => {
  const { browser, address } = await begin(server);
  const back = await wayBack(server, address, 'nora');
  await expectPage(await new Browser(server.url).fetch(back), 400, 'No sign-in is under way');
  // Another's way back, in a browser with a sign-in of its own: nobody is signed in as somebody else.
  const { browser: victim } = await begin(server);
  await expectPage(await victim.fetch(back), 403, 'The answer of the provider was not taken');
  expect(victim.cookies.size).toBe(0);
  people.clock += 10 * 60_000;
  await expectPage(await browser.fetch(back), 400, 'No sign-in is under way');
});

test('another state, nonce or verifier than it began with is refused', async () => {
  const sealed = new Sealed<Record<string, unknown>>(server.signingKey, 'sign-in under way');
  for (const what of ['state', 'nonce', 'verifier']) {
    const { browser, address } = await begin(server);
    const back = await wayBack(server, address, 'nora');
    const underWay = await sealed.open(browser.cookies.get(UNDER_WAY) ?? '');
    const other = `${randomUUID()}-of-another`;
    browser.cookies.set(UNDER_WAY, await sealed.seal({ ...underWay, [what]: other }));
    await expectPage(await browser.fetch(back), 403, 'The answer of the provider was not taken');
  }
  const { browser, address } = await begin(server);
  const back = new URL(await wayBack(server, address, 'nora'));
  back.searchParams.set('iss', 'https://login.example.com');
  await expectPage(await browser.fetch(back.href), 403, 'The answer of the provider was not taken');
});

test('an error of the provider is told, without what it says', async () => {
  for (const [error, status] of [
    ['access_denied', 403],
    ['temporarily_unavailable', 503],
  ] as const) {
    const { browser, address } = await begin(server);
    const asked = new URL(address).searchParams;
    const query = new URLSearchParams({
      error,
      error_description: '<b>told</b>',
      state: asked.get('state') ?? '',
      iss: people.provider.issuer,
    });
    const answer = await browser.fetch(`/console/callback?${query.toString()}`);
    const text = await answer.clone().text();
    await expectPage(answer, status, error === 'access_denied' ? 'did not sign you in' : 'at the moment');
    expect(text).not.toContain('told');
    expect(text).toContain('href="/console/sign-in"');
  }
  const { browser, address } = await begin(server);
  const state = new URL(address).searchParams.get('state') ?? '';
  await expectPage(
    await browser.fetch(
      `/console/callback?code=none&state=${state}&iss=${encodeURIComponent(people.provider.issuer)}`,
    ),
    403,
    'was not taken',
  );
});

test('nobody is led out of the console', async () => {
  for (const to of [
    'https://example.com/',
    '//example.com/console/',
    '/\\example.com',
    '/console/\\..\\..',
    '/console/../graphiql',
    '/console/%2e%2e/graphiql',
    '/console/%09/x\t',
    '/graphiql',
    '/console',
    '/consoles/x',
    'javascript:alert(1)',
    '',
    `/console/${'x'.repeat(2_000)}`,
  ]) {
    const browser = new Browser(server.url);
    const answer = await browser.fetch(`/console/sign-in?to=${encodeURIComponent(to)}`);
    if (to === '/console/%2e%2e/graphiql') expect(answer.status).toBe(400);
    await expectPage(answer, 400, 'none of the console');
    expect(browser.cookies.size).toBe(0);
  }
});

test('whoever is unlinked, deactivated or erased is out at the next request', async () => {
  for (const [login, end] of [
    [
      'una',
      (user: string) =>
        server.run({ type: 'unlinkUserIdentity', user, issuer: people.provider.issuer, subject: 'una' }),
    ],
    ['dan', (user: string) => server.run({ type: 'deactivateUser', user })],
    ['eva', (user: string) => server.run({ type: 'eraseUser', user })],
  ] as const) {
    const browser = await signIn(login);
    expect((await browser.graphql()).status).toBe(200);
    await end(await userOf(browser));
    expect(await told(browser.graphql())).toEqual({ status: 401, code: 'UNAUTHENTICATED', signIn: 'oidc' });
    // Nor do they come in again.
    const { browser: again, address } = await begin(server);
    await expectPage(await again.fetch(await wayBack(server, address, login)), 403, 'You are');
  }
});

test('an identity that is given to another user takes no session along', async () => {
  const browser = await signIn('moved');
  const user = await userOf(browser);
  await server.run({ type: 'unlinkUserIdentity', user, issuer: people.provider.issuer, subject: 'moved' });
  await server.run({ type: 'registerUser', user: 'heir', username: 'heir' });
  await server.run({
    type: 'linkUserIdentity',
    user: 'heir',
    issuer: people.provider.issuer,
    subject: 'moved',
  });
  expect((await browser.session()).status).toBe(401);
  expect(await userOf(await signIn('moved'))).toBe('heir');
});

test('links and sessions of local mode count for nothing', async () => {
  await expectPage(
    await new Browser(server.url).fetch('/console/sign-in?code=x&to=/'),
    400,
    'none of the console',
  );
  const browser = new Browser(server.url);
  const at = people.clock;
  const local = { id: 'x', account: ACCOUNT, user: 'ada', identity: null, beganAt: at, seenAt: at };
  browser.cookies.set(SESSION, await new Sealed<typeof local>(server.signingKey, 'session').seal(local));
  expect((await browser.session()).status).toBe(401);
  const elsewhere = { ...local, identity: { issuer: 'https://login.example.com', subject: 'ada' } };
  browser.cookies.set(SESSION, await new Sealed<object>(server.signingKey, 'session').seal(elsewhere));
  expect((await browser.session()).status).toBe(401);
});
