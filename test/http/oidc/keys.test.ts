import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidTokenError } from '../../../src/http/authentication/identity';
import { AccessTokens } from '../../../src/http/authentication/oidc/access-tokens';
import { IssuerAwayError, IssuerKeys } from '../../../src/http/authentication/oidc/issuer-keys';
import { newKey, QUICK, TestIssuer, type Key } from './issuer';

/** Keys of an issuer as they change, and while it is away. */

let first: Key;
let second: Key;
let issuer: TestIssuer;
let tokens: AccessTokens;
let away: unknown[];
beforeAll(async () => {
  [first, second] = await Promise.all([newKey('first'), newKey('second')]);
});
beforeEach(async () => {
  issuer = await TestIssuer.start(first);
  away = [];
});
afterEach(async () => {
  tokens.close();
  await issuer.stop();
});

const open = (times: Partial<typeof QUICK> = {}): AccessTokens =>
  (tokens = new AccessTokens([issuer.settings()], {
    times: { ...QUICK, ...times },
    onAway: (_issuer, error) => away.push(error),
  }));

/** Waits until something holds; fails where it never does. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await sleep(10);
  }
  throw new Error('It never came to hold.');
}

const unknownKeys = async (count: number): Promise<string[]> => {
  const tokensOf = Array.from({ length: count }, (_, index) =>
    issuer.token(first, { header: { kid: `unknown-${index}` } }),
  );
  return Promise.all(tokensOf);
};

test('Keys are read once, by the document of discovery', async () => {
  open();
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, n) => issuer.token(first, { claims: { n } })),
  );
  await Promise.all(many.map((token) => tokens.verify(token)));
  expect(issuer.asked).toEqual({ '/.well-known/openid-configuration': 1, '/keys': 1 });
});

test('Keys change without a refused token: those that name the new one wait for one read', async () => {
  open();
  await tokens.verify(await issuer.token(first));
  issuer.keys = [second, first];
  issuer.delayMs = 50;
  const fresh = await Promise.all(
    Array.from({ length: 50 }, (_, n) => issuer.token(second, { claims: { n } })),
  );
  const old = await issuer.token(first, { claims: { n: 1 } });
  await Promise.all([...fresh, old].map((token) => tokens.verify(token)));
  expect(issuer.reads).toBe(2);
});

test('Keys that change twice in a moment are found twice', async () => {
  open({ cooldownMs: 60_000 });
  await tokens.verify(await issuer.token(first));
  issuer.keys = [second];
  await tokens.verify(await issuer.token(second));
  const third = await newKey('third');
  issuer.keys = [third];
  await tokens.verify(await issuer.token(third));
  expect(issuer.reads).toBe(3);
});

test('200 unknown keys cause one read, at once or one after the other', async () => {
  open({ cooldownMs: 60_000 });
  await tokens.verify(await issuer.token(first));
  const unknown = await unknownKeys(200);
  issuer.delayMs = 20;
  const answers = await Promise.allSettled(unknown.slice(0, 100).map((token) => tokens.verify(token)));
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(InvalidTokenError) as unknown });
  expect(issuer.reads).toBe(2);
  for (const token of unknown.slice(100))
    await expect(tokens.verify(token)).rejects.toThrow('The issuer has no such key.');
  expect(issuer.reads).toBe(2);
  await expect(tokens.verify(await issuer.token(first))).resolves.toBeDefined();
});

test('A new key soon after such a flood is waited for, not refused', async () => {
  open({ cooldownMs: 1_500 });
  await tokens.verify(await issuer.token(first));
  await Promise.allSettled((await unknownKeys(50)).map((token) => tokens.verify(token)));
  expect(issuer.reads).toBe(2);
  issuer.keys = [second];
  // Times of issue are whole seconds: this one is of the next.
  const iat = Math.floor(Date.now() / 1_000) + 1;
  const fresh = await Promise.all([1, 2, 3].map((n) => issuer.token(second, { claims: { n, iat } })));
  await Promise.all(fresh.map((token) => tokens.verify(token)));
  expect(issuer.reads).toBe(3);
});

test('Known keys are read again in the background; tokens by one that is gone hold no longer', async () => {
  open({ refreshMs: 50, cooldownMs: 20 });
  const token = await issuer.token(first);
  await tokens.verify(token);
  issuer.keys = [second];
  await until(async () =>
    tokens.verify(token).then(
      () => false,
      () => true,
    ),
  );
  await expect(tokens.verify(token)).rejects.toThrow('The issuer has no such key.');
  await expect(tokens.verify(await issuer.token(second))).resolves.toBeDefined();
});

test('A key under an id of before that is another one is another one', async () => {
  open({ refreshMs: 30 });
  const token = await issuer.token(first);
  await tokens.verify(token);
  const imposed = await newKey(first.id);
  issuer.keys = [imposed];
  await until(async () =>
    tokens.verify(token).then(
      () => false,
      () => true,
    ),
  );
  await expect(tokens.verify(await issuer.token(imposed))).resolves.toBeDefined();
});

test('While the issuer is away known keys go on, and it is asked again after pauses', async () => {
  open({ refreshMs: 30 });
  await tokens.verify(await issuer.token(first));
  issuer.up = false;
  await until(() => away.length > 0);
  await expect(tokens.verify(await issuer.token(first, { claims: { n: 2 } }))).resolves.toBeDefined();
  await expect(tokens.verify(await issuer.token(second))).rejects.toThrow(IssuerAwayError);
  // A bad token stays a bad one.
  await expect(tokens.verify(await issuer.token(first, { claims: { aud: 'x' } }))).rejects.toThrow(
    InvalidTokenError,
  );
  issuer.keys = [second];
  issuer.up = true;
  await until(async () =>
    tokens.verify(await issuer.token(second)).then(
      () => true,
      () => false,
    ),
  );
  expect(away).toEqual([expect.any(Error), null]);
});

test('A read that is under way when all is closed reports nothing', async () => {
  issuer.delayMs = 100;
  open();
  await until(() => Object.keys(issuer.asked).length > 0);
  tokens.close();
  await issuer.stop();
  issuer = await TestIssuer.start(first);
  await sleep(20);
  expect(away).toEqual([]);
});

test('Tokens do not make an issuer that is away be asked', async () => {
  open({ firstRetryMs: 60_000, longestRetryMs: 60_000 });
  issuer.up = false;
  for (const token of await unknownKeys(50))
    await expect(tokens.verify(token)).rejects.toThrow(IssuerAwayError);
  expect(issuer.asked).toEqual({ '/.well-known/openid-configuration': 1 });
});

test('An issuer that is away at the start is waited for by nobody, and found when it is back', async () => {
  issuer.up = false;
  open();
  const token = await issuer.token(first);
  await expect(tokens.verify(token)).rejects.toThrow(IssuerAwayError);
  issuer.up = true;
  await until(async () =>
    tokens.verify(token).then(
      () => true,
      () => false,
    ),
  );
});

test('An issuer that does not answer in time is away', async () => {
  issuer.delayMs = 5_000;
  open({ timeoutMs: 50 });
  await expect(tokens.verify(await issuer.token(first))).rejects.toThrow(IssuerAwayError);
});

test.each<[string, Record<string, unknown>]>([
  ['another issuer', { issuer: 'https://login.example.com' }],
  ['the issuer with a slash', { issuer: 'replaced below' }],
  ['keys that anyone may change on the way', { jwks_uri: 'http://login.example.com/keys' }],
  ['no keys', { jwks_uri: undefined }],
])('A document of discovery with %s is not followed', async (_what, discovery) => {
  issuer.discovery =
    discovery['issuer'] === 'replaced below' ? { issuer: `${issuer.url}/` } : { ...discovery };
  open();
  await expect(tokens.verify(await issuer.token(first))).rejects.toThrow(IssuerAwayError);
  expect(issuer.reads).toBe(0);
});

test('What is no set of keys takes none of those of before away', async () => {
  open({ refreshMs: 30 });
  await tokens.verify(await issuer.token(first));
  issuer.discovery = { jwks_uri: `${issuer.url}/.well-known/openid-configuration` };
  const keys = new IssuerKeys(issuer.url, { ...QUICK, onAway: (error) => away.push(error) });
  keys.start();
  await until(() => away.length > 0);
  expect(String(away[0])).toMatch(/has no list of keys/);
  expect(keys.current).toBeNull();
  keys.close();
  await expect(tokens.verify(await issuer.token(first, { claims: { n: 2 } }))).resolves.toBeDefined();
});
