import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decodeJwt } from 'jose';
import { ConfigError } from '../../src/config/config';
import { bearerToken, InvalidTokenError } from '../../src/http/authentication/identity';
import { issueOperatorToken, issueToken, localTokens } from '../../src/http/authentication/local-tokens';
import { existingSigningKey, loadSigningKey } from '../../src/http/authentication/signing-key';

describe('Signing keys', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-key-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const fileIn = (name: string) => ({ signingKeyFile: path.join(folder, name) });

  test('one is made at first start, readable by its owner alone, and kept', () => {
    const file = fileIn('new/signing.key');
    const key = loadSigningKey(file);
    expect(key).toHaveLength(32);
    expect(statSync(file.signingKeyFile).mode & 0o777).toBe(0o600);
    expect(loadSigningKey(file)).toEqual(key);
  });

  test.each([
    ['is too short', (file: string) => writeFileSync(file, 'secret')],
    ['lacks a digit', (file: string) => writeFileSync(file, 'ab'.repeat(31) + 'a')],
    ['is empty', (file: string) => writeFileSync(file, '')],
    ['is a folder', (file: string) => mkdirSync(file)],
  ])('one that %s is a fault of the settings, and its content is not told', (_what, make) => {
    const file = fileIn('faulty');
    make(file.signingKeyFile);
    for (const load of [loadSigningKey, existingSigningKey]) {
      expect(() => load(file)).toThrow(ConfigError);
      expect(() => load(file)).toThrow(/ROLEBOOK_SIGNING_KEY_FILE: .*faulty /);
      expect(() => load(file)).not.toThrow(/secret|abab/);
    }
  });

  test('one that cannot be made is one, too', () => {
    const file = fileIn('a file');
    writeFileSync(file.signingKeyFile, '');
    expect(() => loadSigningKey(fileIn('a file/signing.key'))).toThrow(ConfigError);
  });

  test('making one leaves nothing else behind', () => {
    loadSigningKey(fileIn('signing.key'));
    expect(readdirSync(folder)).toEqual(['signing.key']);
  });

  test('a raw one serves, a short one does not', () => {
    const raw = fileIn('raw');
    writeFileSync(raw.signingKeyFile, Buffer.alloc(32, 255));
    expect(loadSigningKey(raw)).toEqual(new Uint8Array(32).fill(255));
    const short = fileIn('short');
    writeFileSync(short.signingKeyFile, 'secret');
    expect(() => loadSigningKey(short)).toThrow('32 bytes');
    expect(() => loadSigningKey(short)).not.toThrow('secret ');
    expect(readFileSync(short.signingKeyFile, 'utf8')).toBe('secret');
  });
});

/** A token whose text has a letter. */
async function tokenWith(letter: string, key: Uint8Array): Promise<string> {
  for (let n = 0; ; n += 1) {
    const token = await issueToken(key, { account: 'demo', user: `user-${n}` });
    if (token.includes(letter)) return token;
  }
}

describe('Tokens', () => {
  const key = new Uint8Array(32).fill(7);
  const tokens = localTokens(key);
  const verify = (token: string) => tokens.identify(token);

  test('say who asks', async () => {
    expect(await verify(await issueToken(key, { account: 'demo', user: 'ana' }))).toEqual({
      kind: 'user',
      account: 'demo',
      user: 'ana',
    });
    expect(await verify(await issueOperatorToken(key))).toEqual({ kind: 'operator' });
  });

  test('name a user of an account that can exist', async () => {
    const odd = await issueToken(key, { account: 'demo', user: '../x' });
    await expect(verify(odd)).rejects.toThrow(InvalidTokenError);
  });

  test('end when they say, also one that is remembered', async () => {
    const start = Date.now();
    jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const expiresAt = new Date(start + 60_000);
      const token = await issueToken(key, { account: 'demo', user: 'ana' }, { expiresAt });
      await expect(verify(token)).resolves.toMatchObject({ user: 'ana' });
      jest.setSystemTime(start + 58_000);
      await expect(verify(token)).resolves.toMatchObject({ user: 'ana' });
      jest.setSystemTime(start + 61_000);
      await expect(verify(token)).rejects.toThrow(InvalidTokenError);
    } finally {
      jest.useRealTimers();
    }
  });

  test('end after 30 days, those of operators after an hour, unless something else is said', async () => {
    const lifetime = (token: string): number => {
      const { exp = 0, iat = 0 } = decodeJwt(token);
      return exp - iat;
    };
    const who = { account: 'demo', user: 'ana' };
    const expiresAt = new Date(Date.now() + 120_000);
    // Times are whole seconds, and the two of a token may be read in different ones.
    expect(Math.abs(lifetime(await issueToken(key, who)) - 30 * 86_400)).toBeLessThanOrEqual(1);
    expect(Math.abs(lifetime(await issueOperatorToken(key)) - 3_600)).toBeLessThanOrEqual(1);
    expect(Math.abs(lifetime(await issueToken(key, who, { expiresAt })) - 120)).toBeLessThanOrEqual(1);
  });

  test('of another key are refused', async () => {
    const other = new Uint8Array(32).fill(8);
    const token = await issueToken(other, { account: 'demo', user: 'ana' });
    await expect(verify(token)).rejects.toThrow(InvalidTokenError);
    await expect(localTokens(other).identify(token)).resolves.toMatchObject({ user: 'ana' });
  });

  test('have one text: unused bits of a last character tell no two of them apart', async () => {
    const token = await issueToken(key, { account: 'demo', user: 'ana' });
    const parts = token.split('.');
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    let others = 0;
    for (const [place, part] of parts.entries()) {
      for (const letter of letters) {
        const other = parts.with(place, part.slice(0, -1) + letter).join('.');
        if (other === token) continue;
        others += 1;
        await expect(verify(other)).rejects.toThrow(InvalidTokenError);
      }
      for (const padded of [`${part}=`, `${part}.`, `.${part}`])
        await expect(verify(parts.with(place, padded).join('.'))).rejects.toThrow(InvalidTokenError);
    }
    expect(others).toBe(3 * 63);
    await expect(verify(token)).resolves.toMatchObject({ user: 'ana' });
    // The other alphabet of base64 is another text.
    const plain = await tokenWith('-', key);
    await expect(verify(plain)).resolves.toMatchObject({ kind: 'user' });
    await expect(verify(plain.replaceAll('-', '+'))).rejects.toThrow(InvalidTokenError);
  });

  test('are read from the header, whatever the case of its scheme', () => {
    expect(bearerToken('Bearer a.b.c')).toBe('a.b.c');
    expect(bearerToken('bearer a.b.c')).toBe('a.b.c');
    for (const header of [undefined, '', 'Basic a', 'Bearer', 'Bearer a b', 'Bearer <token>'])
      expect(bearerToken(header)).toBeNull();
  });
});
