/**
 * Makes the pictures of docs/console/pictures/, of every screen in every look, on a demo of its own. Arguments are names of
 * screens; left out: all. They are to be looked at before they are committed.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { prepare } from './prepare.mjs';

const FOLDER = path.join(import.meta.dirname, '..', '..', 'docs', 'console', 'pictures');
/** Moment that pictures of the past show. */
const THEN = new Date(Date.now() - 10 * 86_400_000).toISOString();

if (!prepare()) process.exit(1);
const { startBrowser } = await import('./browser.mjs');
const { writeGallery } = await import('./pictures/gallery.mjs');
const { DEVICES } = await import('./pictures/looks.mjs');
const { SCREENS } = await import('./pictures/screens.mjs');
const { fileOf, looksOf, take } = await import('./pictures/take.mjs');
const { startServer } = await import('./server.mjs');

const wanted = process.argv.slice(2);
const chosen = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const server = await startServer();
const { browser } = await startBrowser();
try {
  const cookies = await signIn();
  const customRole = await idOfCustomRole(cookies);
  const addressOf = ({ at }, { isPast }) => {
    const address = new URL(`/console${at.replace('CUSTOM', customRole)}`, server.url);
    if (isPast) address.searchParams.set('asOf', THEN);
    return address.href;
  };
  let bytes = 0;
  mkdirSync(FOLDER, { recursive: true });
  for (const [device, settings] of Object.entries(DEVICES))
    for (const screens of [chosen.filter(({ as }) => as !== null), chosen.filter(({ as }) => as === null)]) {
      const context = await browser.newContext({ ...settings, locale: 'en-GB', timezoneId: 'UTC' });
      if (screens[0]?.as !== null) await context.addCookies(cookies);
      const page = await context.newPage();
      for (const screen of screens) bytes += await take(page, { folder: FOLDER, screen, device, addressOf });
      await context.close();
    }
  writeGallery(FOLDER, SCREENS);
  if (wanted.length === 0) removeOthers();
  console.log(`${(bytes / 1_000_000).toFixed(2)} MB in ${path.relative(process.cwd(), FOLDER)}`);
} finally {
  await browser.close();
  await server.stop();
}

/** Cookies of the demo’s account admin. */
async function signIn() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.link);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

async function idOfCustomRole(cookies) {
  const context = await browser.newContext();
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.goto(new URL('/console/roles?tab=custom', server.url).href);
  const link = await page.getByRole('link', { name: 'Read-only analyst' }).getAttribute('href');
  await context.close();
  return link.split('?')[0].split('/').at(-1);
}

/** Removes pictures of screens that are no more. */
function removeOthers() {
  const names = new Set(SCREENS.flatMap((screen) => looksOf(screen).map((look) => fileOf(screen, look))));
  for (const name of readdirSync(FOLDER))
    if (name.endsWith('.webp') && !names.has(name)) rmSync(path.join(FOLDER, name));
}
