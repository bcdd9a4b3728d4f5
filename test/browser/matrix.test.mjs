import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { ELSEWHERE, LEADING, PAGES, STATES } from './matrix/pages.mjs';
import { Stage } from './matrix/stage.mjs';
import { startServer } from './server.mjs';

/**
 * Every route of the console in every state and look: axe finds nothing, nothing scrolls sideways, dialogs fit. The routes are
 * those of the console itself, so that none can be left out.
 */

let server;
let browser;
let page;
let customRole;
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  page = await browser.newPage();
  await page.goto(server.link);
  await page.goto(addressOf({ at: '/roles?tab=custom' }));
  const link = await page.getByRole('link', { name: 'Newsletter editor' }).getAttribute('href');
  customRole = link.split('?')[0].split('/').at(-1);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const addressOf = ({ at }) => new URL(`/console${at.replace('CUSTOM', customRole)}`, server.url).href;

/** Stages by who is signed in; null: nobody. */
const stages = new Map();

async function stageOf(username) {
  const known = stages.get(username);
  if (known) return known;
  const own = username === undefined ? page : await (await browser.newContext()).newPage();
  if (typeof username === 'string') await own.goto(await server.linkFor(username));
  const stage = new Stage(own, addressOf);
  stages.set(username, stage);
  return stage;
}

const play = (name, state, scene) =>
  test(name, async () => (await stageOf(scene.as)).play(name, state, scene));

test('every route of the console stands in the matrix, with every state', async () => {
  const routes = await page.evaluate(() => Object.keys(globalThis.__TSR_ROUTER__.routesByPath));
  assert.ok(routes.length > 5, String(routes));
  assert.deepEqual([...Object.keys(PAGES), ...Object.keys(LEADING)].sort(), [...routes].sort());
  for (const [route, states] of Object.entries(PAGES)) {
    assert.deepEqual(Object.keys(states), STATES, route);
    for (const state of STATES)
      assert.ok(states[state].length > 0 || states[state].why?.length > 10, `${route}, ${state}`);
  }
});

test('routes that only lead to others do', async () => {
  for (const [route, target] of Object.entries(LEADING)) {
    await page.goto(addressOf({ at: route }));
    await page.waitForURL((url) => url.pathname === `/console${target}`);
  }
});

for (const [route, states] of Object.entries(PAGES))
  for (const state of STATES.filter((one) => Array.isArray(states[one])))
    for (const [index, scene] of states[state].entries())
      play(`${route}, ${state}: ${scene.name ?? index + 1}`, state, scene);

for (const scene of ELSEWHERE) play(scene.at, 'plain', scene);
