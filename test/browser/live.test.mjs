import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** Changes of somebody else show by themselves: on screens at once, and beside a form that is being filled in. */

let server;
let browser;
let mine;
let theirs;
const faults = [];
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  mine = await personAt(server.link);
  theirs = await personAt(await server.linkFor('marta.kovac'));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Signs somebody in, in a browser of their own. */
async function personAt(link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(link);
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
  return page;
}

const button = (name, page) => page.getByRole('button', { name });
const tab = (name, page) => page.getByRole('tab', { name });
const open = (address, page) => page.goto(new URL(`/console${address}`, server.url).href);

/** Names a role anew, as Marta. */
async function rename(from, to) {
  await open('/roles?tab=custom', theirs);
  await theirs.getByRole('link', { name: from, exact: true }).click();
  await button('Edit name and description', theirs).click();
  await theirs.getByLabel('Role name').fill(to);
  await button('Save 1 change', theirs).click();
  await theirs.getByText('Saved 1 change').waitFor();
}

/** Requests of the API that a page sends from now on, with their headers. */
function watch(page) {
  const sent = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql'))
      sent.push({ body: request.postData(), headers: request.headers() });
  });
  return sent;
}
const isPoll = ({ body }) => body === '{"query":"{__typename}"}';

test('a list shows what somebody else changed, and nobody touches it', async () => {
  await open('/roles?tab=custom', mine);
  await mine.getByRole('link', { name: 'Newsletter editor' }).waitFor();
  const sent = watch(mine);
  await rename('Newsletter editor', 'Newsletter desk');
  await mine.getByRole('link', { name: 'Newsletter desk' }).waitFor();
  // Neither the questions nor what was read anew keeps a session from ending.
  assert.ok(sent.some(isPoll) && sent.some((request) => !isPoll(request)));
  for (const { headers } of sent) assert.equal(headers['rolebook-unattended'], '1');
});

test('a page of a role does, and so do a user, the permissions and the audit log', async () => {
  const pages = await Promise.all(
    ['/roles?tab=custom', '/users', '/audit'].map(() => mine.context().newPage()),
  );
  const [role, user, log] = pages;
  await open('/roles?tab=custom', role);
  await role.getByRole('link', { name: 'Newsletter desk' }).click();
  await role.getByRole('heading', { name: 'Newsletter desk', level: 1 }).waitFor();
  await open('/users/sam-taylor?tab=roles', user);
  await tab('Roles 2', user).waitFor();
  await open('/audit', log);
  await log.getByText('“Newsletter desk”').first().waitFor();
  await rename('Newsletter desk', 'Newsletter team');
  await role.getByRole('heading', { name: 'Newsletter team', level: 1 }).waitFor();
  await log.getByText('“Newsletter team”').first().waitFor();
  await open('/users/sam-taylor', theirs);
  await button('Assign roles', theirs).click();
  await theirs.getByRole('dialog').getByRole('searchbox').fill('newsletter');
  await theirs.getByRole('dialog').locator('li label', { hasText: 'Newsletter team' }).click();
  await button('Assign 1 role', theirs).click();
  await tab('Roles 3', user).waitFor();
  await Promise.all(pages.map((page) => page.close()));
});

test('a screen of the past asks for nothing', async () => {
  await open(`/roles?asOf=${new Date().toISOString()}`, mine);
  await mine.getByRole('table').waitFor();
  const sent = watch(mine);
  await rename('Newsletter team', 'Newsletter editor');
  await mine.waitForTimeout(2_500);
  assert.deepEqual(sent, []);
});

test('a tab that nobody sees asks for nothing, and is up to date as soon as it is seen', async () => {
  await open('/roles?tab=custom', mine);
  await mine.getByRole('link', { name: 'Newsletter editor' }).waitFor();
  const show = (state) =>
    mine.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await show('hidden');
  // One question may be on its way.
  await mine.waitForTimeout(500);
  const sent = watch(mine);
  await rename('Newsletter editor', 'Newsletter desk');
  await mine.waitForTimeout(1_500);
  assert.deepEqual(sent, []);
  await show('visible');
  await mine.getByRole('link', { name: 'Newsletter desk' }).waitFor();
});

test('a dialog keeps the list as it was when it was opened, and lets go of it', async () => {
  await open('/roles?tab=custom', mine);
  await button('Actions of Newsletter desk', mine).click();
  await mine.getByRole('menuitem', { name: 'Duplicate' }).click();
  await mine.getByRole('dialog').waitFor();
  await rename('Newsletter desk', 'Newsletter team');
  await mine.waitForTimeout(2_500);
  await mine.getByRole('dialog').getByText('Duplicate Newsletter desk').waitFor();
  // Behind a dialog the page is hidden from screen readers, and from roles.
  assert.equal(await mine.locator('a', { hasText: 'Newsletter desk' }).count(), 1);
  await mine.keyboard.press('Escape');
  await mine.getByRole('link', { name: 'Newsletter team' }).waitFor();
});

test('a form keeps what is typed, tells of the save of somebody else, and goes on with both', async () => {
  await mine.getByRole('link', { name: 'Newsletter team' }).click();
  await button('Edit name and description', mine).click();
  await mine.getByLabel('Role description').fill('Everything that goes out on Fridays.');
  await rename('Newsletter team', 'Newsletter editor');
  await mine.getByRole('alert').getByText('Marta Kovač saved this role meanwhile.').waitFor();
  assert.equal(
    await mine.getByLabel('Role description').inputValue(),
    'Everything that goes out on Fridays.',
  );
  assert.equal(await mine.getByLabel('Role name').inputValue(), 'Newsletter team');
  await button('Show what changed', mine).click();
  const dialog = mine.getByRole('alertdialog');
  await dialog.getByText('The role is called “Newsletter editor” now.').waitFor();
  await button('Go on with mine', dialog).click();
  await mine.getByText('saved this role meanwhile').waitFor({ state: 'detached' });
  assert.equal(await mine.getByLabel('Role name').inputValue(), 'Newsletter editor');
  await button('Save 1 change', mine).click();
  await mine.getByText('Saved 1 change').waitFor();
  await mine.getByRole('heading', { name: 'Newsletter editor', level: 1 }).waitFor();
  await mine.getByText('Everything that goes out on Fridays.').first().waitFor();
});

test('a form of a role that is deleted meanwhile says so, and keeps what was typed', async () => {
  await open('/roles?tab=custom', mine);
  await button('Actions of Newsletter editor', mine).click();
  await mine.getByRole('menuitem', { name: 'Duplicate' }).click();
  await button('Duplicate role', mine).click();
  await mine.getByRole('heading', { name: 'Newsletter editor (copy)', level: 1 }).waitFor();
  await button('Edit name and description', mine).click();
  await mine.getByLabel('Role description').fill('Not for long.');
  await open('/roles?tab=custom', theirs);
  await button('Actions of Newsletter editor (copy)', theirs).click();
  await theirs.getByRole('menuitem', { name: 'Delete' }).click();
  await button('Delete role', theirs).click();
  await theirs.getByText('Deleted Newsletter editor (copy)').waitFor();
  await mine.getByRole('alert').getByText('This role was deleted meanwhile.').waitFor();
  assert.equal(await mine.getByLabel('Role description').inputValue(), 'Not for long.');
  await button('Discard', mine).click();
});

test('a server that is away is asked less and less, and what may be old is said, until it is back', async () => {
  await mine.routeWebSocket(/\/graphql$/, (socket) => socket.close());
  await open('/roles?tab=custom', mine);
  await mine.getByRole('link', { name: 'Newsletter editor' }).waitFor();
  await mine.route('**/graphql', (route) => route.abort());
  const sent = watch(mine);
  await mine.getByText('What you see may be old').waitFor();
  // The list stays: a question that fails takes nothing away.
  assert.equal(await mine.getByRole('link', { name: 'Newsletter editor' }).count(), 1);
  assert.ok(sent.length <= 4, `${sent.length} questions`);
  await mine.unroute('**/graphql');
  await mine.getByText('What you see may be old').waitFor({ state: 'detached' });
});

test('whoever is signed out elsewhere is told so, once, and asked about no more', async () => {
  const other = await mine.context().newPage();
  await open('/roles', other);
  await button(/^Profile of/, other).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await other.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await mine.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  const sent = watch(mine);
  await mine.waitForTimeout(2_500);
  assert.deepEqual(sent, []);
});

test('nothing failed on the way', () => {
  assert.deepEqual(faults, []);
});
