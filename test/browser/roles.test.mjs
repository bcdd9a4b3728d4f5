import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** The list of roles and the form of a role, in a real browser: create, conflict, duplicate, delete. */

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
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (name, place = page) => place.getByRole('button', { name });
const tick = (text, place = page) => place.locator('label', { hasText: text }).click();

test('Profile, Account settings, Roles leads to both tabs', async () => {
  await button(/^Profile of/).click();
  await page.getByRole('menuitem', { name: 'Account settings' }).click();
  await page.getByRole('menuitem', { name: 'Roles' }).click();
  await page.getByRole('tab', { name: 'Default 18' }).waitFor();
  await page.getByRole('rowheader', { name: 'Conversations', exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Custom 6' }).click();
  await page.getByRole('link', { name: 'Newsletter editor' }).waitFor();
});

test('a search by the keyboard stays in the address, and says why it found nothing', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('nihgt');
  await page.getByText('No role matches “nihgt”').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('q'), 'nihgt');
  await button('Clear search').last().click();
  await page.getByRole('link', { name: 'Newsletter editor' }).waitFor();
});

test('a role is created with a section, users and a reason, after a review', async () => {
  await page.getByRole('link', { name: 'Create role' }).click();
  await button('Create role').click();
  await page.getByText('Give the role a name.').waitFor();
  await page.getByLabel('Role name').fill('Night desk lead');
  const all = page.getByRole('checkbox', { name: 'Select all of Finance' });
  await page.locator('label', { has: all }).click();
  await page.getByText('6 of 6').waitFor();
  await page.getByRole('tab', { name: /^Users/ }).click();
  await button('Select users').click();
  await page.getByRole('dialog').getByRole('searchbox').fill('nov');
  await page.getByRole('dialog').locator('li label').first().click();
  await page.getByText('1 chosen').waitFor();
  await button('Add 1 user').click();
  await button('Review').click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('HR-201: second desk');
  await button('Create role', page.getByRole('dialog')).click();
  await page.waitForURL(/\/roles\/r_/);
  await page.getByRole('heading', { name: 'Night desk lead', level: 1 }).waitFor();
  await page.getByRole('tab', { name: 'Permissions 6' }).waitFor();
  await page.getByRole('tab', { name: 'Users 1' }).waitFor();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('HR-201: second desk').first().waitFor();
});

test('who saves second is told, keeps what is theirs, and saves it on top', async () => {
  await page.getByRole('tab', { name: /^Permissions/ }).click();
  const other = await context.newPage();
  await other.goto(page.url());
  await tick('Add money to the balance', other);
  await tick('Set automatic payments');
  await button('Save 1 change', other).click();
  await other.getByText('Saved 1 change').waitFor();
  await other.close();
  await button('Save 1 change').click();
  await page.getByRole('alertdialog').getByText('“Add money to the balance” was removed.').waitFor();
  await button('Go on with mine').click();
  await button('Save 1 change').click();
  await page.getByText('Saved 1 change').waitFor();
  await page.getByText('4 of 6').waitFor();
});

test('a session that ends leaves the draft', async () => {
  await tick('Set automatic payments');
  await page.getByText('1 change', { exact: true }).waitFor();
  const cookies = await context.cookies();
  await context.clearCookies();
  await button('Save 1 change').click();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await context.addCookies(cookies);
  await page.reload();
  await page.getByText('1 change', { exact: true }).waitFor();
  await button('Discard').click();
});

test('a role is duplicated, and deleted by a dialog that says who loses it', async () => {
  await button('Duplicate').click();
  await button('Duplicate role').click();
  await page.getByRole('heading', { name: 'Night desk lead (copy)', level: 1 }).waitFor();
  await button('Actions of Night desk lead (copy)').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('Nobody has this role.').waitFor();
  await button('Delete role').click();
  await page.waitForURL(/\/roles\?tab=custom/);
  await page.getByRole('tab', { name: 'Custom 7' }).waitFor();
});

test('nothing was refused by the content security policy, and nothing failed', () => {
  assert.deepEqual(faults, []);
});
