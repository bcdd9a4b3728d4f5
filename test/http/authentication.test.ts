import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  bearerToken,
  InvalidToken,
  issueOperatorToken,
  issueToken,
  loadSigningKey,
  tokenVerifier,
} from '../../src/http/authentication';

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

describe('Tokens', () => {
  const key = new Uint8Array(32).fill(7);
  const verify = tokenVerifier(key);

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
    await expect(verify(odd)).rejects.toThrow(InvalidToken);
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
      await expect(verify(token)).rejects.toThrow(InvalidToken);
    } finally {
      jest.useRealTimers();
    }
  });

  test('of another key are refused', async () => {
    const other = new Uint8Array(32).fill(8);
    const token = await issueToken(other, { account: 'demo', user: 'ana' });
    await expect(verify(token)).rejects.toThrow(InvalidToken);
    await expect(tokenVerifier(other)(token)).resolves.toMatchObject({ user: 'ana' });
  });

  test('are read from the header, whatever the case of its scheme', () => {
    expect(bearerToken('Bearer a.b.c')).toBe('a.b.c');
    expect(bearerToken('bearer a.b.c')).toBe('a.b.c');
    for (const header of [undefined, '', 'Basic a', 'Bearer', 'Bearer a b', 'Bearer <token>'])
      expect(bearerToken(header)).toBeNull();
  });
});
