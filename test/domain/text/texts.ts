import fc from 'fast-check';
import { unassignedIn } from '../../../src/domain/text/unassigned';

/** Texts that are hard on rules of text: every kind of case, form, mark and ignorable, beside any other code point. */

const TELLING = [
  ..."aZ 0-'.éßẞıİſŉǆǅΣσςΐᾳ\u0345Łđøæþ’–Ωﬃ½㏂ﷺ한국ㄱ王か゛ガעברית\u05b0سلام\u064eहिन्दीไทย\u{1d4d0}\u{10400}",
  ...[
    'e\u0301',
    '\u0301',
    '\u0327',
    '\u1112\u1161\u11ab',
    '\u200d',
    '\u200c',
    '\ufe0f',
    '\u200b',
    '\u00ad',
    '\u034f',
  ],
  ...['👩🏽\u200d💻', '❤\ufe0f', '1\ufe0f\u20e3', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
];
const anyCharacter = fc
  .integer({ min: 0x20, max: 0x323af })
  .map((code) => (code >= 0xd800 && code < 0xe000 ? 'x' : String.fromCodePoint(code)))
  .filter((character) => unassignedIn(character) === null);

const piece = fc.oneof(fc.constantFrom(...TELLING), anyCharacter);

/** Any text of characters that Unicode 16.0 defines. */
export const anyText = (maxLength = 12): fc.Arbitrary<string> =>
  fc.array(piece, { maxLength }).map((pieces) => pieces.join(''));

export const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;

/** Texts that may have halves of surrogate pairs. */
export const halves = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 10 })
  .map((units) =>
    String.fromCharCode(...units.map((unit) => (unit % 3 === 0 ? 0xd800 + (unit % 0x800) : unit))),
  );
