import { createHmac, webcrypto } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { HashSecret } from '../../src/keys/keyed-hash';
import type { DataKey, FoundKey } from '../../src/keys/port/key-book';
import {
  isSealedField,
  ivOfCopy,
  openField,
  placeOfField,
  placeOfReason,
  sealField,
  type SealedField,
} from '../../src/keys/sealed-field';
import { SecretBytes } from '../../src/keys/secret-bytes';
import { runs } from '../scale';

const bytes = (first: number): Buffer => Buffer.from(Array.from({ length: 32 }, (_, n) => first + n));
const keyOf = (first: number, id = 'AAAAAAAAAAAAAAAAAAAAAA.7'): DataKey => ({
  id,
  key: new SecretBytes(bytes(first)),
});
const KEY = keyOf(0);
const found = (key: DataKey = KEY): FoundKey => ({ state: 'found', key });
const UNREADABLE = { state: 'unreadable' };

const PLACE = {
  account: 'acme',
  user: 'ann',
  event: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  pointer: '/data/name',
};
const place = placeOfField(PLACE);
const IV = Buffer.from('000102030405060708090a0b', 'hex');

/** Made with another library (`cryptography` of Python). */
const GOLDEN = {
  field: 'AAECAwQFBgcICQoLHW0VsOUVXbwcoxcGQXbi7enAe21BFeQj9Y3CgLWjARg=',
  reason: 'AAECAwQFBgcICQoLJnG9fqHFpHT/Yf7/QlaXiJJ8EHW24jMyEY/TBA==',
  empty: 'AAECAwQFBgcICQoLg8I36RtqG8FKCdU+Epo0/Q==',
  iv: 'dadc21ca55a74e53e29ca7e9',
  hash: '585e77e7cd90f87e641b526d268f7c0b4bd7e07079fcdc97f73cd49eff9c019f',
};

describe('a sealed field', () => {
  it('is what other libraries make of it', () => {
    expect(sealField('Zoë 🧑‍🚀', KEY, place, IV)).toEqual({ $enc: '1', k: KEY.id, c: GOLDEN.field });
    expect(sealField('', KEY, place, IV).c).toBe(GOLDEN.empty);
    expect(sealField('asked for it', KEY, placeOfReason('acme', 'c-1'), IV).c).toBe(GOLDEN.reason);
    expect(place.toString()).toBe('["acme","ann","6f9619ff-8b86-4011-b42d-00c04fc964ff","/data/name"]');
  });

  it('opens with Web Crypto too', async () => {
    const sealed = Buffer.from(sealField('Ann', KEY, place).c, 'base64');
    const key = await webcrypto.subtle.importKey('raw', bytes(0), 'AES-GCM', false, ['decrypt']);
    const parameters = {
      name: 'AES-GCM',
      iv: Uint8Array.from(sealed.subarray(0, 12)),
      additionalData: Uint8Array.from(place),
    };
    const text = await webcrypto.subtle.decrypt(parameters, key, Uint8Array.from(sealed.subarray(12)));
    expect(Buffer.from(text).toString()).toBe('Ann');
  });

  it('gives every text back, under an IV of its own each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const one = sealField(text, KEY, place);
        expect(openField(one, found(), place)).toEqual({ state: 'text', text });
        expect(sealField(text, KEY, place).c).not.toBe(one.c);
        expect(isSealedField(JSON.parse(JSON.stringify(one)))).toBe(true);
      }),
      runs(200),
    );
  });

  it('opens at no other place', () => {
    const sealed = sealField('Ann', KEY, place);
    for (const [part, value] of Object.entries({
      account: 'other',
      user: 'bob',
      event: PLACE.event.replace('6', '7'),
      pointer: '/data/username',
    }))
      expect(openField(sealed, found(), placeOfField({ ...PLACE, [part]: value }))).toEqual(UNREADABLE);
    expect(openField(sealed, found(), placeOfReason('acme', 'ann'))).toEqual(UNREADABLE);
    const reason = sealField('why', KEY, placeOfReason('acme', 'c-1'));
    expect(openField(reason, found(), placeOfReason('acme', 'c-2'))).toEqual(UNREADABLE);
    expect(openField(reason, found(), placeOfReason('other', 'c-1'))).toEqual(UNREADABLE);
  });

  it('opens with no other key, and after no change', () => {
    const sealed = sealField('Ann', KEY, place);
    expect(openField(sealed, found(keyOf(1)), place)).toEqual(UNREADABLE);
    const content = Buffer.from(sealed.c, 'base64');
    for (let at = 0; at < content.length; at += 1) {
      const changed = Buffer.from(content);
      changed[at] = changed[at]! ^ 0x80;
      expect(openField({ ...sealed, c: changed.toString('base64') }, found(), place)).toEqual(UNREADABLE);
    }
    for (const c of [
      '',
      'AAAA',
      sealed.c.slice(4),
      `${sealed.c} `,
      sealed.c.replace(/=*$/, ''),
      '🧑‍🚀',
      `${sealed.c}AAAA`,
    ])
      if (c !== sealed.c) expect(openField({ ...sealed, c }, found(), place)).toEqual(UNREADABLE);
  });

  it('has one text: other spellings of its base64 are not taken', () => {
    const { c } = sealField('A', KEY, place);
    expect(c).toMatch(/[^=]=$|[^=]==$/);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = c.replace(/=+$/, '').length - 1;
    const next = alphabet[alphabet.indexOf(c[last]!) + 1]!;
    const other = c.slice(0, last) + next + c.slice(last + 1);
    expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(c, 'base64'));
    expect(openField({ $enc: '1', k: KEY.id, c: other }, found(), place)).toEqual(UNREADABLE);
  });

  it('of a key that was erased is erased, and of one that is lost is unreadable', () => {
    const sealed = sealField('Ann', KEY, place);
    expect(openField(sealed, { state: 'erased' }, place)).toEqual({ state: 'erased' });
    expect(openField(sealed, { state: 'missing' }, place)).toEqual(UNREADABLE);
    expect(openField(sealed, { state: 'damaged' }, place)).toEqual(UNREADABLE);
  });

  it('cannot be made of half a character', () => {
    expect(() => sealField('\ud83e', KEY, place)).toThrow(RangeError);
    expect(() => placeOfReason('acme', '\ud83e')).toThrow();
  });

  it.each<[unknown, boolean]>([
    [{ $enc: '1', k: 'a', c: 'b' }, true],
    [{ $enc: '2', k: 'a', c: 'b' }, false],
    [{ $enc: 1, k: 'a', c: 'b' }, false],
    [{ $enc: '1', k: 'a' }, false],
    [{ $enc: '1', k: 'a', c: null }, false],
    [{ $enc: '1', k: 'a', c: 'b', d: 1 }, false],
    ['text', false],
    [null, false],
    [['1', 'a', 'b'], false],
  ])('%j: %s', (value, expected) => {
    expect(isSealedField(value)).toBe(expected);
  });
});

describe('the IV of a copy', () => {
  const secret = new HashSecret(bytes(100));

  it('is the same each time for one text at one place, and another one otherwise', () => {
    expect(ivOfCopy(secret, place, 'Ann').toString('hex')).toBe(GOLDEN.iv);
    const ivs = [
      ivOfCopy(secret, place, 'Ann'),
      ivOfCopy(secret, place, 'Bob'),
      ivOfCopy(secret, placeOfField({ ...PLACE, pointer: '/data/username' }), 'Ann'),
      ivOfCopy(new HashSecret(bytes(101)), place, 'Ann'),
    ];
    expect(new Set(ivs.map((iv) => iv.toString('hex'))).size).toBe(4);
  });

  it('makes copies equal byte for byte', () => {
    const copy = (): SealedField => sealField('Ann', KEY, place, ivOfCopy(secret, place, 'Ann'));
    expect(copy()).toEqual(copy());
    expect(openField(copy(), found(), place)).toEqual({ state: 'text', text: 'Ann' });
  });
});

describe('a keyed hash', () => {
  it('is HMAC-SHA256 of the digest under the secret', () => {
    const digest = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
    expect(new HashSecret(bytes(100)).of(digest, 'hex')).toBe(GOLDEN.hash);
    expect(new HashSecret(bytes(101)).of(digest, 'hex')).not.toBe(GOLDEN.hash);
    // RFC 4231, test case 2.
    expect(new HashSecret(Buffer.from('Jefe')).of('what do ya want for nothing?', 'hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('is what OpenSSL makes of any text, short or long, one after the other', () => {
    const secret = new HashSecret(bytes(100));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', minLength: 80, maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('hex' as const, 'base64url' as const), (any, encoding) => {
        expect(secret.of(any, encoding)).toBe(createHmac('sha256', bytes(100)).update(any).digest(encoding));
      }),
      runs(300),
    );
  });

  it('takes a secret of a block, and no longer one', () => {
    const block = Buffer.alloc(64, 7);
    expect(new HashSecret(block).of('Ann', 'hex')).toBe(
      createHmac('sha256', block).update('Ann').digest('hex'),
    );
    expect(() => new HashSecret(Buffer.alloc(65))).toThrow(RangeError);
  });

  it('shows its secret to neither logs nor JSON', () => {
    const secret = new HashSecret(Buffer.from('a secret'));
    expect(inspect(secret, { depth: 9, showHidden: true })).not.toMatch(/a secret|61 20 73 65/);
    expect(JSON.stringify(secret)).toBe('{}');
  });
});
