import { matching, type PaletteEntry } from '../../console/src/palette/entries';

/** Entries of the palette that a few letters find. */

const entry = (label: string): PaletteEntry => ({ id: label, label, act: () => undefined });
const ENTRIES = ['Go to Roles', 'Go to Audit log', 'Create role', 'Évaluations'].map(entry);
const found = (text: string): string[] => matching(ENTRIES, text).map(({ label }) => label);

test.each([
  ['', ['Go to Roles', 'Go to Audit log', 'Create role', 'Évaluations']],
  ['ro', ['Go to Roles', 'Create role']],
  ['LOG aud', ['Go to Audit log']],
  ['eval', ['Évaluations']],
  // A word is found by its beginning, so that few letters find little.
  ['ole', []],
  ['role audit', []],
])('%j', (text, labels) => {
  expect(found(text)).toEqual(labels);
});
