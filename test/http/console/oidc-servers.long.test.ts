import { startTestServer, type TestServer } from '../harness';
import { Browser, told } from './browser';
import { begin, expectPage, SigningIn, wayBack } from './signing-in';

/** Sign-in at a real provider on several servers, with other settings, and while the provider is away. */

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

test('the halves of a sign-in may come to two replicas', async () => {
  const replica = await people.server({ ROLEBOOK_SIGNING_KEY_FILE: server.config.signingKeyFile });
  try {
    const { browser, address } = await begin(replica);
    const back = new URL(await wayBack(replica, address, 'nora'));
    // The proxy sends the second half to the other one; to the provider both are one address.
    const other = await startTestServer({
      now: () => people.clock,
      environment: {
        ...(await people.settings()),
        ROLEBOOK_PUBLIC_URL: replica.url,
        ROLEBOOK_SIGNING_KEY_FILE: server.config.signingKeyFile,
      },
    });
    const there = new Browser(other.url);
    for (const [name, value] of browser.cookies) there.cookies.set(name, value);
    expect((await there.fetch(`${back.pathname}${back.search}`)).status).toBe(303);
    expect((await there.session()).status).toBe(200);
    await other.close();
  } finally {
    await replica.close();
  }
});

test('behind https cookies are for https and this host alone, whatever the proxy says', async () => {
  const secure = await people.server({
    ROLEBOOK_PUBLIC_URL: 'https://roles.example.com',
    ROLEBOOK_TRUSTED_PROXIES: '127.0.0.1',
    ROLEBOOK_CONSOLE_PATH: '/roles',
  });
  try {
    const answer = await fetch(`${secure.url}/roles/sign-in`, {
      redirect: 'manual',
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', host: 'evil.example' },
    });
    const asked = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(asked.get('redirect_uri')).toBe('https://roles.example.com/roles/callback');
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-rolebook-sign-in=/);
    expect(cookie.split('; ')).toEqual(
      expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']),
    );
  } finally {
    await secure.close();
  }
});

test('the provider is asked for a token of the audience by the parameter of the settings', async () => {
  const named = await people.server({ ROLEBOOK_OIDC_AUDIENCE: 'https://api.rolebook.example' });
  try {
    const { address } = await begin(named);
    expect(new URL(address).searchParams.get('resource')).toBe('https://api.rolebook.example');
    expect((await (await people.person(named, 'rita')).session()).status).toBe(200);
  } finally {
    await named.close();
  }
  // A provider that gives tokens of another audience signs nobody in.
  const wrong = await people.server({
    ROLEBOOK_OIDC_AUDIENCE: 'another',
    ROLEBOOK_OIDC_AUDIENCE_PARAMETER: 'none',
  });
  try {
    const { browser, address } = await begin(wrong);
    await expectPage(
      await browser.fetch(await wayBack(wrong, address, 'nora')),
      403,
      'no user of an account',
    );
  } finally {
    await wrong.close();
  }
});

test('without an address of its own, or a client, the console signs nobody in, and says so', async () => {
  for (const missing of ['ROLEBOOK_PUBLIC_URL', 'ROLEBOOK_OIDC_CLIENT_ID']) {
    const more: Record<string, string> =
      missing === 'ROLEBOOK_OIDC_CLIENT_ID' ? { ROLEBOOK_OIDC_CLIENT_SECRET: '' } : {};
    const bare = await people.server({ [missing]: '', ...more });
    try {
      await expectPage(await new Browser(bare.url).fetch('/console/sign-in'), 400, 'ROLEBOOK_PUBLIC_URL');
      expect(await told(new Browser(bare.url).session())).toMatchObject({ status: 401, signIn: 'oidc' });
    } finally {
      await bare.close();
    }
  }
});

test('while the provider is away that is said, and sessions go on', async () => {
  const browser = await people.person(server, 'nora');
  const { browser: half, address } = await begin(server);
  const back = await wayBack(server, address, 'nora');
  const fresh = await people.server();
  try {
    await people.provider.tell('down');
    await expectPage(await half.fetch(back), 503, 'cannot sign you in at the moment');
    expect((await browser.graphql()).status).toBe(200);
    const answer = await new Browser(fresh.url).fetch('/console/sign-in');
    expect(answer.headers.get('retry-after')).toBe('1');
    await expectPage(answer, 503, 'IDENTITY_PROVIDER_UNAVAILABLE');
    await people.provider.tell('up');
    expect((await begin(fresh)).address).toContain(people.provider.issuer);
  } finally {
    await fresh.close();
  }
  expect(JSON.stringify(server.log)).not.toMatch(/nora|code=|"secret"/);
});
