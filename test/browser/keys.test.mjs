import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** Keys of the whole console, the palette, and the question before a page with unsaved changes is left. */

let server;
let browser;
let page;
const faults = [];
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(server.link);
  await heading('Roles').waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (name, place = page) => place.getByRole('button', { name });
const heading = (name) => page.getByRole('heading', { name, level: 1 });
const dialog = () => page.getByRole('dialog');
const question = () => page.getByRole('alertdialog', { name: 'Leave without saving?' });
const open = (address) => page.goto(new URL(`/console${address}`, server.url).href);
const option = (name) => page.getByRole('option', { name });

test('? shows the keys, and each of them does what it says', async () => {
  await page.keyboard.press('?');
  await dialog().getByText('Go anywhere, by a few letters').waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  for (const [key, name] of [
    ['u', 'Users'],
    ['p', 'Permissions'],
    ['a', 'Demo Communications'],
    ['h', 'Audit log'],
    ['r', 'Roles'],
  ]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await heading(name).waitFor();
  }
  await page.keyboard.press('/');
  await page.waitForFunction(() => document.activeElement?.matches('[type=search]'));
  // Letters that are typed are no keys.
  await page.keyboard.type('g?');
  assert.equal(await page.getByRole('searchbox').inputValue(), 'g?');
  assert.equal(await dialog().count(), 0);
});

test('Ctrl K finds screens, roles and users by a few letters, and Enter goes there', async () => {
  await page.keyboard.press('Control+k');
  await dialog().waitFor();
  await page.keyboard.type('aud');
  await option('Go to Audit log').waitFor();
  await page.keyboard.press('Enter');
  await heading('Audit log').waitFor();
  await dialog().waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('newsletter');
  await option('Newsletter editor').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await heading('Newsletter editor').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sofia');
  await option(/Sofía Rossi/).click();
  await heading('Sofía Rossi').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('nothing of that name');
  await page.getByText('Nothing matches “nothing of that name”').waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

test('the palette keeps the moment of the past, and offers nothing to create there', async () => {
  await open(`/roles?asOf=${new Date().toISOString()}`);
  await page.getByRole('table').waitFor();
  await page.keyboard.press('Control+k');
  await option('Back to now').waitFor();
  assert.equal(await option('Create role').count(), 0);
  await option('Go to Users').click();
  await heading('Users').waitFor();
  assert.ok(new URL(page.url()).searchParams.get('asOf'));
  await open('/roles');
});

test('a page with unsaved changes is left by a link only on purpose', async () => {
  await open('/roles/new');
  await page.getByLabel('Role name').fill('Half done');
  await page.getByRole('tab', { name: /^Users/ }).click();
  await page.getByText('Nobody has this role yet').waitFor();
  await page.getByRole('link', { name: 'Permissions', exact: true }).click();
  await question().getByText('1 change is not saved yet').waitFor();
  await button('Stay here').click();
  await question().waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Role name').inputValue(), 'Half done');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('audit');
  await option('Go to Audit log').waitFor();
  await page.keyboard.press('Enter');
  await question().waitFor();
  await page.keyboard.press('Escape');
  await question().waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Permissions', exact: true }).click();
  await button('Leave without saving').click();
  await heading('Permissions').waitFor();
  // It was dropped: nothing of it comes back.
  await open('/roles/new');
  assert.equal(await page.getByLabel('Role name').inputValue(), '');
});

test('the way back in the browser asks too, and so does signing out', async () => {
  await open('/roles');
  await page.getByRole('link', { name: 'Create role' }).click();
  await page.getByLabel('Role name').fill('Half done');
  await page.goBack();
  await question().waitFor();
  await button('Stay here').click();
  await page.waitForURL(/\/roles\/new/);
  assert.equal(await page.getByLabel('Role name').inputValue(), 'Half done');
  await button(/^Profile of/).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await question().waitFor();
  await button('Stay here').click();
  assert.equal(await page.getByLabel('Role name').inputValue(), 'Half done');
});

test('the browser asks before its tab is closed or read anew, and not once all is saved', async () => {
  const kinds = [];
  const answer = (shown) => {
    kinds.push(shown.type());
    void shown.dismiss();
  };
  page.on('dialog', answer);
  await page.evaluate(() => location.reload());
  await page.waitForTimeout(500);
  assert.deepEqual(kinds, ['beforeunload']);
  assert.equal(await page.getByLabel('Role name').inputValue(), 'Half done');
  await button('Create role').click();
  await page.waitForURL(/\/roles\/r_/);
  await page.reload();
  await heading('Half done').waitFor();
  assert.deepEqual(kinds, ['beforeunload']);
  page.off('dialog', answer);
});

test('signing out on purpose drops what was not saved', async () => {
  await open('/roles/new');
  await page.getByLabel('Role name').fill('Half done again');
  await button(/^Profile of/).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await button('Leave without saving').click();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  const kept = await page.evaluate(() => Object.keys(sessionStorage));
  assert.deepEqual(
    kept.filter((name) => name.startsWith('rolebook')),
    [],
  );
});

test('nothing was refused by the content security policy, and nothing failed', () => {
  assert.deepEqual(faults, []);
});
