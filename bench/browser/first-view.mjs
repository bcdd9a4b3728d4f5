import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { record, serveCopy } from './static-copy.mjs';

/** Time from the start of a navigation until the first row of a list is painted, with nothing in the browser’s cache. */

const compress = (body) =>
  promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });

/** @returns times in milliseconds: of the console, and of a static copy of the same view, in turns */
export async function firstViews({ browser, cookies, origin }, at, rounds) {
  const address = new URL(`/console${at}`, origin).href;
  const context = await browser.newContext();
  await context.addCookies(cookies);
  const recorded = await record(await context.newPage(), address);
  await context.close();
  const bytes = recorded.kept.reduce((sum, { body }) => sum + body.length, 0);
  const copy = await serveCopy(recorded, compress);
  const times = { bytes, console: [], copy: [] };
  try {
    for (let round = 0; round <= rounds * 3; round += 1) {
      const ours = await timeOf({ browser, cookies, address });
      const theirs = await timeOf({ browser, cookies: [], address: copy.address });
      if (round === 0) continue;
      times.console.push(ours);
      times.copy.push(theirs);
    }
  } finally {
    await copy.close();
  }
  return times;
}

async function timeOf({ browser, cookies, address }) {
  const context = await browser.newContext();
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.addInitScript(watchForRow);
  await page.goto(address);
  const shown = await page.waitForFunction(() => globalThis.shownAfter);
  const time = await shown.jsonValue();
  await context.close();
  return time;
}

/** Runs in the page: keeps the moment after the frame in which the first row is there. */
function watchForRow() {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('tbody tr')) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      // A message comes after the frame has been painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (globalThis.shownAfter = performance.now());
      port2.postMessage(null);
    });
  });
  observer.observe(document, { childList: true, subtree: true });
}
