import fc from 'fast-check';
import { searchKey } from '../../../src/domain/text';
import { LETTERS } from '../../../src/domain/text/letters';
import { anyText, FORMS } from './texts';

const title = (text: string): string => {
  const [first = '', ...rest] = [...text];
  return first.toUpperCase() + rest.join('').toLowerCase();
};
const CASES = [
  (text: string) => text,
  (text: string) => text.toUpperCase(),
  (text: string) => text.toLowerCase(),
  title,
];

test('any part of a name finds it, in any case and normal form', () => {
  fc.assert(
    fc.property(
      anyText(),
      fc.nat(20),
      fc.nat(20),
      fc.constantFrom(...CASES),
      fc.constantFrom(...FORMS),
      (name, from, length, cased, form) => {
        const part = [...name].slice(from, from + length).join('');
        for (const search of [cased(part).normalize(form), cased(part.normalize(form)), ` ${part}\n`])
          expect(searchKey(name)).toContain(searchKey(search));
      },
    ),
    { seed: 13, numRuns: 3_000 },
  );
});

test('nothing of a code point depends on its case or normal form', () => {
  const faults: string[] = [];
  for (let code = 0; code < 0x20000; code += code >= 0xac00 && code < 0xd700 ? 101 : 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const text = String.fromCodePoint(code);
    const others = new Set([
      text.toUpperCase(),
      text.toLowerCase(),
      ...FORMS.map((form) => text.normalize(form)),
    ]);
    others.delete(text);
    if (others.size === 0) continue;
    const key = searchKey(text);
    if (searchKey(key) !== key) faults.push(`${text} is not its own`);
    for (const other of others) if (searchKey(other) !== key) faults.push(`${text} is not ${other}`);
  }
  expect(faults).toEqual([]);
});

test.each([
  ['Ιάσονας', 'ιασονασ'],
  ['Ιάσ', 'ιασ'],
  ['Łukasz Đurđica', 'lukasz durdica'],
  ['Ærøskøbing Þór Straße', 'aeroskobing thor strasse'],
  ['ırmak İstanbul', 'irmak istanbul'],
  ['Œuvre ħŧŋ ðĸ', 'oeuvre htn dq'],
  ['O’Brien–Smith', "o'brien-smith"],
  ['ad\u200bmin\u00ad', 'admin'],
  ['  two \u00a0 spaces ', 'two spaces'],
  ['ᾳ', 'αι'],
  ['ﷺ', 'صلى الله عليه وسلم'],
  ['한', '\u1112\u1161\u11ab'],
])('%j is looked for as %j', (text, key) => {
  expect(searchKey(text)).toBe(key);
});

test.each(['\u0301', '\u200b', '\u0301 \u0308', '\ufe0f', '\u202e', ' '])(
  'of %j nothing is left to look for',
  (text) => {
    expect(searchKey(text)).toBe('');
  },
);

test('the letters of the table are all met, and typed in ASCII', () => {
  for (const [letter, typed] of LETTERS) {
    expect(searchKey(letter)).toBe(typed);
    expect(typed).toMatch(/^[a-z'"-]+$/);
  }
});
