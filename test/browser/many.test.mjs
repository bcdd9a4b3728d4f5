import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** Lists of thousands: so many rows as a page has stand in the document, nothing moves by itself, and the last page is there. */

const USERS = 3_000;
const ROLES = 2_000;
/** Rows of any list that may stand in the document. */
const MOST = 60;

let server;
let browser;
let page;
before(async () => {
  server = await startServer();
  const name = (n) => `Person ${String(n).padStart(4, '0')}`;
  const users = Array.from({ length: USERS }, (_, n) => `person.${n},${name(n)}`);
  const everybody = users.map((line) => line.split(',')[0]);
  const roles = Array.from({ length: ROLES }, (_, n) => ({
    name: `Team ${String(n).padStart(4, '0')}`,
    users: n === 0 ? everybody.slice(0, 1_000) : [],
  }));
  const write = (file, lines) => writeFileSync(path.join(server.directory, file), `${lines.join('\n')}\n`);
  write('users.csv', ['username,name', ...users]);
  write(
    'roles.ndjson',
    roles.map((role) => JSON.stringify(role)),
  );
  for (const [what, file] of [
    ['users', 'users.csv'],
    ['roles', 'roles.ndjson'],
  ])
    await server.rolebook('import', what, path.join(server.directory, file), '--account', 'demo');
  ({ browser } = await startBrowser());
  page = await browser.newPage();
  await page.addInitScript(watchShifts);
  await page.goto(server.link);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (address) => page.goto(new URL(`/console${address}`, server.url).href);
const rows = (selector) => page.locator(selector);

/** Runs in the page: counts what moves without having been touched. */
function watchShifts() {
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) globalThis.shifts.push(sources.map(({ node }) => node?.outerHTML?.slice(0, 120)));
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Scrolls to the end, and asserts what must hold of any list. */
async function assertLight(selector) {
  await rows(selector).nth(20).waitFor();
  await page.mouse.move(640, 400);
  for (let step = 0; step < 20; step += 1) await page.mouse.wheel(0, 200);
  await page.waitForTimeout(100);
  const count = await rows(selector).count();
  assert.ok(count >= 40 && count <= MOST, `${count} rows`);
  assert.deepEqual(await page.evaluate(() => globalThis.shifts), []);
}

test('two thousand roles: a page of them, and the last page', async () => {
  await open('/roles?tab=custom');
  await assertLight('main tbody tr');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(/^51 to 100 of 2,00\d$/).waitFor();
  await open('/roles?tab=custom&by=name&desc=true');
  await page.getByRole('link', { name: 'Team 1999' }).waitFor();
  await page.getByRole('searchbox').fill('team 1234');
  await page.getByRole('link', { name: 'Team 1999' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Team 1234' }).waitFor();
});

test('three thousand users: a page of them, of a role’s, and of those to choose from', async () => {
  await open('/users');
  await assertLight('main tbody tr');
  await open('/roles?tab=custom&q=team+0000');
  await page.getByRole('link', { name: 'Team 0000' }).click();
  await page.getByRole('tab', { name: 'Users 1,000' }).click();
  await rows('main tbody tr').nth(20).waitFor();
  assert.ok((await rows('main tbody tr').count()) <= MOST);
  await page.getByRole('button', { name: 'Select users' }).click();
  await rows('[role=dialog] li').nth(20).waitFor();
  assert.ok((await rows('[role=dialog] li').count()) <= MOST);
});

test('thousands of changes: a page of them', async () => {
  await open('/audit');
  await assertLight('main ol > li');
});
