import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { Hands } from './hands.mjs';
import { startServer } from './server.mjs';

/**
 * Each flow by the keyboard alone, on the demo: no test here clicks or sets the focus. What was opened gives the focus back
 * to its opener, and what is done is told by the live region.
 */

let server;
let browser;
let page;
let hands;
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  page = await browser.newPage();
  hands = new Hands(page);
  await page.goto(server.link);
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const heading = (name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const closed = () => page.locator('[role=dialog], [role=alertdialog]').waitFor({ state: 'detached' });

test('create a role with a section, users and a review', async () => {
  await hands.reach('tab', 'Default 18');
  await hands.press('ArrowRight');
  await hands.finds('tab', /^Custom/);
  await page.getByRole('link', { name: 'Newsletter editor' }).waitFor();
  await hands.reach('link', 'Create role', 'Shift+Tab');
  await hands.press('Enter');
  await hands.finds('textbox', 'Role name');
  await hands.type('Night desk lead');
  await hands.use('checkbox', 'Select all of Finance', 'Space');
  await hands.hears('Finance: 6 permissions selected');
  await hands.reach('tab', 'Permissions 6', 'Shift+Tab');
  await hands.press('ArrowRight');
  await hands.use('button', 'Select users');
  await hands.finds('searchbox', 'Search by name or username');
  await hands.type('ben.carter');
  await page.getByText('1 found').waitFor();
  await hands.use('checkbox', /^Ben Carter/, 'Space');
  await hands.use('button', 'Add 1 user');
  await closed();
  await hands.finds('button', 'Select users');
  await hands.use('button', 'Review');
  await page.getByRole('dialog').waitFor();
  await hands.press('Escape');
  await hands.finds('button', 'Review');
  await hands.press('Enter');
  await page.getByRole('dialog').waitFor();
  await hands.reach('textbox', 'Reason');
  await hands.type('HR-201: second desk');
  await hands.use('button', 'Create role');
  await page.waitForURL(/\/roles\/r_/);
  await hands.hears('Created Night desk lead');
  await heading('Night desk lead');
  await hands.finds('main');
});

test('edit a role, and be told that it is saved', async () => {
  await hands.use('button', 'Edit name and description');
  await hands.finds('textbox', 'Role name');
  await hands.reach('textbox', 'Role description');
  await hands.type('Runs the desk from 22 to 6.');
  await hands.use('checkbox', /^Add money to the balance/, 'Space');
  await hands.use('button', 'Save 2 changes');
  await hands.hears('Saved 2 changes');
  await page.getByRole('tab', { name: 'Permissions 5' }).waitFor();
  await hands.finds('main');
  await page.getByRole('paragraph').filter({ hasText: 'Runs the desk from 22 to 6.' }).waitFor();
});

test('narrow the scopes of a permission in their dialog', async () => {
  await hands.press('/');
  await hands.type('logs/view');
  await hands.use('checkbox', /^Search message logs/, 'Space');
  await hands.use('button', 'Scopes of Search message logs and delivery errors: 7 of 7 scopes');
  await page.getByRole('heading', { name: 'Scopes', level: 2 }).waitFor();
  await hands.use('checkbox', /:logs:/, 'Space');
  await hands.use('button', 'Keep 6 scopes');
  await closed();
  await hands.finds('button', 'Scopes of Search message logs and delivery errors: 6 of 7 scopes');
  await hands.use('button', 'Discard');
  await page.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' });
  await hands.finds('main');
});

test('assign users to a role that exists, and take one away', async () => {
  await hands.reach('tab', 'Permissions 5', 'Tab');
  await hands.press('ArrowRight');
  await page.getByRole('link', { name: 'Ben Carter' }).waitFor();
  await hands.use('button', 'Select users');
  await hands.finds('searchbox', 'Search by name or username');
  await hands.type('aisha.khan');
  await page.getByText('1 found').waitFor();
  await hands.use('checkbox', /^Aisha Khan/, 'Space');
  await hands.use('button', 'Add 1 user');
  await closed();
  await hands.finds('button', 'Select users');
  await hands.use('button', 'Unassign Ben Carter');
  await hands.finds('button', 'Keep Ben Carter');
  await hands.use('button', 'Save 2 changes');
  await hands.hears('Saved 2 changes');
  await page.getByRole('row', { name: /Aisha Khan/ }).waitFor();
  await page.getByRole('row', { name: /Ben Carter/ }).waitFor({ state: 'detached' });
  await hands.finds('main');
});

test('duplicate a role from its menu in the list', async () => {
  await hands.press('g', 'r');
  await heading('Roles');
  await hands.reach('tab', 'Default 18');
  await hands.press('ArrowRight');
  await page.getByRole('link', { name: 'Newsletter editor' }).waitFor();
  await hands.use('button', 'Actions of Newsletter editor');
  await hands.reach('menuitem', 'Duplicate', 'ArrowDown');
  await hands.press('Enter');
  await hands.finds('textbox', 'Role name');
  await hands.press('Escape');
  await closed();
  await hands.finds('button', 'Actions of Newsletter editor');
  await hands.press('Enter');
  await hands.reach('menuitem', 'Duplicate', 'ArrowDown');
  await hands.press('Enter');
  await hands.finds('textbox', 'Role name');
  await hands.press('Enter');
  await heading('Newsletter editor (copy)');
  await hands.hears('Created Newsletter editor (copy)');
  await hands.finds('main');
});

test('delete a role, after a question that can be left', async () => {
  const actions = 'Actions of Newsletter editor (copy)';
  await hands.use('button', actions);
  await hands.finds('menuitem', 'Delete');
  await hands.press('Enter');
  // The dialog begins at what changes nothing.
  await hands.finds('button', 'Cancel');
  await hands.press('Enter');
  await closed();
  await hands.finds('button', actions);
  await hands.press('Enter');
  await hands.finds('menuitem', 'Delete');
  await hands.press('Enter');
  await page.getByText('Nobody has this role.').waitFor();
  await hands.use('button', 'Delete role');
  await page.waitForURL(/\/roles\?tab=custom/);
  await hands.hears('Deleted Newsletter editor (copy)');
  await heading('Roles');
  assert.equal(await page.getByRole('link', { name: 'Newsletter editor (copy)' }).count(), 0);
  await hands.finds('main');
});

test('create a user and erase it, by typing the username', async () => {
  await hands.press('g', 'u');
  await heading('Users');
  await hands.use('button', 'Create user');
  await hands.finds('textbox', 'Username');
  await hands.press('Escape');
  await closed();
  await hands.finds('button', 'Create user');
  await hands.press('Enter');
  await hands.finds('textbox', 'Username');
  await hands.type('temp.worker');
  await hands.press('Enter');
  await heading('temp.worker');
  await hands.finds('main');
  await hands.use('button', 'Actions of temp.worker');
  await hands.reach('menuitem', 'Erase', 'ArrowDown');
  await hands.press('Enter');
  await hands.finds('button', 'Cancel');
  await hands.reach('textbox', 'Type temp.worker to confirm');
  await hands.type('temp.worker');
  await hands.use('button', 'Erase for ever');
  await heading('Erased user');
  await hands.hears('Erased the user');
  await hands.finds('main');
});

test('disable a feature after its question, and enable it again', async () => {
  await hands.press('g', 'a');
  await heading('Demo Communications');
  await hands.use('button', 'Disable Flow');
  await hands.finds('button', 'Cancel');
  await hands.press('Escape');
  await closed();
  await hands.finds('button', 'Disable Flow');
  await hands.press('Enter');
  await hands.finds('button', 'Cancel');
  await hands.use('button', 'Disable Flow');
  await hands.hears('Flow is off');
  await closed();
  await hands.finds('button', 'Enable Flow');
  await hands.press('Enter');
  await hands.hears('Flow is on');
  await hands.finds('button', 'Disable Flow');
});

test('go to a moment of the past, step in it, and come back', async () => {
  await hands.press('g', 'r');
  await heading('Roles');
  await hands.use('button', /^View as of/);
  await page.getByRole('dialog').waitFor();
  await hands.press('Escape');
  await closed();
  await hands.finds('button', /^View as of/);
  await hands.press('Enter');
  await page.getByRole('dialog').waitFor();
  await hands.type('01012020');
  await hands.press('Enter');
  const past = page.getByRole('region', { name: 'The past' });
  await past.getByText(/^As of 1 January 2020/).waitFor();
  await hands.finds('button', /^View as of/);
  await hands.reach('link', 'Back to now', 'Shift+Tab');
  await hands.press('Enter');
  await past.waitFor({ state: 'detached' });
  await hands.finds('main');
});
