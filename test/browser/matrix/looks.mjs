import assert from 'node:assert/strict';
import { assertAccessible } from '../axe.mjs';

/** Looks of a page: each scene of the matrix is checked in all of them. */

const WINDOW = { width: 1280, height: 800 };

/** `colours`: rules of axe that can tell this look from the others: a narrow page has the colours of a wide one. */
export const LOOKS = [
  { name: 'light', scheme: 'light', size: WINDOW, colours: 'with' },
  { name: 'dark', scheme: 'dark', size: WINDOW, colours: 'only' },
  // A browser that zooms by two has a window of half the size, in pixels of the page.
  { name: '200 % zoom', scheme: 'light', size: { width: 640, height: 400 }, colours: 'without' },
  { name: '360 px', scheme: 'light', size: { width: 360, height: 740 }, colours: 'without' },
];

/** Gives a page a look. */
export async function putOn(page, { scheme, size }) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.waitForFunction((theme) => {
    const { dataset } = document.documentElement;
    // A page that the server makes by itself has no theme of its own.
    return dataset.theme === undefined || dataset.theme === theme;
  }, scheme);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** @throws AssertionError for a violation, for a page that scrolls sideways, and for a dialog that does not fit */
export async function assertLook(page, scene, { name, colours }) {
  const what = `${scene}, ${name},`;
  assert.deepEqual(await page.evaluate(misfits), [], `${what} does not fit`);
  await assertAccessible(page, what, colours);
}

/** Runs in the page: what is wider than the window, or partly outside of it. */
function misfits() {
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  const name = (element) => element.outerHTML.slice(0, 160);
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    found.push(`the page scrolls sideways, ${scrollWidth} of ${clientWidth}: ${name(wide.at(-1) ?? document.body)}`);
  }
  for (const dialog of document.querySelectorAll('[role=dialog], [role=alertdialog], [role=menu]')) {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) found.push(`outside at a side: ${name(dialog)}`);
    const scrolls = dialog.closest('[role=menu]');
    if (!scrolls && (top < -1 || bottom > innerHeight + 1)) found.push(`outside above or below: ${name(dialog)}`);
    for (const part of [dialog, ...dialog.querySelectorAll('*')])
      if (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === 'auto')
        found.push(`scrolls sideways in a dialog: ${name(part)}`);
  }
  return found;
}
