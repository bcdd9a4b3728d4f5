import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** A form while things go wrong: somebody else edits the same, the server stops, its answer is lost, the session ends. */

let server;
let browser;
let context;
let page;
const faults = [];
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  context = await browser.newContext();
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(server.link);
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (name, place = page) => place.getByRole('button', { name });
const tab = (name, place = page) => place.getByRole('tab', { name });
const tick = (text, place = page) => place.locator('label', { hasText: text }).click();
const open = (address, place = page) => place.goto(new URL(`/console${address}`, server.url).href);
const heading = (name, place = page) => place.getByRole('heading', { name, level: 1 });

/** Opens the role that these tests edit; without a draft that was kept, unless it is to come back. */
async function openRole(place = page, { keep = false } = {}) {
  if (!keep) await place.evaluate(() => sessionStorage.clear());
  await open('/roles?tab=custom', place);
  await place.getByRole('link', { name: 'Newsletter editor', exact: true }).click();
  await heading('Newsletter editor', place).waitFor();
}

async function describe(text, place = page) {
  await button('Edit name and description', place).click();
  await place.getByLabel('Role description').fill(text);
}

/** Number of changes in the history of the role that is open. */
async function entries(pattern) {
  await tab('History').click();
  await page.getByText(pattern).first().waitFor();
  const count = await page.getByText(pattern).count();
  await tab(/^Permissions/).click();
  return count;
}

/** Opens a browser of Marta, who may do the same. */
async function marta() {
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(await server.linkFor('marta.kovac'));
  await heading('Roles', theirs).waitFor();
  return theirs;
}

/** Lets requests of a mutation reach the server, and loses their answers while it is told to. */
async function loseAnswers(mutation) {
  let lost = 0;
  const handler = async (route) => {
    if (!route.request().postData()?.includes(mutation)) return route.continue();
    // A page that is read anew meanwhile takes its requests along.
    await route.fetch().catch(() => undefined);
    lost += 1;
    await route.abort().catch(() => undefined);
  };
  await page.route('**/graphql', handler);
  return { lost: () => lost, end: () => page.unroute('**/graphql', handler) };
}

test('two people change the same field: the second is told of both texts, and decides', async () => {
  const theirs = await marta();
  await openRole(theirs);
  await openRole();
  // The second one is not told by the poll first: Save itself finds out.
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('RoleVersion') ? route.abort() : route.continue(),
  );
  await describe('Theirs.', theirs);
  await describe('Mine.');
  await button('Open all').click();
  await tick('See customer profiles');
  await button('Save 1 change', theirs).click();
  await theirs.getByText('Saved 1 change').waitFor();
  await button('Save 2 changes').click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('Somebody else saved this role before you').waitFor();
  await dialog.getByText('Marta Kovač saved it').waitFor();
  await dialog
    .getByText('You both changed the description. Saving replaces “Theirs.” with “Mine.”.')
    .waitFor();
  await button('Go on with mine').click();
  await button('Save 2 changes').click();
  await page.getByText('Saved 2 changes').waitFor();
  await page.unroute('**/graphql');
  // Both are on the record.
  assert.equal(await entries('changed the description of the role “Newsletter editor”'), 3);
  await theirs.getByText('Mine.').first().waitFor();
  await theirs.context().close();
});

test('one adds a user while the other takes one away: both come about', async () => {
  const theirs = await marta();
  await openRole(theirs);
  await tab(/^Users/, theirs).click();
  await openRole();
  await tab(/^Users/).click();
  await button('Unassign Emre Yılmaz', theirs).click();
  await button('Select users').click();
  await page.getByRole('dialog').getByRole('searchbox').fill('sam.taylor');
  await page.getByRole('dialog').locator('li label', { hasText: 'sam.taylor' }).first().click();
  await button('Add 1 user').click();
  await button('Save 1 change', theirs).click();
  await theirs.getByText('Saved 1 change').waitFor();
  await button('Save 1 change').click();
  await page.getByRole('alertdialog').getByText('Only who has the role.').waitFor();
  await button('Go on with mine').click();
  await button('Save 1 change').click();
  await page.getByText('Saved 1 change').waitFor();
  await page.getByRole('link', { name: 'Sam Taylor' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Emre Yılmaz' }).count(), 0);
  await theirs.context().close();
});

test('a server that is stopped and started during a Save: it waits, and saves once', async () => {
  await openRole();
  await describe('Saved over a restart.');
  await server.halt();
  await button('Save 1 change').click();
  await page.getByText('Rolebook does not answer yet. Trying again; nothing is done twice.').waitFor();
  assert.equal(await page.getByLabel('Role description').inputValue(), 'Saved over a restart.');
  await server.resume();
  await page.getByText('Saved 1 change').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await entries('changed the description of the role “Newsletter editor”'), 4);
});

test('an answer that is lost is asked for again, and the save is told of once', async () => {
  await openRole();
  await describe('The answer was lost.');
  const answers = await loseAnswers('SaveRole');
  await button('Save 1 change').click();
  await page.getByText('Rolebook does not answer yet.').waitFor();
  await answers.end();
  await page.getByText('Saved 1 change').waitFor();
  assert.ok(answers.lost() >= 1);
  assert.equal(await entries('changed the description of the role “Newsletter editor”'), 5);
});

test('a role whose answer is lost is created once, also where the page is read anew before the next try', async () => {
  await open('/roles/new');
  await page.getByLabel('Role name').fill('Created once');
  const answers = await loseAnswers('CreateRole');
  await button('Create role').click();
  await page.getByText('Rolebook does not answer yet.').waitFor();
  assert.ok(answers.lost() >= 1);
  page.once('dialog', (question) => question.accept());
  await page.reload();
  await answers.end();
  assert.equal(await page.getByLabel('Role name').inputValue(), 'Created once');
  await button('Create role').click();
  await page.getByText('Created Created once').waitFor();
  await page.waitForURL(/\/roles\/r_/);
  await heading('Created once').waitFor();
  await open('/roles?tab=custom&q=Created once');
  await page.getByRole('link', { name: 'Created once' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Created once' }).count(), 1);
});

test('a session that ends during an edit is told of without a click, and the draft is there after the next sign-in', async () => {
  await openRole();
  await describe('Typed before the session ended.');
  await page.getByText('1 change', { exact: true }).waitFor();
  await context.clearCookies();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.goto(await server.linkFor('admin'));
  await openRole(page, { keep: true });
  await page.getByText('1 change', { exact: true }).waitFor();
  assert.equal(await page.getByLabel('Role description').inputValue(), 'Typed before the session ended.');
  await button('Save 1 change').click();
  await page.getByText('Saved 1 change').waitFor();
});

test('a session that ends during a Save is told of once, and nothing was saved', async () => {
  await openRole();
  await describe('Typed before the Save.');
  // It ends between the click and the request.
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData().includes('SaveRole')) return route.continue();
    const end = new URL('/console/sign-out', server.url).href;
    const answer = await context.request.post(end, { headers: { 'Rolebook-Console': '1' } });
    assert.equal(answer.status(), 204);
    await route.continue();
  });
  const told = page.waitForResponse(
    (answer) => answer.status() === 401 && answer.request().postData()?.includes('SaveRole'),
  );
  await button('Save 1 change').click();
  await told;
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await page.unroute('**/graphql');
  assert.equal(await page.getByText('Saved').count(), 0);
  await page.goto(await server.linkFor('admin'));
  await openRole(page, { keep: true });
  assert.equal(await page.getByLabel('Role description').inputValue(), 'Typed before the Save.');
});

test('a draft that comes back to a role that somebody saved meanwhile says so before it is saved', async () => {
  await openRole();
  await describe('Typed before somebody saved.');
  await page.getByText('1 change', { exact: true }).waitFor();
  await context.clearCookies();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  const theirs = await marta();
  await openRole(theirs);
  await describe('Saved by Marta.', theirs);
  await button('Save 1 change', theirs).click();
  await theirs.getByText('Saved 1 change').waitFor();
  await theirs.context().close();
  await page.goto(await server.linkFor('admin'));
  await open('/roles?tab=custom');
  await page.getByRole('link', { name: 'Newsletter editor' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('Saving replaces “Saved by Marta.” with “Typed before somebody saved.”.').waitFor();
  await button('Drop mine', dialog).click();
  await page.getByText('1 change', { exact: true }).waitFor({ state: 'detached' });
  await page.getByText('Saved by Marta.').first().waitFor();
});

test('what is typed by one person is not shown to the next on the same machine', async () => {
  await openRole();
  await describe('Nobody else’s business.');
  await page.goto(await server.linkFor('marta.kovac'));
  await openRole(page, { keep: true });
  assert.equal(await page.getByText('1 change', { exact: true }).count(), 0);
  await page.goto(await server.linkFor('admin'));
  await openRole(page, { keep: true });
  assert.equal(await page.getByLabel('Role description').inputValue(), 'Nobody else’s business.');
  await button('Discard').click();
});

test('nothing failed on the way', () => {
  assert.deepEqual(faults, []);
});
