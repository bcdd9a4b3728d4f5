import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LOOKS } from './looks.mjs';

/** A picture of a screen in a look, and where it stands. */

const QUALITY = 82;

export const fileOf = (screen, look) => `${screen.name}.${look.device}.${look.name}.webp`;

/** Looks in which a screen is pictured: it may have none of the past. */
export const looksOf = (screen) => LOOKS.filter(({ isPast }) => !isPast || screen.past);

/** Takes the picture of a screen in a look, into a folder. @returns its size in bytes */
export async function take(page, { folder, screen, look, addressOf }) {
  const { shows, act } = screen;
  await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
  if (page.url().startsWith('http')) await page.evaluate(() => sessionStorage.clear());
  await page.goto(addressOf(screen, look));
  await shows(page).waitFor();
  await act?.(page);
  await settle(page);
  // Playwright knows no WebP, which is half of a PNG.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  const picture = Buffer.from(data, 'base64');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, fileOf(screen, look)), picture);
  return picture.length;
}

/** Waits until fonts are there, nothing loads and nothing moves. */
async function settle(page) {
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}
