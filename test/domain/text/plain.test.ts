import fc from 'fast-check';
import { beginning, characters, isLonger, plainTextFault } from '../../../src/domain/text';
import { unassignedIn } from '../../../src/domain/text/unassigned';
import { anyText, halves } from './texts';

describe('plain text', () => {
  test.each(['', 'Runs the desk.', 'Łódź – “ok” 👩\u200d💻', 'a\u00adb', '\ue000', '\u0378'])(
    '%j',
    (text) => {
      expect(plainTextFault(text)).toBeNull();
    },
  );

  test.each([
    ['a\ud800b', 'not well-formed Unicode'],
    ['\udc00', 'not well-formed Unicode'],
    ['a\u0000b', '(U+0000)'],
    ['a\u0007', '(U+0007)'],
    ['a\u007f', '(U+007F)'],
    ['a\u0085b', '(U+0085)'],
    ['a\u202eb', 'direction of text (U+202E)'],
    ['a\u2066b', 'direction of text (U+2066)'],
    ['\u200e', 'direction of text (U+200E)'],
    ['\u061c', 'direction of text (U+061C)'],
    ['a\uffff', 'no character (U+FFFF)'],
    ['\u{10fffe}', 'no character (U+10FFFE)'],
    ['\ufdd0', 'no character (U+FDD0)'],
  ])('%j is none, on one line or many', (text, fault) => {
    expect(plainTextFault(text)).toContain(fault);
    expect(plainTextFault(text, { multiline: true })).toContain(fault);
  });

  test.each(['a\nb', 'a\r\nb', 'a\tb', 'a\u2028b', 'a\u2029b'])('%j is, where lines may be', (text) => {
    expect(plainTextFault(text)).toMatch(
      /^The text is one line without control characters \(U\+[0-9A-F]{4}\)\.$/,
    );
    expect(plainTextFault(text, { multiline: true })).toBeNull();
  });
});

test('characters are code points, and what is longer is seen without counting them all', () => {
  const text = fc.oneof(anyText(), fc.string({ unit: 'binary' }), halves);
  fc.assert(
    fc.property(text, fc.nat(20), (each, limit) => {
      expect(characters(each)).toBe([...each].length);
      expect(isLonger(each, limit)).toBe([...each].length > limit);
    }),
    { seed: 7, numRuns: 500 },
  );
  expect(characters('\ud83d\ud83d\ude00\ude00')).toBe(3);
});

/** Characters that Unicode 16.0 has by its own count; then controls, private use and surrogates. */
const DEFINED = 154_998 + 65 + 137_468 + 2_048;
/** Characters that later versions added. */
const ADDED: Readonly<Record<string, number>> = { '16.0': 0, '17.0': 4_803 };

test.each([
  ['a text that fits', 'Łódź', 4, 'Łódź'],
  ['letters', 'Łódź', 3, 'Łód'],
  ['a family', 'ab👩\u200d👩\u200d👧', 6, 'ab'],
  ['a family that fits', 'ab👩\u200d👩\u200d👧c', 7, 'ab👩\u200d👩\u200d👧'],
  ['a flag', 'a🇭🇷', 2, 'a'],
  ['a skin', '👍🏽👍🏽', 3, '👍🏽'],
  ['an accent of its own', 'ae\u0301', 2, 'a'],
  ['a letter with too many accents', `e${'\u0301'.repeat(9)}`, 3, 'e\u0301\u0301'],
])('the beginning of %s', (_what, text, limit, expected) => {
  expect(beginning(text, limit)).toBe(expected);
});

test('a beginning is one of the text, fits, and is the longest but for one character', () => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  fc.assert(
    fc.property(anyText(), fc.integer({ min: 0, max: 30 }), (text, limit) => {
      const kept = beginning(text, limit);
      expect(text.startsWith(kept)).toBe(true);
      expect(isLonger(kept, limit)).toBe(false);
      const [next] = segmenter.segment(text.slice(kept.length));
      if (next) expect(isLonger(kept + next.segment, limit)).toBe(true);
    }),
  );
});

test('the code points that Unicode 16.0 defines are those that it counts, and every runtime knows them', () => {
  let defined = 0;
  let newer = 0;
  for (let code = 0; code < 0x110000; code += 1) {
    const character = String.fromCodePoint(code);
    const known = !/\p{Cn}/u.test(character);
    if (unassignedIn(character) === null) {
      defined += 1;
      if (!known) throw new Error(`U+${code.toString(16)} is not defined`);
    } else if (known) newer += 1;
  }
  expect(defined).toBe(DEFINED);
  const added = ADDED[process.versions.unicode ?? ''];
  expect(newer).toBeGreaterThanOrEqual(added ?? 4_803);
  if (added !== undefined) expect(newer).toBe(added);
});
