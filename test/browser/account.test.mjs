import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** The account with its features, and the profile of whoever is signed in. */

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

const button = (name, place = page) => place.getByRole('button', { name, exact: true });
const open = (address, place = page) => place.goto(new URL(`/console${address}`, server.url).href);
const feature = (key) =>
  page.getByRole('listitem').filter({ has: page.locator('code', { hasText: new RegExp(`^${key}$`) }) });

test('the account lists its features, on and off, with the permissions that each bounds', async () => {
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Demo Communications', level: 1 }).waitFor();
  await page.getByText('34 of 37 features on').waitFor();
  await feature('VIBER').getByText('Off', { exact: true }).waitFor();
  await feature('FLOW').getByRole('button', { name: /^Flow/ }).click();
  await feature('FLOW').locator('ul li').first().waitFor();
  assert.equal(await button('Disable Account settings').count(), 0);
});

test('a feature is disabled by a dialog that lists what loses its effect', async () => {
  await open('/account');
  await button('Disable Flow').click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('have no effect while it is off').waitFor();
  assert.ok((await dialog.locator('li code').count()) > 1);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('FIN-7: contract ended');
  await button('Disable Flow', dialog).click();
  await dialog.waitFor({ state: 'detached' });
  await feature('FLOW').getByText('Off', { exact: true }).waitFor();
  await page.getByText('33 of 37 features on').waitFor();
  await open('/audit');
  await page.getByText('FIN-7: contract ended').waitFor();
});

test('a feature is enabled at once, and that is taken back', async () => {
  await open('/account');
  await button('Enable Viber').click();
  await feature('VIBER').getByText('On', { exact: true }).waitFor();
  await button('Undo').click();
  await feature('VIBER').getByText('Off', { exact: true }).waitFor();
});

test('as of a moment the account shows what was on then, and changes nothing', async () => {
  await open(`/account?asOf=${new Date(Date.now() - 20 * 86_400_000).toISOString()}`);
  await feature('VIBER').getByText('On', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^(Enable|Disable) / }).count(), 0);
});

test('everybody sees a profile of their own, whatever they may see of others', async () => {
  const context = await browser.newContext();
  const own = await context.newPage();
  await own.goto(await server.linkFor('zoe.papadaki'));
  await own.getByRole('button', { name: /^Profile of Zo/ }).click();
  await own.getByRole('menuitem', { name: 'Your profile' }).click();
  await own.getByText('You have no role. Ask an account admin for one.').waitFor();
  await own.goto(await server.linkFor('ana.horvat'));
  await open('/profile', own);
  await own.getByRole('heading', { name: 'Ana Horvat', level: 1 }).waitFor();
  await own.getByRole('link', { name: 'Regional campaign lead' }).first().waitFor();
  await own.getByText('See customer profiles').waitFor();
  await context.close();
});

for (const colorScheme of ['light', 'dark'])
  test(`nothing is out of reach, ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme });
    await open('/account');
    await feature('FLOW').waitFor();
    await assertAccessible(page, 'the account');
    await button('Disable SMS').click();
    await page.getByRole('alertdialog').waitFor();
    await assertAccessible(page, 'the question before a feature is disabled');
    await open('/profile');
    await page.getByRole('heading', { name: 'What you may do' }).waitFor();
    await assertAccessible(page, 'the profile');
  });
