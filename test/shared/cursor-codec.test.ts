import fc from 'fast-check';
import { CursorCodec } from '../../src/shared/cursor-codec';

/** Cursors as clients see them: bound to the account, and readable by nobody else. */

const codec = new CursorCodec('a line');
const cursor = (values: unknown): string => Buffer.from(JSON.stringify(values)).toString('base64url');

test('each cursor opens for its account, on every replica, and always has the same text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (values, account) => {
      const sealed = codec.seal(cursor(values), account);
      expect(new CursorCodec('a line').open(sealed, account)).toBe(cursor(values));
      expect(new CursorCodec('a line').seal(cursor(values), account)).toBe(sealed);
    }),
  );
});

test('no other account and no other log takes it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), fc.string(), (values, account, other) => {
      fc.pre(account !== other);
      const sealed = codec.seal(cursor(values), account);
      expect(codec.open(sealed, other)).toBeNull();
      expect(new CursorCodec('another line').open(sealed, account)).toBeNull();
      expect(codec.seal(cursor(values), other)).not.toBe(sealed);
    }),
  );
});

test('it shows nothing of what it holds', () => {
  const sealed = codec.seal(cursor(['users', 'ada lovelace', 4711]), 'acme');
  const text = Buffer.from(sealed, 'base64url').toString('latin1');
  for (const held of ['users', 'ada', '4711']) expect(text).not.toContain(held);
});

test('a changed one does not open, whichever bit changed, and nor does any other text', () => {
  const bytes = Buffer.from(codec.seal(cursor(['users', 'ada', 1]), 'acme'), 'base64url');
  for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(codec.open(changed.toString('base64url'), 'acme')).toBeNull();
  }
  for (const text of ['', 'x', '=', '*', cursor(['users', 'ada', 1]), 'A'.repeat(22), 'A'.repeat(100_000)])
    expect(codec.open(text, 'acme')).toBeNull();
});

test('one cursor has one text: unused bits of its last character tell no two apart', () => {
  const sealed = codec.seal(cursor(['ab']), 'acme');
  // The bytes are no multiple of three, so that the last character has unused bits.
  expect(Buffer.from(sealed, 'base64url').length % 3).not.toBe(0);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const texts = [...alphabet].map((last) => sealed.slice(0, -1) + last);
  expect(texts.filter((text) => codec.open(text, 'acme') !== null)).toEqual([sealed]);
});
