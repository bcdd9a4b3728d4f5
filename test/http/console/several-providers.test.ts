import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../../directories';
import { startProvider, type OidcProvider } from '../../end-to-end/provider';
import { freePort } from '../../free-port';
import { SECURITY_HEADERS } from '../../../src/http/security-headers';
import { ACCOUNT, startTestServer, type TestServer } from '../harness';
import { Browser, SESSION, told } from './browser';
import { begin, expectPage, wayBack } from './signing-in';

/** Several providers of one server, of which two sign people in; and sign-out at the one that is asked for it. */

const ODD = 'https://127.0.0.1:1/a&b"<i>';

let directory: string;
let staff: OidcProvider;
let guests: OidcProvider;
let server: TestServer;
beforeAll(async () => {
  directory = newDirectory();
  [staff, guests] = await Promise.all([startProvider(), startProvider()]);
  server = await serverOf([
    { ...entry(staff.issuer), clientId: 'console', clientSecretFile: secretFile(), signOut: 'provider' },
    { ...entry('https://127.0.0.1:1/programs') },
    { ...entry(guests.issuer), clientId: 'console', clientSecretFile: secretFile() },
    { ...entry(ODD), clientId: 'console', signOut: 'provider' },
  ]);
});
afterAll(async () => {
  await server.close();
  await Promise.all([staff.stop(), guests.stop()]);
  removeDirectory(directory);
});

const entry = (issuer: string): object => ({
  issuer,
  audience: 'rolebook',
  accounts: [ACCOUNT],
  register: true,
});

function secretFile(): string {
  const file = path.join(directory, 'secret');
  writeFileSync(file, 'secret\n');
  return file;
}

async function serverOf(
  issuers: readonly object[],
  more: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const file = path.join(directory, 'issuers.json');
  writeFileSync(file, JSON.stringify(issuers));
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  return startTestServer({
    environment: { PORT: port, ROLEBOOK_PUBLIC_URL: url, ROLEBOOK_OIDC_FILE: file, ...more },
  });
}

/** Addresses and texts of the links of a page. */
const linksIn = (page: string): (readonly [string, string])[] =>
  [...page.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, to = '', text = '']) => [
    to.replaceAll('&amp;', '&'),
    text,
  ]);

async function signIn(issuer: string, login: string): Promise<Browser> {
  const { browser, address } = await begin(server, `?issuer=${encodeURIComponent(issuer)}`);
  expect((await browser.fetch(await wayBack(server, address, login))).status).toBe(303);
  return browser;
}

test('a person is asked where to sign in, and led to that provider', async () => {
  const browser = new Browser(server.url);
  const answer = await browser.fetch('/console/sign-in?to=/console/users?first=20');
  const { headers, status } = answer;
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name)).toBe(value);
  // Nothing is under way before they have chosen.
  expect(browser.set).toEqual([]);
  const page = await answer.text();
  const hosts = [staff, guests].map(({ issuer }) => new URL(issuer).host);
  const links = linksIn(page);
  expect(links.map(([, text]) => text)).toEqual([...hosts, '127.0.0.1:1/a&amp;b&quot;&lt;i&gt;']);
  expect(page).not.toContain('<i>');
  for (const [index, { issuer }] of [staff, guests].entries()) {
    const { browser: own, address } = await begin(
      server,
      (links[index]?.[0] ?? '').replace('/console/sign-in', ''),
    );
    expect(new URL(address).origin).toBe(issuer);
    const back = await own.fetch(await wayBack(server, address, `nora${index}`));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/console/users?first=20']);
    expect(await (await own.session()).json()).toMatchObject({
      user: { username: `nora${index}@example.com` },
    });
  }
});

test('one that signs nobody in, and one that there is not, cannot be chosen', async () => {
  for (const query of [
    'issuer=https://127.0.0.1:1/programs',
    'issuer=https://login.example.com',
    'issuer=',
    `issuer=${staff.issuer}&issuer=${guests.issuer}`,
  ])
    await expectPage(
      await new Browser(server.url).fetch(`/console/sign-in?${query}`),
      400,
      'name no provider',
    );
});

test('nobody is led out of the console by a choice', async () => {
  await expectPage(
    await new Browser(server.url).fetch('/console/sign-in?to=https://example.com/'),
    400,
    'none of the console',
  );
});

test('one that is away is told, and the page leads to the others', async () => {
  const answer = await new Browser(server.url).fetch(`/console/sign-in?issuer=${encodeURIComponent(ODD)}`);
  expect(linksIn(await answer.clone().text())).toEqual([['/console/sign-in', 'Sign in again']]);
  await expectPage(answer, 503, 'IDENTITY_PROVIDER_UNAVAILABLE');
});

test('whoever signs out is led to the provider where its entry says so, and nowhere else', async () => {
  const browser = await signIn(staff.issuer, 'una');
  const answer = await browser.signOut();
  expect([answer.status, browser.cookies.size]).toEqual([200, 0]);
  const { to } = (await answer.json()) as { to: string };
  const asked = new URL(to);
  expect([asked.origin, Object.fromEntries(asked.searchParams)]).toEqual([
    staff.issuer,
    { client_id: 'console', post_logout_redirect_uri: `${server.url}/console/` },
  ]);
  // The provider knows the client, and the way back: it asks the person.
  const page = await fetch(to);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('name="xsrf"')]);
  asked.searchParams.set('post_logout_redirect_uri', 'https://example.com/');
  expect((await fetch(asked)).status).toBe(400);

  const guest = await signIn(guests.issuer, 'gus');
  expect((await guest.signOut()).status).toBe(204);
  // Without a session there is nobody to be led anywhere.
  expect((await new Browser(server.url).signOut()).status).toBe(204);
});

test('a provider that is away keeps no session open', async () => {
  const browser = await signIn(staff.issuer, 'dan');
  const copy = new Browser(server.url);
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  const other = await serverOf([{ ...entry(staff.issuer), clientId: 'console', signOut: 'provider' }], {
    ROLEBOOK_SIGNING_KEY_FILE: server.config.signingKeyFile,
  });
  await staff.tell('down');
  try {
    // Another replica, which has not asked the provider for its addresses yet.
    const cold = new Browser(other.url);
    cold.cookies.set(SESSION, browser.cookies.get(SESSION) ?? '');
    expect((await cold.signOut()).status).toBe(204);
    expect(other.log.map(({ msg }) => msg)).toContain('nobody can be signed out at the provider');
    await browser.signOut();
    expect((await told(copy.session())).status).toBe(401);
  } finally {
    await staff.tell('up');
    await other.close();
  }
});

test('nobody is asked where one provider alone signs people in', async () => {
  const one = await serverOf([
    { ...entry('https://127.0.0.1:1/programs') },
    { ...entry(guests.issuer), clientId: 'console', clientSecretFile: secretFile() },
  ]);
  try {
    expect(new URL((await begin(one)).address).origin).toBe(guests.issuer);
  } finally {
    await one.close();
  }
});
