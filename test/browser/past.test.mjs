import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** The past and the audit log, in a real browser: steps, read only, fallbacks, filters, the keyboard. */

let server;
let browser;
let context;
let page;
let origin;
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
  ({ origin } = new URL(page.url()));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const asOfIn = () => new URL(page.url()).searchParams.get('asOf');
const link = (name, place = page) => place.getByRole('link', { name });
const open = (path) => page.goto(`${origin}/console/${path}`);
const ribbon = () => page.getByRole('region', { name: 'The past' });

test('a change in the history of a role leads to the role as it was then, without any way to edit', async () => {
  await open('roles?tab=custom');
  await link('Newsletter editor').click();
  await page.getByText('Writes and designs the monthly newsletter.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Duplicate' }).waitFor();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.locator('ol time a').last().click();
  await ribbon()
    .getByText(/^As of /)
    .waitFor();
  assert.match(asOfIn(), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  await page
    .getByText('Writes and designs the monthly newsletter.', { exact: true })
    .waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('button', { name: 'Duplicate' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Edit name and description' }).count(), 0);
  await page.getByRole('tab', { name: /^Permissions/ }).click();
  await page.getByRole('img', { name: 'Granted', exact: true }).first().waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 0);
  await page.getByRole('tab', { name: /^Users/ }).click();
  await link('Noah Smith').waitFor();
  assert.equal(await page.getByRole('button', { name: /Unassign|Select users/ }).count(), 0);
});

test('the strip and the ribbon step from change to change, and back to now', async () => {
  const marks = page.getByRole('navigation', { name: 'Changes of this role' }).getByRole('link');
  const first = asOfIn();
  assert.equal(await marks.count(), 2);
  assert.equal(await marks.first().getAttribute('aria-current'), 'page');
  assert.equal(await marks.last().getAttribute('aria-current'), null);
  await link('Later change').click();
  await page.getByText('Writes and designs the monthly newsletter.', { exact: true }).waitFor();
  assert.ok(asOfIn() > first);
  assert.equal(await link('Later change').count(), 0);
  await link('Emre Yılmaz').waitFor();
  await marks.first().click();
  await link('Noah Smith').waitFor();
  assert.equal(asOfIn(), first);
  await link('Back to now').click();
  await ribbon().waitFor({ state: 'detached' });
  assert.equal(asOfIn(), null);
  await page.getByRole('button', { name: 'Duplicate' }).waitFor();
  await page.goBack();
  await ribbon().waitFor();
});

test('every link keeps the moment, and the list is the list of then', async () => {
  const moment = asOfIn();
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Roles' }).click();
  await page.getByRole('tab', { name: 'Custom 3' }).click();
  await page.getByRole('row', { name: /Newsletter editor/ }).waitFor();
  assert.equal(asOfIn(), moment);
  assert.equal(await link('Create role').count(), 0);
  assert.equal(await page.getByRole('button', { name: /^Actions of/ }).count(), 0);
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor();
  assert.equal(asOfIn(), moment);
  await open(`roles/new?asOf=${moment}`);
  await page.getByText('The past cannot be changed').waitFor();
});

test('a moment that is none is told, and so is one that has not come yet', async () => {
  await open('roles?asOf=yesterday');
  await page.getByText('“yesterday” is no moment').waitFor();
  assert.equal(await page.getByRole('table').count(), 0);
  await open('roles?asOf=2999-01-01T00:00:00Z');
  await page.getByText('“2999-01-01T00:00:00Z” has not come yet').waitFor();
  await link('Back to now').click();
  await page.getByRole('table').waitFor();
});

test('by the keyboard alone: View as of, a moment, back to the button', async () => {
  await page.getByRole('button', { name: 'View as of' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  // The field begins at the day: 1, then January of the year before.
  await page.keyboard.type('01');
  await page.keyboard.type('01');
  await page.keyboard.type('2999');
  await page.getByText('That moment has not come yet.').waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('2020');
  await page.getByText('That moment has not come yet.').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await ribbon()
    .getByText(/^As of 1 January 2020/)
    .waitFor();
  await page
    .getByText('There are no custom roles yet')
    .or(page.getByRole('tab', { name: /^Custom 0/ }))
    .first()
    .waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('View as of'));
  assert.match(await focused(), /View as of/);
});

test('an order that the API refuses as of the past falls back to by name, and says so', async () => {
  await page.route('**/graphql', async (route) => {
    const { variables } = route.request().postDataJSON();
    if (variables?.orderBy?.field !== 'USER_COUNT') return route.continue();
    const errors = [{ message: 'Too long.', path: ['roles'], extensions: { code: 'ORDER_NOT_AS_OF' } }];
    await route.fulfill({ json: { data: { roles: null }, errors } });
  });
  await open(`roles?by=users&desc=true&asOf=${new Date().toISOString()}`);
  await page.getByText('so the list is by name').waitFor();
  await page
    .getByRole('columnheader', { name: 'Role name' })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  const names = await page.locator('tbody th[scope=row]').allTextContents();
  assert.ok(names.length > 10);
  assert.deepEqual(names, names.toSorted(new Intl.Collator('en').compare));
  await page.unroute('**/graphql');
});

test('the audit log tells by day who changed what, and opens to before and after in sentences', async () => {
  await open('audit');
  await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor();
  const line = page.getByRole('button', { name: /changed the description of the role “Newsletter editor”/ });
  await line.click();
  const entry = page.locator('li', { has: line });
  await entry.getByText('Description: Writes and designs the monthly newsletter.').waitFor();
  assert.doesNotMatch(await entry.innerText(), /[{}]/);
  await link('Only Newsletter editor', entry).click();
  await page.getByText('Role Newsletter editor').waitFor();
  assert.match(page.url(), /role=Role/);
  await page.waitForFunction(() => document.querySelectorAll('ol > li').length === 11);
});

test('filters of the audit log stand in the address and narrow it, and can be dropped', async () => {
  await page.getByRole('button', { name: /What changed/ }).click();
  await page.getByRole('option', { name: 'Who has a role' }).click();
  await page.waitForURL(/kind=members/);
  await page.waitForFunction(() => document.querySelectorAll('ol > li').length === 5);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('ol > li').length === 5);
  await page.getByRole('button', { name: 'Drop the filter Role Newsletter editor' }).click();
  await page.waitForFunction(() => document.querySelectorAll('ol > li').length > 5);
  await open('audit?from=2001-01-01&to=2001-01-02');
  await page.getByText('No change matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await page.waitForFunction(() => document.querySelectorAll('ol > li').length > 5);
});

test('the audit log is filtered by a permission, which is looked for by its words or its key', async () => {
  await open('audit');
  await page.getByRole('button', { name: 'Permission', exact: true }).click();
  await page.getByRole('dialog').getByRole('searchbox').fill('templates/create');
  const option = page.getByRole('option');
  await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 1);
  const words = await option.innerText();
  await option.click();
  await page.waitForURL(/permission=templates/);
  await page.getByRole('button', { name: `Permission: ${words}` }).waitFor();
  await page.getByText('granted').first().waitFor();
  for (const line of await page.locator('ol > li').allInnerTexts())
    assert.match(line, /template|Newsletter|publi/i);
  await page.getByRole('button', { name: /^Permission: / }).click();
  await page.getByRole('option', { name: 'Any permission' }).click();
  await page.waitForFunction(() => !location.search.includes('permission'));
});

test('what the filters show is exported, all pages of it, as a table', async () => {
  const save = async () => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    assert.match(file.suggestedFilename(), /^audit-log-demo-\d{4}-\d\d-\d\d\.csv$/);
    return readFileSync(await file.path(), 'utf8');
  };
  await open('audit');
  const range = await page.getByText(/^1 to 50 of /).innerText();
  const total = Number(/of ([\d,]+)$/.exec(range)[1].replace(',', ''));
  const all = await save();
  assert.ok(all.startsWith('\uFEFFtime,type,change,'));
  // Entries of the demo have no line breaks in their texts.
  assert.equal(all.trimEnd().split('\r\n').length - 1, total);
  assert.match(all, /Newsletter editor/);
  await page.getByText(`Exported ${total.toLocaleString('en')} changes`).waitFor();
  await page.getByRole('button', { name: /What changed/ }).click();
  await page.getByRole('option', { name: 'Who has a role' }).click();
  await page.waitForURL(/kind=members/);
  const lines = (await save()).trimEnd().split('\r\n').slice(1);
  assert.ok(lines.length > 0 && lines.length < total);
  for (const line of lines) assert.match(line, /,USER_(ASSIGNED|UNASSIGNED|BARRED),/);
});

test('the audit log turns its pages by cursor', async () => {
  await open('audit');
  await page.getByText(/^1 to 50 of /).waitFor();
  const first = await page.locator('ol > li').first().innerText();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.waitForURL(/page=2/);
  await page.getByText(/^51 to /).waitFor();
  await page.waitForFunction((text) => document.querySelector('ol > li')?.innerText !== text, first);
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.waitForFunction((text) => document.querySelector('ol > li')?.innerText === text, first);
});

test('permissions tell who has them and through which roles, now and then', async () => {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Permissions' }).click();
  await page.getByRole('region', { name: 'Finance' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('templates/create');
  const permission = page.getByRole('button', { name: /templates\/create/ });
  await permission.click();
  await page.waitForURL(/open=templates/);
  const entry = page.locator('li', { has: permission });
  const person = entry.getByRole('listitem').filter({ hasText: 'Emre Yılmaz' });
  await link('Newsletter editor', person).waitFor();
  const at = '2000-01-01T00:00:00Z';
  await page.goto(`${page.url()}&asOf=${at}`);
  await ribbon().waitFor();
  assert.equal(await link('Newsletter editor').count(), 0);
});

test('nothing was refused by the content security policy, and nothing failed', () => {
  assert.deepEqual(faults, []);
});
