import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { LOOKS } from './looks.mjs';

/** Pictures of a screen, and where they stand. */

const QUALITY = 82;

export const fileOf = (screen, look) => `${screen.name}.${look.device}.${look.name}.webp`;

/** Looks in which a screen is pictured: it may have none of the past. */
export const looksOf = (screen) => LOOKS.filter(({ isPast }) => !isPast || screen.past);

/** Takes the pictures of a screen on a device, into a folder. @returns their size in bytes */
export async function take(page, { folder, screen, device, addressOf }) {
  let bytes = 0;
  for (const look of looksOf(screen).filter((one) => one.device === device)) {
    await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
    if (look.name !== 'dark') await open(page, screen, addressOf(screen, look));
    await settle(page, look);
    const picture = await pictureOf(page);
    writeFileSync(path.join(folder, fileOf(screen, look)), picture);
    bytes += picture.length;
  }
  return bytes;
}

async function open(page, { shows, act }, address) {
  if (page.url().startsWith('http')) await page.evaluate(() => sessionStorage.clear());
  await page.goto(address);
  await shows(page).waitFor();
  await act?.(page);
}

/** The window as WebP, half of a PNG, which Playwright does not make. */
async function pictureOf(page) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  return Buffer.from(data, 'base64');
}

/** Waits until the look and the fonts are there, nothing loads and nothing moves. */
async function settle(page, { scheme }) {
  await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, scheme);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}
