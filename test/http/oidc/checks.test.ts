import type { OidcIssuer } from '../../../src/config/oidc-issuer';
import { AccessTokens, decoded } from '../../../src/http/authentication/oidc/access-tokens';
import { checksOf, type TokenCheck } from '../../../src/http/authentication/oidc/checks';
import { newKey, QUICK, TestIssuer, type Key, type TokenOptions } from './issuer';

/** Checks one by one, beside the code that takes and refuses tokens. */

let key: Key;
let rsa: Key;
let issuer: TestIssuer;
let tokens: AccessTokens;
const now = Math.floor(Date.now() / 1_000);
beforeAll(async () => {
  [key, rsa] = [await newKey('key-1'), await newKey('key-2', 'RS256')];
  issuer = await TestIssuer.start(key);
  tokens = new AccessTokens([issuer.settings()], { times: QUICK });
});
afterAll(async () => {
  tokens.close();
  await issuer.stop();
});

const look = async (token: string, known: OidcIssuer | null = issuer.settings()): Promise<TokenCheck[]> =>
  checksOf(token, await decoded(token), known, tokens);

const isTaken = (token: string): Promise<boolean> =>
  tokens.verify(token).then(
    () => true,
    () => false,
  );

const notPassed = (checks: readonly TokenCheck[]): string[] =>
  checks.filter(({ result }) => result !== 'passed').map(({ check, result }) => `${check}: ${result}`);

const SPOILT: Record<string, [TokenOptions, readonly string[]]> = {
  nothing: [{}, []],
  'a list of audiences': [{ claims: { aud: ['other', 'rolebook'] } }, []],
  'a time that is bearable': [{ claims: { exp: now - 1, nbf: now + 1 } }, []],
  audience: [{ claims: { aud: 'other' } }, ['audience: failed']],
  'no audience': [{ without: ['aud'] }, ['audience: failed']],
  expiry: [{ claims: { exp: now - 60 } }, ['expires (exp): failed']],
  'no expiry': [{ without: ['exp'] }, ['expires (exp): failed']],
  'not yet': [{ claims: { nbf: now + 60 } }, ['not before (nbf): failed']],
  'issued later': [{ claims: { iat: now + 60 } }, ['issued (iat): failed']],
  'not issued': [{ without: ['iat'] }, ['issued (iat): failed']],
  type: [
    { header: { typ: 'JWT' } },
    ['type: failed', 'key is published: not checked', 'signature: not checked'],
  ],
  'no key': [
    { header: { kid: undefined } },
    ['key: failed', 'key is published: not checked', 'signature: not checked'],
  ],
  'another key': [{ header: { kid: 'key-9' } }, ['key is published: failed', 'signature: not checked']],
  'an ID token': [{ claims: { nonce: 'x' } }, ['no ID token: failed']],
  'several at once': [
    { claims: { aud: 'other', exp: now - 60, at_hash: 'x' } },
    ['audience: failed', 'expires (exp): failed', 'no ID token: failed'],
  ],
};

test.each(Object.entries(SPOILT))('A token with this spoilt: %s', async (_name, [options, expected]) => {
  const token = await issuer.token(key, options);
  expect(notPassed(await look(token))).toEqual(expected);
  expect(await isTaken(token)).toBe(expected.length === 0);
});

test('A signature of another key under a published name, and a spelling that nobody issued', async () => {
  const forged = await issuer.token(rsa, { header: { kid: 'key-1' } });
  expect(notPassed(await look(forged))).toEqual(['signature: failed']);
  expect(await isTaken(forged)).toBe(false);
  const good = await issuer.token(key);
  const [header = '', claims = '', signature = ''] = good.split('.');
  const changed = Buffer.from(claims, 'base64url').toString().replace('subject-1', 'subject-2');
  const altered = `${header}.${Buffer.from(changed).toString('base64url')}.${signature}`;
  expect(notPassed(await look(altered))).toEqual(['signature: failed']);
  expect(await isTaken(altered)).toBe(false);
  const padded = `${header}.${claims}.${signature}=`;
  expect(notPassed(await look(padded))).toContain('spelling: failed');
  expect(await isTaken(padded)).toBe(false);
});

test('Unsigned ones, and those of strangers', async () => {
  const [, claims = ''] = (await issuer.token(key)).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'key-1' })).toString(
    'base64url',
  );
  const unsigned = `${none}.${claims}.`;
  expect(notPassed(await look(unsigned))).toEqual([
    'algorithm: failed',
    'key is published: not checked',
    'signature: not checked',
  ]);
  expect(await isTaken(unsigned)).toBe(false);
  const stranger = await issuer.token(key, { claims: { iss: 'https://x.example' } });
  expect(notPassed(await look(stranger, null))).toEqual(['issuer: failed']);
  expect(await isTaken(stranger)).toBe(false);
});
