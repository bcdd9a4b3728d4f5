/**
 * Measures the console in a real browser: first views beside a static copy, rows, shifts of the layout and CPU of frames. Its
 * argument says what, as JSON; it prints what it measured as JSON.
 */
import { prepare } from '../../test/browser/prepare.mjs';

if (!prepare()) throw new Error('The packages of the browser tests could not be installed.');
const { startBrowser } = await import('../../test/browser/browser.mjs');
const { firstViews } = await import('./first-view.mjs');
const { lists } = await import('./lists.mjs');

const { link, firstView, views, rounds } = JSON.parse(process.argv[2]);
const { browser } = await startBrowser();
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  const signedIn = { browser, cookies: await context.cookies(), origin: new URL(page.url()).origin };
  await context.close();
  const measured = {
    browser: browser.version(),
    firstView: await firstViews(signedIn, firstView, rounds),
    lists: await lists(signedIn, views, rounds),
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
} finally {
  await browser.close();
}
