import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** People in a real browser: the list of users, and the page of a user with its roles, access and history. */

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
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(server.link);
  await page.getByRole('tab', { name: 'Default 18' }).waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (name, place = page) => place.getByRole('button', { name });
const link = (name, place = page) => place.getByRole('link', { name, exact: true });
const tab = (name) => page.getByRole('tab', { name });
/** Waits until the address holds these parameters and no others. */
const assertParameters = (expected) =>
  page.waitForFunction((wanted) => {
    const there = Object.fromEntries(new URLSearchParams(location.search));
    const sorted = (values) => JSON.stringify(Object.entries(values).sort());
    return sorted(there) === sorted(wanted);
  }, expected);
/** Usernames of the rows, in their order, once there are as many as expected. */
const usernames = async (count) => {
  await page.waitForFunction((rows) => document.querySelectorAll('tbody tr').length === rows, count);
  return page.locator('tbody tr td:nth-child(2)').allTextContents();
};
const open = async (id, name) => {
  await page.goto(`${server.url}/console/users/${id}`);
  await page.getByRole('heading', { name, level: 1 }).waitFor();
};

test('g u leads to the users, a search by the keyboard finds one, and Enter opens the page', async () => {
  await page.locator('main').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
  await page.getByText('41 users').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('sofia');
  assert.deepEqual(await usernames(1), ['sofia.rossi']);
  await assertParameters({ q: 'sofia' });
  // From the field over its Clear button and both filters, then the columns, to the row.
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    if (await link('Sofía Rossi').evaluate((one) => one === document.activeElement)) break;
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/users\/sofia-rossi/);
  await page.getByRole('heading', { name: 'Sofía Rossi', level: 1 }).waitFor();
  await page.goBack();
  assert.deepEqual(await usernames(1), ['sofia.rossi']);
});

test('a row names username, status, two roles and how many more', async () => {
  await page.getByRole('searchbox').fill('chloe');
  await page.getByRole('cell', { name: 'Campaign content creator, Content manager +1' }).waitFor();
  await page.getByRole('cell', { name: 'Active' }).waitFor();
  await page.getByRole('searchbox').fill('nobody of that name');
  await page.getByText('No user matches “nobody of that name”').waitFor();
  await button('Clear search').last().click();
  await usernames(41);
});

test('filters by role and status are in the address, and a reload keeps them', async () => {
  await button('Role').click();
  await page.getByRole('dialog').getByRole('searchbox').fill('agent');
  await page.getByRole('option', { name: 'Agent for Conversations' }).click();
  await button('Role: Agent for Conversations').waitFor();
  const agents = await usernames(7);
  assert.ok(agents.includes('paulo.silva') && !agents.includes('ivan.maric'), agents.join());
  await button('Status').click();
  await page.getByRole('menuitemradio', { name: 'Inactive' }).click();
  assert.deepEqual(await usernames(1), ['paulo.silva']);
  await assertParameters({ status: 'INACTIVE', role: 'agent-for-conversations' });
  await page.reload();
  assert.deepEqual(await usernames(1), ['paulo.silva']);
  await button('Status: Inactive').waitFor();
  await button('Role: Agent for Conversations').waitFor();
  await button('Status: Inactive').click();
  await page.getByRole('menuitemradio', { name: 'Erased' }).click();
  await page.getByText('No user is left by these filters').waitFor();
  await button('Show all users').click();
  await usernames(41);
});

test('columns order the list, and turn the order round', async () => {
  await button('Username').click();
  await page
    .getByRole('columnheader', { name: 'Username' })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  assert.equal((await usernames(41))[0], 'admin');
  await button('Username').click();
  await page.locator('[aria-sort=descending]').waitFor();
  await page.getByRole('row').nth(1).getByText('zoe.papadaki').waitFor();
  await assertParameters({ by: 'username', desc: 'true' });
  await button('Last login').click();
  await page.getByRole('row').nth(1).getByText('admin', { exact: true }).waitFor();
  await assertParameters({ by: 'login', desc: 'true' });
});

test('a role is assigned with a reason, and its conflict is told in words', async () => {
  await open('sam-taylor', 'Sam Taylor');
  await tab('Roles 2').waitFor();
  await button('Assign roles').click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('searchbox').fill('supervisor');
  await panel.locator('li label', { hasText: 'Supervisor for Conversations' }).click();
  await panel.getByRole('searchbox').fill('finance');
  await panel.locator('li label', { hasText: 'Finance manager' }).click();
  await panel.getByLabel('Reason').fill('HR-300: helps out');
  await button('Assign 2 roles', panel).click();
  await panel.getByText('No user may also be in the role “Agent for Conversations”').waitFor();
  await button('Assign 1 role', panel).waitFor();
  await button('Cancel', panel).click();
  await tab('Roles 3').waitFor();
  const row = page.getByRole('row', { name: /Finance manager/ });
  await row.getByText('Ada Lindqvist').waitFor();
  await row.getByText('HR-300: helps out').waitFor();
});

test('a role is taken away at once, and given back by Undo', async () => {
  await button('Unassign Finance manager').click();
  await page.getByText('Took Finance manager from Sam Taylor').waitFor();
  await tab('Roles 2').waitFor();
  await button('Undo').click();
  await page.getByText('Taken back', { exact: true }).waitFor();
  await tab('Roles 3').waitFor();
  await tab('History').click();
  await page.getByText('unassigned Sam Taylor from the role “Finance manager”').waitFor();
  assert.equal(await page.getByText(/ assigned Sam Taylor to the role “Finance manager”/).count(), 2);
});

test('by the keyboard alone: take a role away, keep the place, and undo it by Ctrl Z', async () => {
  await tab('History').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await tab('Roles 3').waitFor();
  await button('Unassign Finance manager').focus();
  await page.keyboard.press('Enter');
  await tab('Roles 2').waitFor();
  // The row that had the focus is gone: it is at another row, not at the beginning of the page.
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Unassign /);
  await page.keyboard.press('Control+z');
  await tab('Roles 3').waitFor();
});

test('access says through which role, since when, by whom and why, and what a feature withholds', async () => {
  await open('ravi-sharma', 'Ravi Sharma');
  await page.getByText('3 withheld').waitFor();
  await tab('Access 29').click();
  await page.getByRole('searchbox', { name: 'Can this user …' }).fill('customer profiles');
  const row = page.getByRole('row', { name: /See customer profiles/ });
  await link('Integration engineer', row).waitFor();
  await row.getByText('Jonas Weber').waitFor();
  await row.getByText('IT-7 partner onboarding').waitFor();
  await assertParameters({ tab: 'access', q: 'customer profiles' });
  await page.getByRole('searchbox').fill('delivery errors');
  await button('7 of 7 scopes').click();
  await page.getByText('sms:logs:read').waitFor();
  await page.getByRole('searchbox').fill('');
  await button('Only withheld (3)').click();
  await page.getByText('No effect: Data export is off in this account.').waitFor();
  assert.equal(await page.getByRole('img', { name: 'Granted, without effect' }).count(), 3);
  await page.getByRole('searchbox').fill('weather');
  await page.getByText('No, not by anything like “weather”').waitFor();
});

test('a user is renamed, deactivated and reactivated at once, each with Undo', async () => {
  await open('lars-nilsen', 'Lars Nilsen');
  await button('Rename').click();
  await page.getByLabel('Username').fill('ADMIN');
  await button('Rename', page.getByRole('dialog')).click();
  await page.getByText('Another user of the account has the username.').waitFor();
  await page.getByLabel('Username').fill('lars.nilsen');
  await page.getByLabel('Name', { exact: true }).fill('Lars Nilsen-Berg');
  await button('Rename', page.getByRole('dialog')).click();
  await page.getByRole('heading', { name: 'Lars Nilsen-Berg', level: 1 }).waitFor();
  await button('Undo').click();
  await page.getByRole('heading', { name: 'Lars Nilsen', level: 1, exact: true }).waitFor();
  await button('Actions of Lars Nilsen').click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await page.getByText('This user is inactive').waitFor();
  await page.getByText('Deactivated Lars Nilsen').waitFor();
  await button('Undo').click();
  await page.getByText('This user is inactive').waitFor({ state: 'detached' });
});

test('a user is created, and erased by a dialog that lists what is lost and asks for the username', async () => {
  await page.goto(`${server.url}/console/users`);
  await button('Create user').click();
  const dialog = page.getByRole('dialog');
  await button('Create user', dialog).click();
  await page.getByText('Give the user a username.').waitFor();
  await dialog.getByLabel('Username').fill('temp.worker');
  await dialog.getByLabel('Name', { exact: true }).fill('Temp Worker');
  await button('Create user', dialog).click();
  await page.waitForURL(/\/users\/[^?/]+/);
  await page.getByText('Temp Worker holds no role').waitFor();
  await button('Actions of Temp Worker').click();
  await page.getByRole('menuitem', { name: 'Erase' }).click();
  const question = page.getByRole('alertdialog');
  await question
    .getByText('The name “Temp Worker” and the username “temp.worker”, from the past too.')
    .waitFor();
  assert.equal(await button('Erase for ever').isDisabled(), true);
  await question.getByLabel('Type temp.worker to confirm').fill('temp.work');
  assert.equal(await button('Erase for ever').isDisabled(), true);
  await question.getByLabel('Type temp.worker to confirm').fill('temp.worker');
  await button('Erase for ever').click();
  await page.getByRole('heading', { name: 'Erased user', level: 1 }).waitFor();
  assert.equal(await button('Rename').count(), 0);
  assert.equal(await button('Assign roles').count(), 0);
});

test('as of a moment of the past there is nothing to change, and people are as they were', async () => {
  const day = new Date(Date.now() - 15 * 86_400_000).toISOString();
  await page.goto(`${server.url}/console/users/ivan-maric?asOf=${day}`);
  await page.getByRole('row', { name: /Agent for Conversations/ }).waitFor();
  assert.equal(await button('Assign roles').count(), 0);
  assert.equal(await button(/^Unassign/).count(), 0);
  assert.equal(await button('Rename').count(), 0);
  await tab('History').click();
  await page.getByText('registered the user Ivan Marić').waitFor();
  assert.equal(await page.getByText('Moved to supervision').count(), 0);
  await link('Users', page.getByRole('main')).click();
  await page.getByRole('row', { name: /Ivan Marić.*Agent for Conversations/ }).waitFor();
  assert.equal(await button('Create user').count(), 0);
});

test('that nobody would be account admin any more is refused in words, and changes nothing', async () => {
  for (const [id, name] of [
    ['marta-kovac', 'Marta Kovač'],
    ['jonas-weber', 'Jonas Weber'],
    ['admin', 'Ada Lindqvist'],
  ]) {
    await open(id, name);
    await button('Unassign Account admin').click();
    if (id !== 'admin') await page.getByText(`Took Account admin from ${name}`).waitFor();
  }
  await page.getByRole('alert').getByText('Then nobody active would be an account admin.').waitFor();
  await tab('Roles 1').waitFor();
});

test('a list that cannot be read says so, and is read again', async () => {
  const nothing = (route) => route.abort();
  await page.route('**/graphql', nothing);
  await page.goto(`${server.url}/console/users`);
  await page.getByText('Rolebook cannot be reached.').waitFor();
  // The poll would bring the list by itself: it is the button that is tried.
  const noPoll = (route) =>
    route.request().postData().includes('{__typename}') ? route.abort() : route.fallback();
  await page.route('**/graphql', noPoll);
  await page.unroute('**/graphql', nothing);
  await button('Try again').click();
  await link('Ada Lindqvist').waitFor();
  await page.unroute('**/graphql', noPoll);
});

test('a row of a role’s users leads to the user, and × beside it belongs to the draft', async () => {
  await page.goto(`${server.url}/console/roles/finance-manager?tab=users`);
  const columns = page.getByRole('columnheader');
  await link('Grace Okafor').waitFor();
  assert.deepEqual(await columns.allTextContents(), ['Name', 'Username', 'Last login', 'Actions']);
  await button('Unassign Grace Okafor').click();
  await page.getByText('1 change', { exact: true }).waitFor();
  await button('Discard').click();
  await link('Grace Okafor').click();
  await page.getByRole('heading', { name: 'Grace Okafor', level: 1 }).waitFor();
});

test('who may not see users or reasons is told so, and offered nothing', async () => {
  const own = await browser.newContext();
  const other = await own.newPage();
  await other.goto(await server.linkFor('ben.carter'));
  await other.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Users' }).click();
  await other.getByText('You do not have the right to see users').waitFor();
  assert.equal(await button('Create user', other).count(), 0);
  await other.goto(`${server.url}/console/users/ravi-sharma`);
  await other.getByText('You do not have the right to see this user').waitFor();
  await own.close();
});

for (const theme of ['light', 'dark'])
  test(`no page about people breaks a rule of accessibility, ${theme}`, async () => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${server.url}/console/users`);
    await link('Ada Lindqvist').waitFor();
    await assertAccessible(page, 'the list of users');
    await button('Role').click();
    await page.getByRole('option', { name: 'Any role' }).waitFor();
    await assertAccessible(page, 'the filter by role');
    await page.keyboard.press('Escape');
    await button('Create user').click();
    await assertAccessible(page, 'Create user');
    await page.goto(`${server.url}/console/users?q=nihgt`);
    await page.getByText('No user matches').waitFor();
    await assertAccessible(page, 'the empty list');
    await open('nina-jansen', 'Nina Jansen');
    await button('Assign roles').click();
    await page.getByRole('dialog').locator('li label').first().waitFor();
    await assertAccessible(page, 'the panel of roles');
    await page.keyboard.press('Escape');
    await button(/^Unassign /)
      .first()
      .click();
    await button('Undo').waitFor();
    await assertAccessible(page, 'the bar that takes back');
    await button('Undo').click();
    await page.getByText('Taken back', { exact: true }).waitFor();
    await open('paulo-silva', 'Paulo Silva');
    await button('Unassign Agent for Conversations').click();
    await page.getByText('not given back until the user is active again').waitFor();
    await assertAccessible(page, 'the question before a role is taken from an inactive user');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await assertAccessible(page, 'roles of an inactive user');
    await tab('Access').click();
    await page.getByText('No effect: the user is inactive.').first().waitFor();
    await assertAccessible(page, 'access');
    await tab('History').click();
    await page.getByText('HR-160: left the company').waitFor();
    await assertAccessible(page, 'history');
    await button('Actions of Paulo Silva').click();
    await page.getByRole('menuitem', { name: 'Erase' }).click();
    await page.getByLabel('Type paulo.silva to confirm').waitFor();
    await assertAccessible(page, 'the dialog that erases');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  });

test('nothing was refused by the content security policy, and nothing failed', () => {
  assert.deepEqual(faults, []);
});
