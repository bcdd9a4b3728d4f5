import fc from 'fast-check';
import {
  asName,
  characters,
  isVisible,
  keysToClaim,
  nameFault,
  nameKey,
  sameName,
  sortKey,
  tidyName,
  externalIdFault,
  tidyExternalId,
  usernameFault,
} from '../../../src/domain/text';
import { anyText, FORMS, halves } from './texts';

const RUNS = { seed: 11, numRuns: 1_000 };

/** Values that claims in the log were made of. They change with the format of the log alone. */
const GOLDEN: readonly [string, string][] = [
  ['Account admin', 'account admin'],
  [' Two   spaces\u00a0 and\u3000more ', 'two spaces and more'],
  ['STRAẞE', 'strasse'],
  ['Straße', 'strasse'],
  ['ırmak', 'irmak'],
  ['IRMAK', 'irmak'],
  ['İstanbul', 'i\u0307stanbul'],
  ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
  ['Ιάσονας', 'ιάσονας'],
  ['Łukasz Đurđica', 'łukasz đurđica'],
  ['ＳＡＬＥＳ', 'sales'],
  ['ﬀion', 'ffion'],
  ['Ⅷ ½ ㏂', 'viii 1⁄2 a.m.'],
  ['Café', 'café'],
  ['Cafe\u0301', 'café'],
  ['Å', 'å'],
  ['Ω', 'ω'],
  ['ᾳ', 'αι'],
  ['한국', '한국'],
  ['\u1112\u1161\u11ab', '한'],
  ['علی\u200cرضا', 'علی\u200cرضا'],
  ['👩\u200d💻', '👩\u200d💻'],
  ['❤\ufe0f', '❤\ufe0f'],
  ['admin\u200b', 'admin\u200b'],
  ['soft\u00adhyphen', 'soft\u00adhyphen'],
  ['ﷺ', 'صلى الله عليه وسلم'],
  ['ǅungla', 'džungla'],
  ['ŉ', 'ʼn'],
  ['և', 'եւ'],
  ['ꮳ', 'ꮳ'],
  ['Ა', 'ა'],
  ['ς', 'σ'],
  ['\u2800', '\u2800'],
  ['x\u2060y', 'x\u2060y'],
  ['ꟙ', 'ꟙ'],
  ['ɤ', 'ɤ'],
];

test.each(GOLDEN)('the key of %j stays', (name, key) => {
  expect(nameKey(name)).toBe(key);
});

test('a key is its own, in every form and with white space around it', () => {
  fc.assert(
    fc.property(anyText(), fc.constantFrom(...FORMS), (name, form) => {
      const key = nameKey(name);
      expect(nameKey(key)).toBe(key);
      expect(nameKey(`  ${name}\t`)).toBe(key);
      expect(nameKey(name.normalize(form))).toBe(key);
    }),
    RUNS,
  );
});

describe('a name', () => {
  test.each([
    'Night shift lead',
    ' Łukasz Đurđica\n',
    'علی\u200cرضا',
    'ශ්\u200dරී ලංකා',
    '👩🏽\u200d💻 Team ❤\ufe0f',
    '葛\u{e0100}飾',
    'Account admin\u200b',
    '\ue000 gaiji',
    '१२',
    '!',
  ])('may be %j', (name) => {
    expect([nameFault(name), usernameFault(name)]).toEqual([null, null]);
  });

  test.each([
    ...['\u2800', '\u{1d159}', '\u{13430}', '\u{13441}', '\ufff9', '\ufffb'].map(
      (each) => `Account admin${each}`,
    ),
    'Account\u2800admin',
    '\u0301Account admin',
    'Account \u0301admin',
  ])('does not look like another: %j', (name) => {
    expect(nameFault(name)).toMatch(/^A name has (a character that cannot be seen|an accent with no letter)/);
    expect(usernameFault(name)).not.toBeNull();
    expect(nameFault(asName(name))).toBeNull();
  });

  test.each([
    ['', 'needs a character that can be seen'],
    [' \u00a0\u3000', 'needs a character that can be seen'],
    ['\u200b\u2060\ufeff', 'needs a character that can be seen'],
    ['\u0301', 'needs a character that can be seen'],
    ['\u3164\u115f\uffa0', 'needs a character that can be seen'],
    ['\u2800', 'needs a character that can be seen'],
    ['\ue000', 'needs a character that can be seen'],
    ['a\nb', 'is one line'],
    ['a\tb', 'is one line'],
    ['a\u2028b', 'is one line'],
    ['a\u0000b', 'is one line without control characters (U+0000)'],
    ['abc\u202etxt', 'direction of text (U+202E)'],
    ['\u200fa', 'direction of text (U+200F)'],
    ['a\ud800', 'not well-formed'],
    ['a\ufffe', 'no character (U+FFFE)'],
    ['a\u0378', 'Unicode 16.0 does not define (U+0378)'],
    ['a\ua7ce', 'Unicode 16.0 does not define (U+A7CE)'],
    ['a\u{16ea0}', 'Unicode 16.0 does not define (U+16EA0)'],
    ['x'.repeat(201), 'at most 200 characters'],
    ['\u200b'.repeat(1_000_000), 'at most 200 characters'],
  ])('may not be %j', (name, fault) => {
    expect(nameFault(name)).toMatch(/^A name /);
    expect(nameFault(name)).toContain(fault);
    expect(usernameFault(name)).toMatch(/^A username /);
    expect(usernameFault(name)).toContain(fault);
    expect(externalIdFault(name)).toMatch(/^An external id /);
    expect(externalIdFault(name)).toContain(fault);
  });
});

describe('an external id', () => {
  const anyId = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc
      .array(
        fc.constantFrom(
          'a',
          'A',
          'e',
          '\u0301',
          'é',
          '\u034f',
          '\u200d',
          '\ufe0f',
          '\u{e0100}',
          '\uf900',
          'ක',
          '්',
          ' ',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );

  test('is recorded in one form, which stays what it is', () => {
    fc.assert(
      fc.property(anyId, (text) => {
        const tidy = tidyExternalId(text);
        expect(tidyExternalId(tidy)).toBe(tidy);
        expect(tidy.normalize('NFC')).toBe(tidy);
        expect(tidyExternalId(` ${text.normalize('NFC')}\n`)).toBe(tidyExternalId(text.normalize('NFC')));
        expect(externalIdFault(text)).toBe(externalIdFault(tidy));
      }),
      RUNS,
    );
  });

  test.each([
    [' E-1 ', 'E-1'],
    ['e\u0301-1', 'é-1'],
    ['e\u034f\u0301', 'é'],
    ['\ufeffE\u200b1', 'E1'],
    ['A  b', 'A  b'],
    ['ﬁ', 'ﬁ'],
    ['ß', 'ß'],
  ])('%j is recorded as %j: its case, width and inner spaces stay', (text, recorded) => {
    expect(tidyExternalId(text)).toBe(recorded);
    expect(externalIdFault(text)).toBeNull();
  });

  test('is measured as it is recorded, and one that is too long costs nothing', () => {
    expect(externalIdFault('\u{1d160}'.repeat(66))).toBeNull();
    // Its form NFC is three times as long.
    expect(externalIdFault('\u{1d160}'.repeat(67))).toContain('at most 200 characters');
    const long = '\u200b'.repeat(1_000_000);
    expect(tidyExternalId(long)).toBe(long);
  });
});

describe('default-ignorables', () => {
  test.each([
    ['\ufeff Account\u200b admin \u00ad', 'Account admin'],
    ['ad\u200dmin', 'admin'],
    ['ad\u200cmin\ufe0f', 'admin'],
    ['م\u200d\u200d', 'م\u200d'],
    ['سلام\u200c', 'سلام'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['ශ්\u200dරී', 'ශ්\u200dරී'],
    ['👩🏽\u200d💻', '👩🏽\u200d💻'],
    ['👩\u200d', '👩'],
    ['❤\ufe0f\u200d🔥', '❤\ufe0f\u200d🔥'],
    ['1\ufe0f\u20e3 1\ufe0f', '1\ufe0f\u20e3 1'],
    ['葛\u{e0100}', '葛\u{e0100}'],
    ['🏴\u{e0067}\u{e007f} a\u{e0067}', '🏴\u{e0067}\u{e007f} a'],
    ['a\u3164\u115f\u034f\u2065', 'a'],
  ])('of %j only those stay that do something', (given, tidy) => {
    expect(tidyName(given)).toBe(tidy);
  });

  const ignorables = fc.constantFrom(
    ...'\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2060\u2065\u3164\ufe00\ufe0f\ufeff\uffa0\u{e0061}\u{e0100}\u{e0fff}',
  );

  test('do not tell two names apart, whichever, wherever and how many', () => {
    fc.assert(
      fc.property(anyText(), fc.array(fc.tuple(ignorables, fc.nat(30)), { maxLength: 5 }), (text, added) => {
        const name = `x${text}`;
        const other = added.reduce((so, [each, at]) => {
          const all = [...so];
          return [...all.slice(0, at), each, ...all.slice(at)].join('');
        }, name);
        expect(keysToClaim(other)[0]).toBe(keysToClaim(name)[0]);
        expect(sameName(other, name)).toBe(true);
        expect(sameName(tidyName(other), name)).toBe(true);
      }),
      RUNS,
    );
  });

  test('leave what is like itself alone where nothing else was in a name of old', () => {
    expect(sameName('\u200b', '\u2060')).toBe(false);
    expect(sameName('\u200b', '')).toBe(false);
    expect(sameName('\u200b', '\u200b')).toBe(true);
  });
});

test('a tidy name is tidy, and looks no different to the rule', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const tidy = tidyName(text);
      expect(tidyName(tidy)).toBe(tidy);
      expect(nameFault(tidy)).toBe(nameFault(text));
      if (isVisible(text)) expect(sameName(tidy, text)).toBe(true);
    }),
    RUNS,
  );
});

test('equal keys are equal names, and every name is claimed under its own key and the one without ignorables', () => {
  fc.assert(
    fc.property(anyText(), fc.constantFrom(...FORMS), (name, form) => {
      const other = name.normalize(form).toUpperCase();
      if (nameKey(other) === nameKey(name)) expect(sameName(other, name)).toBe(true);
      const keys = keysToClaim(name);
      expect(keys.at(-1)).toBe(nameKey(name));
      expect(keys.length).toBe(new Set(keys).size);
    }),
    RUNS,
  );
});

test('what keeps a text from being a name can be left out of it', () => {
  const text = fc.oneof(anyText(), fc.string({ unit: 'binary' }), halves);
  fc.assert(
    fc.property(text, (each) => expect(nameFault(`x${asName(each)}`)).toBeNull()),
    RUNS,
  );
  expect(asName('a\u0000b\u202e\ud800\u0378c')).toBe('a bc');
});

test('what lists are ordered by is the beginning of the key, and bounded', () => {
  fc.assert(
    fc.property(anyText(200), (name) => {
      expect(nameKey(name).startsWith(sortKey(name))).toBe(true);
      expect(characters(sortKey(name))).toBe(Math.min(200, characters(nameKey(name))));
    }),
    { seed: 11, numRuns: 100 },
  );
  expect(characters(nameKey('\ufdfa'.repeat(200)))).toBe(3_600);
  expect(characters(sortKey('\ufdfa'.repeat(200)))).toBe(200);
});
