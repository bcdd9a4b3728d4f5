import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Rules of accessibility, as axe checks them in the page. */

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Checks a page as it stands. `colours`: `only` the rules about colours, all rules `without` them, or `with` them.
 * @throws AssertionError that names each violation and where it is
 */
export async function assertAccessible(page, name, colours = 'with') {
  assert.deepEqual(await violationsIn(page, colours), [], `${name} has violations`);
}

async function violationsIn(page, colours) {
  // A page that is still fading in has colours that nobody reads. What leaves meanwhile never finishes.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  return page.evaluate(async (kind) => {
    const ofColours = ['color-contrast', 'link-in-text-block'];
    const off = Object.fromEntries(ofColours.map((rule) => [rule, { enabled: false }]));
    const options = {
      resultTypes: ['violations'],
      ...(kind === 'only' ? { runOnly: ofColours } : {}),
      ...(kind === 'without' ? { rules: off } : {}),
    };
    const { violations: found } = await globalThis.axe.run(document, options);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, colours);
}
