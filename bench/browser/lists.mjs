import { framesOf } from './frames.mjs';

/** What a list costs the browser: rows in the document, shifts of its layout, CPU of the frames while it is scrolled. */

const ROWS = 'main tbody tr, main ol > li, main section > ul > li, main dl li, [role=dialog] li';
const STEPS = 60;

/** @returns of each view, its rows, its shifts, and the CPU of its frames in milliseconds */
export async function lists({ browser, cookies, origin }, views, rounds) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.addInitScript(watchShifts);
  const measured = [];
  for (const view of views) {
    await page.goto(new URL(`/console${view.at}`, origin).href);
    await page.locator(ROWS).first().waitFor();
    if (view.opens) {
      await page.getByRole('button', { name: view.opens }).click();
      await page.locator('[role=dialog] li').first().waitFor();
    }
    await page.waitForLoadState('networkidle');
    const frames = [];
    for (let round = 0; round < rounds; round += 1)
      frames.push(...(await framesOf(page, () => scroll(page))));
    const rows = await page.locator(ROWS).count();
    measured.push({ what: view.what, rows, shifts: await page.evaluate(() => globalThis.shifts), frames });
  }
  await context.close();
  return measured;
}

/** Down to the end and up again, a step a frame, as a hand on a wheel does. */
async function scroll(page) {
  await page.mouse.move(640, 400);
  for (const direction of [120, -120])
    for (let step = 0; step < STEPS; step += 1) {
      await page.mouse.wheel(0, direction);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
}

/** Runs in the page: counts what moves without having been touched. */
function watchShifts() {
  globalThis.shifts = 0;
  new PerformanceObserver((list) => {
    for (const { hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifts += 1;
  }).observe({ type: 'layout-shift', buffered: true });
}
