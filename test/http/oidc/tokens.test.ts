import { createHmac, generateKeyPairSync } from 'node:crypto';
import { exportSPKI, importJWK, SignJWT, type KeyLike } from 'jose';
import { InvalidTokenError } from '../../../src/http/authentication/identity';
import { AccessTokens } from '../../../src/http/authentication/oidc/access-tokens';
import { newKey, QUICK, TestIssuer, type Key, type TokenOptions } from './issuer';

/** Tokens that are taken, and those that are not: one thing is wrong with each of these. */

let key: Key;
let issuer: TestIssuer;
let other: TestIssuer;
let tokens: AccessTokens;
beforeAll(async () => {
  key = await newKey('key-1');
  issuer = await TestIssuer.start(key);
  other = await TestIssuer.start(key);
  tokens = new AccessTokens([issuer.settings()], { times: QUICK });
});
afterAll(async () => {
  tokens.close();
  await Promise.all([issuer.stop(), other.stop()]);
});

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (fromNow: number): number => Math.floor(Date.now() / 1_000) + fromNow;
/** Token whose parts are written by hand. */
const written = (header: object, token: string, signature = (_signed: string) => ''): string => {
  const signed = `${base64url(header)}.${token.split('.')[1]}`;
  return `${signed}.${signature(signed)}`;
};

describe('Taken are', () => {
  test.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('tokens by %s', async (alg) => {
    const signing = await newKey(`key-${alg}`, alg);
    const by = await TestIssuer.start(signing);
    const taking = new AccessTokens([by.settings()], { times: QUICK });
    try {
      const { claims } = await taking.verify(await by.token(signing));
      expect(claims).toMatchObject({ iss: by.url, sub: 'subject-1' });
    } finally {
      taking.close();
      await by.stop();
    }
  });

  test.each<[string, () => TokenOptions]>([
    ['without a time before which it does not hold', () => ({ without: ['nbf'] })],
    ['whose times are off by the tolerance', () => ({ claims: { nbf: seconds(3), iat: seconds(3) } })],
    ['that ended within the tolerance', () => ({ claims: { exp: seconds(-3) } })],
    ['for several audiences', () => ({ claims: { aud: ['x', 'rolebook'] } })],
  ])('one %s', async (_what, options) => {
    await expect(tokens.verify(await issuer.token(key, options()))).resolves.toBeDefined();
  });
});

describe('Refused are', () => {
  test.each<[string, RegExp, () => TokenOptions]>([
    ['that ended', /exp/, () => ({ claims: { exp: seconds(-10) } })],
    ['that is not valid yet', /nbf/, () => ({ claims: { nbf: seconds(60) } })],
    ['of the future', /future/, () => ({ claims: { iat: seconds(60) } })],
    ['without an end', /exp/, () => ({ without: ['exp'] })],
    ['without a time of issue', /iat/, () => ({ without: ['iat'] })],
    ['whose end is a text', /exp/, () => ({ claims: { exp: 'soon' as unknown as number } })],
    ['for another audience', /aud/, () => ({ claims: { aud: 'other' } })],
    ['for no audience', /aud/, () => ({ without: ['aud'] })],
    ['of no issuer', /issuer/, () => ({ without: ['iss'] })],
    ['of another issuer', /issuer/, () => ({ claims: { iss: other.url } })],
    ['of an issuer by a longer name', /issuer/, () => ({ claims: { iss: `${issuer.url}/` } })],
    ['of another type', /type/, () => ({ header: { typ: 'JWT' } })],
    ['of its type in other letters', /type/, () => ({ header: { typ: 'AT+JWT' } })],
    ['without a type', /type/, () => ({ header: { typ: undefined } })],
    ['without a key', /key/, () => ({ header: { kid: undefined } })],
    ['with a critical extension', /critical|verified/, () => ({ header: { b64: true, crit: ['b64'] } })],
    ['with a nonce', /ID token/, () => ({ claims: { nonce: 'n' } })],
    ['with a hash of an access token', /ID token/, () => ({ claims: { at_hash: 'h' } })],
    ['with a hash of a code', /ID token/, () => ({ claims: { c_hash: 'h' } })],
  ])('one %s', async (_what, why, options) => {
    const refused = tokens.verify(await issuer.token(key, options()));
    await expect(refused).rejects.toThrow(InvalidTokenError);
    await expect(refused).rejects.toThrow(why);
  });

  test('one whose extension is unknown', async () => {
    const token = await issuer.token(key);
    const header = { alg: 'ES256', typ: 'at+jwt', kid: key.id, crit: ['x'], x: 1 };
    await expect(tokens.verify(written(header, token, () => 'AAAA'))).rejects.toThrow(/critical/);
  });

  test('one by a key of the same id that is another', async () => {
    const stranger = await newKey(key.id);
    await expect(tokens.verify(await issuer.token(stranger))).rejects.toThrow(/signature/);
  });

  test('one by a weaker algorithm', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = { alg: 'RS512', typ: 'at+jwt', kid: key.id };
    const token = new SignJWT({}).setProtectedHeader(header).sign(privateKey as unknown as KeyLike);
    await expect(tokens.verify(await token)).rejects.toThrow(/algorithm|issuer/);
    const named = written(header, await issuer.token(key), () => 'AAAA');
    await expect(tokens.verify(named)).rejects.toThrow(/algorithm/);
  });

  test('one without a signature, however `none` is written', async () => {
    const token = await issuer.token(key);
    for (const alg of ['none', 'None', 'NONE', ''])
      await expect(tokens.verify(written({ alg, typ: 'at+jwt', kid: key.id }, token))).rejects.toThrow(
        /algorithm/,
      );
    const bare = token.slice(0, token.lastIndexOf('.') + 1);
    await expect(tokens.verify(bare)).rejects.toThrow(InvalidTokenError);
  });

  test('one signed with the public key as a secret', async () => {
    const token = await issuer.token(key);
    const text = await exportSPKI((await importJWK(key.jwk, 'ES256')) as KeyLike);
    for (const secret of [text, text.trim(), JSON.stringify(key.jwk), JSON.stringify({ keys: [key.jwk] })])
      for (const alg of ['HS256', 'ES256']) {
        const sign = (signed: string): string =>
          createHmac('sha256', secret).update(signed).digest('base64url');
        const forged = written({ alg, typ: 'at+jwt', kid: key.id }, token, sign);
        await expect(tokens.verify(forged)).rejects.toThrow(InvalidTokenError);
      }
  });

  test('one that brings its own key', async () => {
    const stranger = await newKey('mine');
    for (const header of [
      { jwk: stranger.jwk },
      { kid: key.id, jwk: stranger.jwk },
      { kid: key.id, jku: `${other.url}/keys` },
    ])
      await expect(tokens.verify(await issuer.token(stranger, { header }))).rejects.toThrow(
        InvalidTokenError,
      );
    expect(other.reads).toBe(0);
  });

  test.each<[string, object, object]>([
    ['an issuer that is no text', {}, { iss: { toString: 1, valueOf: 1 } }],
    ['an algorithm that is no text', { alg: { toString: 1, valueOf: 1 } }, {}],
    ['a time of issue that is no number', {}, { iat: { toString: 1, valueOf: 1 } }],
    ['a time of issue that is a text', {}, { iat: 'zz' }],
    ['a key id that is a list', { kid: ['key-1'] }, {}],
  ])('one with %s, without asking the issuer', async (_what, header, claims) => {
    const asked = { ...issuer.asked };
    const whole = { typ: 'at+jwt', alg: 'ES256', kid: 'unknown', ...header };
    const sound = { iss: issuer.url, aud: 'rolebook', sub: 'ada', iat: seconds(0), exp: seconds(60) };
    const token = `${base64url(whole)}.${base64url({ ...sound, ...claims })}.AAAA`;
    await expect(tokens.verify(token)).rejects.toThrow(InvalidTokenError);
    expect(issuer.asked).toEqual(asked);
  });

  test('a changed one, in any part, and any other spelling of it', async () => {
    const token = await issuer.token(key);
    const [header = '', body = '', signature = ''] = token.split('.');
    const changed = base64url({
      ...(JSON.parse(String(Buffer.from(body, 'base64url'))) as object),
      sub: 'x',
    });
    for (const text of [
      `${header}.${changed}.${signature}`,
      `${base64url({ typ: 'at+jwt', alg: 'ES256', kid: key.id })}.${body}.${signature}`,
      `${token}=`,
      `${token}.`,
      `${token}.x`,
      `.${token}`,
      token.toUpperCase(),
      'x',
      '',
      '..',
    ])
      await expect(tokens.verify(text)).rejects.toThrow(InvalidTokenError);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const letter of letters)
      if (!token.endsWith(letter))
        await expect(tokens.verify(token.slice(0, -1) + letter)).rejects.toThrow(InvalidTokenError);
    await expect(tokens.verify(token)).resolves.toBeDefined();
  });
});

test('A token holds until it ends, a known one too', async () => {
  const start = Date.now();
  const token = await issuer.token(key);
  await tokens.verify(token);
  jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    jest.setSystemTime(start + 299_000);
    await expect(tokens.verify(token)).resolves.toBeDefined();
    jest.setSystemTime(start + 306_000);
    await expect(tokens.verify(token)).rejects.toThrow(/exp/);
  } finally {
    jest.useRealTimers();
  }
});

test('Each issuer has its own type, audience and keys', async () => {
  const theirs = await newKey('key-1', 'RS256');
  const second = await TestIssuer.start(theirs);
  const both = new AccessTokens([issuer.settings(), second.settings({ tokenType: 'JWT', audience: 'api' })], {
    times: QUICK,
  });
  try {
    const sound = { header: { typ: 'JWT' }, claims: { aud: 'api' } };
    await expect(both.verify(await issuer.token(key))).resolves.toMatchObject({
      issuer: { issuer: issuer.url },
    });
    await expect(both.verify(await second.token(theirs, sound))).resolves.toBeDefined();
    await expect(both.verify(await second.token(theirs))).rejects.toThrow(/type/);
    await expect(both.verify(await second.token(key, sound))).rejects.toThrow(InvalidTokenError);
    await expect(both.verify(await issuer.token(theirs))).rejects.toThrow(InvalidTokenError);
  } finally {
    both.close();
    await second.stop();
  }
});
