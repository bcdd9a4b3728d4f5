import assert from 'node:assert/strict';
import { assertAccessible } from '../axe.mjs';

/** Looks of a page: each scene of the matrix is checked in all of them. */

const WINDOW = { width: 1280, height: 800 };
const LIGHT = { name: 'light', scheme: 'light', size: WINDOW };
const DARK = { name: 'dark', scheme: 'dark', size: WINDOW };
// A browser that zooms by two has a window of half the size, in pixels of the page.
const ZOOMED = { name: '200 % zoom', scheme: 'light', size: { width: 640, height: 400 } };
const NARROW = { name: '360 px', scheme: 'light', size: { width: 360, height: 740 } };

/**
 * Looks in which a state is checked. `rules`: those of axe that can tell this look from the ones before; null: that it fits is
 * all. A narrow page has the colours of a wide one, and an error at 360 px the structure of one at a desk.
 */
const IN_PLACE_OF_PAGE = [
  { ...LIGHT, rules: 'all' },
  { ...ZOOMED, rules: null },
  { ...NARROW, rules: null },
];
export const LOOKS = {
  plain: [
    { ...LIGHT, rules: 'all' },
    { ...DARK, rules: 'colours' },
    { ...ZOOMED, rules: 'structure' },
    { ...NARROW, rules: 'structure' },
  ],
  dialog: [
    { ...LIGHT, rules: 'all' },
    { ...DARK, rules: 'colours' },
    { ...ZOOMED, rules: null },
    { ...NARROW, rules: 'structure' },
  ],
  past: [
    { ...LIGHT, rules: 'all' },
    { ...DARK, rules: 'colours' },
    { ...ZOOMED, rules: null },
    { ...NARROW, rules: null },
  ],
  error: IN_PLACE_OF_PAGE,
  empty: IN_PLACE_OF_PAGE,
  loading: IN_PLACE_OF_PAGE,
  withoutRight: IN_PLACE_OF_PAGE,
};

/** What lies above a page. While it is there the page below, which has a scene of its own, is out of reach. */
export const OVERLAYS = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

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
export async function assertLook(page, scene, { name, rules }) {
  const what = `${scene}, ${name},`;
  // A panel that is still sliding in is partly outside.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  assert.deepEqual(await page.evaluate(misfits, OVERLAYS), [], `${what} does not fit`);
  if (rules !== null) await assertAccessible(page, what, { rules, above: OVERLAYS });
}

/** Runs in the page: what is wider than the window, or partly outside of it. */
function misfits(overlays) {
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  const name = (element) => element.outerHTML.slice(0, 160);
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    found.push(
      `the page scrolls sideways, ${scrollWidth} of ${clientWidth}: ${name(wide.at(-1) ?? document.body)}`,
    );
  }
  for (const overlay of document.querySelectorAll(overlays)) {
    const { left, right, top, bottom } = overlay.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1)
      found.push(`outside at a side, ${left} to ${right}: ${name(overlay)}`);
    const isCut = !['menu', 'listbox'].includes(overlay.role) && (top < -1 || bottom > innerHeight + 1);
    if (isCut) found.push(`outside above or below, ${top} to ${bottom}: ${name(overlay)}`);
    for (const part of [overlay, ...overlay.querySelectorAll('*')])
      if (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === 'auto')
        found.push(`scrolls sideways: ${name(part)}`);
  }
  return found;
}
