import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Rules of accessibility, as axe checks them in the page. */

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Checks a page as it stands. `rules`: all of them, those about `colours`, or about `structure`, which is all others. `above`:
 * what matches this is checked alone while it is there.
 * @throws AssertionError that names each violation and where it is
 */
export async function assertAccessible(page, name, { rules = 'all', above = null } = {}) {
  const first = await violationsIn(page, { rules, above });
  if (first.length === 0) return;
  // A theme that is still being put on has the colours of neither; what is wrong stays wrong.
  await page.waitForTimeout(SETTLED_MS);
  assert.deepEqual(await violationsIn(page, { rules, above }), [], `${name} has violations`);
}

/** Time in which a page that changes its theme is painted anew. */
const SETTLED_MS = 500;

async function violationsIn(page, asked) {
  // A page that is still fading in has colours that nobody reads. What leaves meanwhile never finishes.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  return page.evaluate(async ({ rules, above }) => {
    const ofColours = ['color-contrast', 'link-in-text-block'];
    const off = Object.fromEntries(ofColours.map((rule) => [rule, { enabled: false }]));
    const options = {
      resultTypes: ['violations'],
      ...(rules === 'colours' ? { runOnly: ofColours } : {}),
      ...(rules === 'structure' ? { rules: off } : {}),
    };
    const place = above && document.querySelector(above) ? { include: above.split(', ') } : document;
    const { violations: found } = await globalThis.axe.run(place, options);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, asked);
}
