import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import {
  API_KEY_RANDOM_BYTES,
  apiKeyHash,
  apiKeyPrefix,
  apiKeyText,
  isApiKeyText,
} from '../../../src/domain/user/api-key';
import { API_KEY_HASH, API_KEY_PREFIX } from '../../../src/domain/user/events';

/** The text of an API key: what it looks like, and what is no key. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const bytes = fc.uint8Array({ minLength: API_KEY_RANDOM_BYTES, maxLength: API_KEY_RANDOM_BYTES });

/** Value of digits of base 62. */
const valueOf = (digits: string): bigint =>
  [...digits].reduce((value, digit) => value * 62n + BigInt(DIGITS.indexOf(digit)), 0n);

test('is a beginning, 26 digits of the random bytes, and 6 of the CRC-32 of both', () => {
  fc.assert(
    fc.property(bytes, (random) => {
      const text = apiKeyText(random);
      const [, body = '', drawn = '', checksum = ''] =
        /^(rbk_([0-9A-Za-z]{26}))([0-9A-Za-z]{6})$/.exec(text) ?? [];
      const number = random.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
      expect(valueOf(drawn)).toBe(number % 62n ** 26n);
      expect(valueOf(checksum)).toBe(BigInt(crc32(body)));
      expect(isApiKeyText(text)).toBe(true);
    }),
  );
});

test('is made so for ever: keys in use have this form', () => {
  // Made by another program.
  expect(apiKeyText(new Uint8Array(32))).toBe('rbk_000000000000000000000000001adbbx');
  expect(apiKeyText(new Uint8Array(32).fill(255))).toBe('rbk_HWZWm8LLG7HjnuCA2j5rOw8Xp13IPthr');
  expect(() => apiKeyText(new Uint8Array(16))).toThrow('32 bytes');
});

test('with one character that is another, two that changed places, or one too many or few, is none', () => {
  const place = fc.nat(31);
  fc.assert(
    fc.property(bytes, place, fc.constantFrom(...DIGITS), (random, at, digit) => {
      const text = apiKeyText(random);
      const characters = [...text];
      const index = 4 + at;
      fc.pre(characters[index] !== digit);
      expect(isApiKeyText(characters.with(index, digit).join(''))).toBe(false);
      const next = characters[index + 1];
      if (next !== undefined && next !== characters[index])
        expect(
          isApiKeyText(
            characters
              .with(index, next)
              .with(index + 1, characters[index]!)
              .join(''),
          ),
        ).toBe(false);
      for (const other of [
        `${text}0`,
        text.slice(0, -1),
        ` ${text}`,
        `${text}\n`,
        text.slice(4),
        text.replace('rbk', 'RBK'),
      ])
        expect(isApiKeyText(other)).toBe(false);
    }),
  );
});

test('is recorded by its hash and its beginning, of which 130 bits do not tell', () => {
  const text = apiKeyText(new Uint8Array(32).fill(7));
  expect(apiKeyHash(text)).toMatch(new RegExp(API_KEY_HASH));
  expect(apiKeyPrefix(text)).toMatch(new RegExp(API_KEY_PREFIX));
  expect(text.startsWith(apiKeyPrefix(text))).toBe(true);
  expect(22 * Math.log2(62)).toBeGreaterThan(128);
});
