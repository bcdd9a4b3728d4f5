import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startProvider } from './provider.mjs';
import { startServer } from './server.mjs';

/** Sign-in at a provider of OpenID Connect, in a real browser. */

let provider;
let server;
let browser;
let context;
let page;
before(async () => {
  provider = await startProvider();
  const { issuer } = provider;
  // An admin is linked first: a server with an issuer does not start without one.
  server = await startServer();
  await server.rolebook(
    ...['identity', 'link', 'admin', '--account', 'demo', '--issuer', issuer, '--subject', 'ada'],
  );
  await server.halt();
  await server.resume({
    ROLEBOOK_PUBLIC_URL: server.url,
    ROLEBOOK_OIDC_ISSUER: issuer,
    ROLEBOOK_OIDC_AUDIENCE: 'rolebook',
    ROLEBOOK_OIDC_ACCOUNT: 'demo',
    ROLEBOOK_OIDC_CLIENT_ID: 'console',
    ROLEBOOK_OIDC_CLIENT_SECRET: 'secret',
  });
  ({ browser } = await startBrowser());
  context = await browser.newContext();
  page = await context.newPage();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await provider?.stop();
});

const open = (address) => page.goto(new URL(`/console${address}`, server.url).href);
const signIn = () => page.getByRole('link', { name: 'Sign in' }).click();

/** Goes through the pages of the provider: a login, a consent. */
async function throughProvider(login) {
  await page.waitForURL((url) => url.href.startsWith(provider.issuer));
  if (login) {
    await page.locator('[name=login]').fill(login);
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
  }
  await page.locator('[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('[type=submit]').click();
}

test('whoever signs in at the provider comes back to the page that they wanted, as their user', async () => {
  await open('/users?q=sam');
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await signIn();
  await throughProvider('ada');
  await page.waitForURL((url) => url.href.startsWith(server.url));
  await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('q'), 'sam');
  await page.getByRole('link', { name: 'Sam Taylor' }).waitFor();
  await page.getByRole('button', { name: /^Profile of Ada Lindqvist/ }).waitFor();
});

test('the browser keeps no token where a script could read it, and nothing of the sign-in', async () => {
  assert.equal(await page.evaluate(() => document.cookie), '');
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(stored, /eyJ/);
  const cookies = await context.cookies(server.url);
  const named = cookies.filter(({ name }) => name.startsWith('rolebook'));
  assert.deepEqual(
    named.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
    [{ name: 'rolebook-session', httpOnly: true, sameSite: 'Strict' }],
  );
});

test('a session that ends during an edit: the draft is there after the way through the provider', async () => {
  await open('/roles?tab=custom');
  await page.getByRole('link', { name: 'Newsletter editor' }).click();
  await page.getByRole('button', { name: 'Edit name and description' }).click();
  await page.getByLabel('Role description').fill('Typed before the session ended.');
  await page.getByText('1 change', { exact: true }).waitFor();
  await context.clearCookies({ name: 'rolebook-session' });
  await page.getByText('What you had not saved is still here.').waitFor();
  await signIn();
  // The provider still knows who it is, and asks for the consent alone.
  await throughProvider();
  await page.waitForURL((url) => url.href.startsWith(server.url));
  await page.getByText('1 change', { exact: true }).waitFor();
  assert.equal(await page.getByLabel('Role description').inputValue(), 'Typed before the session ended.');
  await page.getByRole('button', { name: 'Save 1 change' }).click();
  await page.getByText('Saved 1 change').waitFor();
});

test('whom nobody is linked to is told so, and signs in nowhere', async () => {
  const other = await browser.newContext();
  const mine = page;
  page = await other.newPage();
  await open('/roles');
  await signIn();
  await throughProvider('stranger');
  await page.waitForURL((url) => url.href.startsWith(server.url));
  await page.getByText('no user of an account').waitFor();
  assert.deepEqual(
    (await other.cookies(server.url)).filter(({ name }) => name === 'rolebook-session'),
    [],
  );
  await other.close();
  page = mine;
});

test('signing out ends the session', async () => {
  await open('/roles');
  await page.getByRole('button', { name: /^Profile of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
});
