import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** One test for each requirement of `docs/console/requirements.md`, on the demo, each beginning at an address. */

let server;
let browser;
let page;
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  page = await browser.newPage();
  await page.goto(server.link);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const GROUPS = ['General', 'Conversations', 'Answers', 'Knowledge Base', 'Content'];

const button = (name, place = page) => place.getByRole('button', { name });
const tab = (name) => page.getByRole('tab', { name });
const dialog = () => page.getByRole('dialog');
const row = (name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
const section = (name) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) });
const tick = (text, place = page) => place.locator('label', { hasText: text }).click();
const open = (address) => page.goto(new URL(`/console${address}`, server.url).href);

/** Entries of the three-dot menu of a role in the list. */
async function menuOf(name) {
  await button(`Actions of ${name}`).click();
  const entries = page.getByRole('menu').getByRole('menuitem');
  await entries.first().waitFor();
  return entries.allTextContents();
}

/** Opens a role of the list by its name. */
async function openRole(kind, name) {
  await open(`/roles?tab=${kind}`);
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

/** Opens the form of a new role, without what an earlier test left in it. */
async function openNew() {
  await page.evaluate(() => sessionStorage.clear());
  await open('/roles/new');
}

/** Names a new role, with all sections open. */
async function draftRole(name) {
  await openNew();
  await page.getByLabel('Role name').fill(name);
  await button('Open all').click();
}

async function chooseUsers(...usernames) {
  await tab(/^Users/).click();
  await button('Select users').click();
  for (const username of usernames) {
    await dialog().getByRole('searchbox').fill(username);
    await dialog().locator('li label', { hasText: username }).first().click();
  }
  await button(/^Add \d+ user/, dialog()).click();
}

async function create() {
  await button('Create role').click();
  await page.waitForURL(/\/roles\/r_/);
}

test('R1 the profile icon, Account settings, Roles leads to the roles', async () => {
  await openNew();
  await button(/^Profile of/).click();
  await page.getByRole('menuitem', { name: 'Account settings' }).click();
  await page.getByRole('menuitem', { name: 'Roles' }).click();
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
});

test('R2 roles stand in the tabs Default and Custom', async () => {
  await open('/roles');
  await tab('Default 18').waitFor();
  await tab(/^Custom/).click();
  await page.getByRole('link', { name: 'Newsletter editor' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Account admin' }).count(), 0);
});

test('R3 the list says what default roles and custom roles are for', async () => {
  await open('/roles');
  await page
    .getByText('Default roles follow the product by themselves; custom roles are yours to keep.')
    .waitFor();
});

test('R4 every default role stands in its group', async () => {
  await open('/roles');
  await page.getByRole('link', { name: 'Account admin' }).waitFor();
  assert.deepEqual(await page.locator('th[scope="rowgroup"]').allTextContents(), GROUPS);
  const inGroups = await page
    .locator('tbody')
    .evaluateAll((bodies) => bodies.map((body) => body.querySelectorAll('th[scope="row"]').length));
  assert.deepEqual(inGroups, [6, 4, 3, 2, 3]);
});

test('R5 a row tells name, description and the numbers of users, permissions and scopes', async () => {
  await open('/roles');
  await row('Finance manager').waitFor();
  const cells = await row('Finance manager').locator('th, td').allTextContents();
  assert.deepEqual(
    cells.slice(0, 5).map((text) => text.trim()),
    [
      'Finance manager',
      'Adds money to the account balance and oversees messaging cost with access to financial analytics.',
      '2 users',
      '8 permissions',
      '2 scopes',
    ],
  );
});

test('R6 the menu of a default role offers edit and duplicate', async () => {
  await open('/roles');
  assert.deepEqual(await menuOf('Account admin'), ['Edit', 'Duplicate']);
});

test('R7 of a default role only the membership changes, with Save', async () => {
  await open('/roles');
  await menuOf('Chatbot designer');
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('heading', { name: 'Chatbot designer', level: 1 }).waitFor();
  await tab('Permissions 7').click();
  await page.locator('main li code').first().waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Edit name and description' }).count(), 0);
  await chooseUsers('zoe.papadaki');
  await button('Save 1 change').click();
  await page.getByText('Saved 1 change').waitFor();
  await tab('Users 3').waitFor();
});

test('R8 the search bar of the Custom tab finds custom roles', async () => {
  await open('/roles?tab=custom');
  await row('Read-only analyst').waitFor();
  await page.getByRole('searchbox', { name: 'Search custom roles' }).fill('newsl');
  await page.getByRole('link', { name: 'Read-only analyst' }).waitFor({ state: 'detached' });
  assert.deepEqual(await page.locator('th[scope="row"]').allTextContents(), ['Newsletter editor']);
});

test('R9 a row of the Custom tab tells the same', async () => {
  await open('/roles?tab=custom');
  await row('Support quality auditor').waitFor();
  const cells = await row('Support quality auditor').locator('th, td').allTextContents();
  assert.deepEqual(
    cells.slice(0, 5).map((text) => text.trim()),
    [
      'Support quality auditor',
      'Reads conversations to judge their quality; cannot answer.',
      '1 user',
      '3 permissions',
      '3 scopes',
    ],
  );
});

test('R10 the menu of a custom role offers edit, duplicate and delete', async () => {
  await open('/roles?tab=custom');
  assert.deepEqual(await menuOf('Newsletter editor'), ['Edit', 'Duplicate', 'Delete']);
});

test('R11 a custom role is edited in the form in which it was created', async () => {
  await open('/roles?tab=custom');
  await menuOf('Newsletter editor');
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await button('Edit name and description').click();
  await page.getByLabel('Role description').fill('Writes the newsletter of each month.');
  await button('Save 1 change').click();
  await page.getByText('Saved 1 change').waitFor();
  await page.reload();
  await page.getByText('Writes the newsletter of each month.').waitFor();
});

test('R12 a default role is duplicated into a custom one', async () => {
  await open('/roles');
  await menuOf('Knowledge base manager');
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await button('Duplicate role').click();
  await page.getByRole('heading', { name: 'Knowledge base manager (copy)', level: 1 }).waitFor();
  await tab('Permissions 5').waitFor();
  await button('Edit name and description').waitFor();
});

test('R13 a custom role is deleted once it is said who loses it', async () => {
  await open('/roles?tab=custom');
  await menuOf('Integration engineer');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('One person loses this role: Ravi Sharma.').waitFor();
  await button('Delete role').click();
  await page.getByRole('link', { name: 'Integration engineer' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Newsletter editor' }).waitFor();
});

test('R14 the Custom tab leads to the page Create role', async () => {
  await open('/roles?tab=custom');
  await page.getByRole('link', { name: 'Create role' }).click();
  await page.getByRole('heading', { name: 'Create role', level: 1 }).waitFor();
  await page.getByLabel('Role name').waitFor();
  await page.getByLabel('Role description').waitFor();
});

test('R15 a role without a name is not created', async () => {
  await openNew();
  await button('Create role').click();
  await page.getByText('Give the role a name.').waitFor();
  assert.match(page.url(), /\/roles\/new/);
});

test('R16 a description is optional, and shown where the role is', async () => {
  await draftRole('Without words');
  await create();
  await draftRole('With words');
  await page.getByLabel('Role description').fill('Says what it is for.');
  await create();
  await page.getByText('Says what it is for.').waitFor();
  await open('/roles?tab=custom');
  await row('With words').getByText('Says what it is for.').waitFor();
  await row('Without words').waitFor();
});

test('R17 every permission stands in a section that closes and opens', async () => {
  await openNew();
  const all = Number(
    /\d+/.exec(await page.getByLabel(/^Search \d+ permissions$/).getAttribute('aria-label'))[0],
  );
  await button('Open all').click();
  assert.equal(await page.locator('main li code').count(), all);
  const flip = button('Finance');
  await flip.click();
  assert.equal(await flip.getAttribute('aria-expanded'), 'false');
  await section('Finance').locator('li').first().waitFor({ state: 'detached' });
  await flip.click();
  assert.equal(await flip.getAttribute('aria-expanded'), 'true');
  await section('Finance').locator('li').first().waitFor();
});

test('R18 a section says what it covers, and how many are selected', async () => {
  await openNew();
  const finance = section('Finance');
  await finance.getByText('0 of 6').waitFor();
  assert.ok((await finance.locator('p').first().textContent()).length > 20);
});

test('R19 Select all selects all of a section', async () => {
  await openNew();
  await tick('Select all', section('Finance'));
  await section('Finance').getByText('6 of 6').waitFor();
  await tab('Permissions 6').waitFor();
});

test('R20 a permission says what it allows, and is selected by itself', async () => {
  await draftRole('By itself');
  await tick('Add money to the balance');
  await section('Finance').getByText('1 of 6').waitFor();
  await tick('Add money to the balance');
  await section('Finance').getByText('0 of 6').waitFor();
});

test('R21 Scopes opens a dialog that refines a permission', async () => {
  await draftRole('Refined');
  await tick('Create and edit reports');
  const link = page.getByRole('button', { name: /^Scopes of / }).first();
  await link.waitFor();
  const name = await link.getAttribute('aria-label');
  await tick(/^Scopes of (.*): \d+ (of \d+ )?scopes?$/.exec(name)[1]);
  await link.click();
  await dialog().getByRole('heading', { name: 'Scopes' }).waitFor();
  await dialog().locator('li label').first().click();
  await button(/^Keep /, dialog()).click();
  await dialog().waitFor({ state: 'detached' });
  assert.match(await link.textContent(), /^(\d+) of (?!\1 )\d+ scopes?$/);
});

test('R22 Select users opens the sidebar All users', async () => {
  await openNew();
  await tab(/^Users/).click();
  await button('Select users').click();
  await dialog().getByRole('heading', { name: 'All users', level: 2 }).waitFor();
  await dialog().locator('li label', { hasText: 'Ada Lindqvist' }).waitFor();
});

test('R23 selected users stand in the main list', async () => {
  await openNew();
  await chooseUsers('ben.carter', 'aisha.khan');
  await page.getByRole('row', { name: /Ben Carter/ }).waitFor();
  await page.getByRole('row', { name: /Aisha Khan/ }).waitFor();
  await tab('Users 2').waitFor();
});

test('R24 the list of users tells name, username and last login', async () => {
  await openRole('custom', 'Newsletter editor');
  await tab(/^Users/).click();
  await page.getByRole('row', { name: /Ben Carter/ }).waitFor();
  const heads = await page.getByRole('columnheader').allTextContents();
  assert.deepEqual(
    heads.map((text) => text.trim()).filter((text) => ['Name', 'Username', 'Last login'].includes(text)),
    ['Name', 'Username', 'Last login'],
  );
  const ben = page.getByRole('row', { name: /Ben Carter/ });
  await ben.getByText('ben.carter').waitFor();
  await ben.locator('time').waitFor();
  await page
    .getByRole('row', { name: /Emre Yılmaz/ })
    .getByText('never')
    .waitFor();
});

test('R25 an X takes the role from a user', async () => {
  await openRole('custom', 'Newsletter editor');
  await tab(/^Users/).click();
  await button('Unassign Chloé Martin').click();
  await button('Save 1 change').click();
  await page.getByText('Saved 1 change').waitFor();
  await page.getByRole('row', { name: /Chloé Martin/ }).waitFor({ state: 'detached' });
  await tab('Users 2').waitFor();
});

test('R26 Save creates the role with permissions and users', async () => {
  await draftRole('Cashier');
  await tick('Add money to the balance');
  await chooseUsers('ben.carter');
  await create();
  await tab('Permissions 1').waitFor();
  await tab('Users 1').click();
  await page.getByRole('row', { name: /Ben Carter/ }).waitFor();
});

test('R27 a role is duplicated before it is saved', async () => {
  await draftRole('Twice');
  await tick('Add money to the balance');
  await button('Actions of the new role').click();
  await page.getByRole('menuitem', { name: 'Create, then duplicate' }).click();
  await page.getByRole('heading', { name: 'Twice (copy)', level: 1 }).waitFor();
  await tab('Permissions 1').waitFor();
  await create();
  await open('/roles?tab=custom');
  await row('Twice').waitFor();
  await row('Twice (copy)').waitFor();
});

test('R28 a role is deleted before it is saved', async () => {
  await draftRole('Never');
  await button('Actions of the new role').click();
  await page.getByRole('menuitem', { name: 'Delete draft' }).click();
  await page.getByRole('link', { name: 'Newsletter editor' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Never' }).count(), 0);
  await open('/roles/new');
  assert.equal(await page.getByLabel('Role name').inputValue(), '');
});

test('R29 a permission whose feature is off is withheld, and says why', async () => {
  await openNew();
  await page.getByLabel(/^Search \d+ permissions$/).fill('viber');
  await page.getByText('no effect: Viber is off').first().waitFor();
});

test('R30 who may see roles and not manage them finds nothing to change', async () => {
  await draftRole('Looks at roles');
  await page.getByLabel(/^Search \d+ permissions$/).fill('roles/view');
  await page.locator('label', { has: page.locator('code', { hasText: /^roles\/view$/ }) }).click();
  await chooseUsers('omar.haddad');
  await create();
  const theirs = await browser.newContext();
  const looking = await theirs.newPage();
  await looking.goto(await server.linkFor('omar.haddad'));
  await looking.getByRole('link', { name: 'Account admin' }).waitFor();
  assert.equal(await looking.getByRole('link', { name: 'Create role' }).count(), 0);
  await button('Actions of Account admin', looking).click();
  assert.deepEqual(await looking.getByRole('menu').getByRole('menuitem').allTextContents(), ['View']);
  await looking.getByRole('menuitem', { name: 'View' }).click();
  await looking.getByRole('tab', { name: /^Permissions/ }).waitFor();
  assert.equal(await looking.getByRole('checkbox').count(), 0);
  await theirs.close();
});
