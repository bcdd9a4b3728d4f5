import { readFileSync } from 'node:fs';
import path from 'node:path';
import { contrast, over, readColour } from './colours';

/** Contrast of the tokens in every theme: 4.5:1 for text, 3:1 for edges of controls, icons and marks. */

const CSS = readFileSync(path.join(__dirname, '../../console/src/theme/tokens.css'), 'utf8');

const block = (selector: string): Record<string, string> => {
  const start = CSS.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`There is no block ${selector}.`);
  const body = CSS.slice(start, CSS.indexOf('}', start));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (oklch\([^)]*\));/g)].map(([, name, value]) => [name, value]),
  );
};
const LIGHT = block(':root');
const DARK = { ...LIGHT, ...block(":root[data-theme='dark']") };
const PAST = block(":root[data-moment='past']");
const THEMES: [string, Record<string, string>][] = [
  ['light', LIGHT],
  ['dark', DARK],
  ['past', { ...LIGHT, ...PAST }],
  ['past, dark', { ...DARK, ...PAST, ...block(":root[data-theme='dark'][data-moment='past']") }],
];
const TEXT = ['ink', 'quiet', 'seal', 'add', 'remove', 'change'];
const LINES = ['edge', 'focus', 'seal', 'ink'];

describe.each(THEMES)('%s', (_, theme) => {
  const colour = (name: string) => readColour(theme[name] ?? '');
  const grounds = ['paper', 'raise'].flatMap((name) => [colour(name), over(colour('hover'), colour(name))]);

  test.each(TEXT)('text in %s is read on paper, on what floats, and under the pointer', (name) => {
    for (const ground of grounds) expect(contrast(colour(name), ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(LINES)('lines in %s are seen', (name) => {
    for (const ground of grounds) expect(contrast(colour(name), ground)).toBeGreaterThanOrEqual(3);
  });

  test('text on what is filled is read', () => {
    for (const fill of ['seal', 'seal-hover'])
      expect(contrast(colour('on-seal'), colour(fill))).toBeGreaterThanOrEqual(4.5);
    // The live region, and the tick in a filled box.
    expect(contrast(colour('paper'), colour('ink'))).toBeGreaterThanOrEqual(4.5);
    if (theme.ribbon) expect(contrast(colour('on-ribbon'), colour('ribbon'))).toBeGreaterThanOrEqual(4.5);
  });
});

test('contrast is that of WCAG', () => {
  expect(contrast(readColour('oklch(0 0 0)'), readColour('oklch(1 0 0)'))).toBeCloseTo(21, 1);
  // sRGB #767676 on white is the grey that just passes.
  expect(contrast(readColour('oklch(0.5637 0 0)'), readColour('oklch(1 0 0)'))).toBeCloseTo(4.54, 1);
});
