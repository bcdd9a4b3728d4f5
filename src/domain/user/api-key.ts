import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * Text of an API key: `rbk_`, 26 characters of base 62 drawn at random (154 bits), 6 of checksum. The beginning lets scanners
 * for secrets find one that leaked; the checksum lets a mistyped one be refused without a look-up.
 */

/** Beginning of every API key. */
export const API_KEY_START = 'rbk_';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);
const DRAWN = 26;
const CHECKSUM = 6;
const FORM = new RegExp(`^${API_KEY_START}[0-9A-Za-z]{${DRAWN + CHECKSUM}}$`);

/** Random bytes that a key is made of: so many that no key is noticeably likelier than another. */
export const API_KEY_RANDOM_BYTES = 32;

/** The text of a key, made from so many random bytes. */
export function apiKeyText(random: Uint8Array): string {
  if (random.length !== API_KEY_RANDOM_BYTES)
    throw new Error(`A key is made of ${API_KEY_RANDOM_BYTES} bytes.`);
  const body = `${API_KEY_START}${digits(BigInt(`0x${Buffer.from(random).toString('hex')}`), DRAWN)}`;
  return `${body}${checksum(body)}`;
}

/** True if a text has the form and the checksum of a key, be there such a key or not. */
export const isApiKeyText = (text: string): boolean =>
  FORM.test(text) && checksum(text.slice(0, -CHECKSUM)) === text.slice(-CHECKSUM);

/** Characters of the random part that are shown: 22 remain unknown, 130 bits. */
const SHOWN = 4;

/** Beginning of a key by which people tell keys apart. */
export const apiKeyPrefix = (text: string): string => text.slice(0, API_KEY_START.length + SHOWN);

/** SHA-256 of a key, hex in lower case, by which it is recorded: nobody guesses a key, so that the hash needs no secret. */
export const apiKeyHash = (text: string): string => hash('sha256', text);

const checksum = (body: string): string => digits(BigInt(crc32(body)), CHECKSUM);

function digits(number: bigint, count: number): string {
  let text = '';
  let rest = number;
  for (let n = 0; n < count; n += 1) {
    text = DIGITS[Number(rest % BASE)]! + text;
    rest /= BASE;
  }
  return text;
}
