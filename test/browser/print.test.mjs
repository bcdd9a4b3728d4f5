import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** Printed pages: white, without what cannot be done on paper, with a footer that says of what they are. */

let server;
let browser;
let page;
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  page = await browser.newPage();
  await page.goto(server.link);
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (address) => page.goto(new URL(`/console${address}`, server.url).href);
const footer = () => page.getByRole('contentinfo');
const POSITION = /Position \S+\.\S+/;
const WHITE = 'rgb(255, 255, 255)';
const isShown = (name, role) => page.getByRole(role, { name }).first().isVisible();

/** Shows the page as it is printed. */
async function print(address, colorScheme) {
  await page.emulateMedia({ media: 'screen', colorScheme });
  await open(address);
  await page.locator('main table, main li').first().waitFor();
  await page.locator('footer').filter({ hasText: POSITION }).waitFor({ state: 'attached' });
  assert.equal(await footer().isVisible(), false);
  await page.emulateMedia({ media: 'print', colorScheme });
}

for (const colorScheme of ['light', 'dark'])
  test(`a list is printed on white, without rail and buttons, ${colorScheme}`, async () => {
    await print('/roles?tab=custom', colorScheme);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), WHITE);
    assert.equal(await isShown('Screens', 'navigation'), false);
    assert.equal(await isShown('Create role', 'link'), false);
    assert.equal(await isShown(/^Actions of/, 'button'), false);
    assert.equal(await isShown('Newsletter editor', 'link'), true);
    const breaks = await page
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => getComputedStyle(row).breakInside));
    assert.deepEqual([...new Set(breaks)], ['avoid']);
    const text = await footer().innerText();
    assert.match(text, /Demo Communications/);
    assert.match(text, /Printed \d+ \w+ \d{4}, [\d:]+ UTC/);
    assert.match(text, POSITION);
    assert.ok(text.includes(page.url()), text);
  });

test('a page of the past says which moment it shows, and its position', async () => {
  const moment = new Date(Date.now() - 20 * 86_400_000).toISOString();
  await print('/roles', 'dark');
  const now = POSITION.exec(await footer().innerText())[0];
  await print(`/roles?asOf=${moment}`, 'dark');
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), WHITE);
  const text = await footer().innerText();
  assert.match(text, /As of \d+ \w+ \d{4}, [\d:]+ UTC/);
  assert.doesNotMatch(text, /Printed/);
  assert.notEqual(POSITION.exec(text)[0], now);
});

test('boxes are printed as they are, and the footer stands on each page', async () => {
  await print('/audit', 'light');
  const display = await footer().evaluate((element) => getComputedStyle(element).display);
  assert.equal(display, 'table-footer-group');
  const pdf = await page.pdf({ format: 'A4' });
  const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
  assert.ok(pages > 1, `${pages} pages`);
  await print('/roles/account-admin', 'light');
  const adjusts = await page
    .locator('main label span, main [role=img]')
    .evaluateAll((boxes) => boxes.map((box) => getComputedStyle(box).printColorAdjust));
  assert.ok(adjusts.includes('exact'));
});
