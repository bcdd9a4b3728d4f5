import { explainToken } from '../../../src/http/authentication/oidc/explain';
import { ACCOUNT, ADMIN, startTestServer, type TestServer } from '../harness';
import { newKey, TestIssuer, type Key } from './issuer';

/** Findings that an operator is told of a token. */

let key: Key;
let issuer: TestIssuer;
let server: TestServer;
beforeAll(async () => {
  key = await newKey('key-1');
  issuer = await TestIssuer.start(key);
  server = await startTestServer();
  await server.run({ type: 'linkUserIdentity', user: ADMIN, issuer: issuer.url, subject: 'subject-1' });
});
afterAll(async () => {
  await server.close();
  await issuer.stop();
});

const explain = async (token: string, given = {}): Promise<Record<string, string>> =>
  Object.fromEntries(await explainToken(token, [issuer.settings(given)], server.readModels));

test('A token of an admin is taken, and what the admin may do is listed', async () => {
  const token = await issuer.token(key);
  const found = await explain(token);
  expect(found).toMatchObject({
    taken: 'yes',
    names: 'a person',
    'subject (/sub)': '"subject-1"',
    'account (/rolebook_account)': ACCOUNT,
    user: `User:${ADMIN}, ada@example.com, ACTIVE`,
    roles: 'account-admin',
  });
  expect(found.permissions).toContain('roles/manage');
  for (const part of token.split('.')) expect(JSON.stringify(found)).not.toContain(part);
});

test('One that is refused says why, and whom it would name', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const expired = await explain(await issuer.token(key, { claims: { exp: now - 60 } }));
  expect(expired).toMatchObject({ names: 'a person', roles: 'account-admin' });
  expect(expired.taken).toMatch(/^no: .*exp/);
  const audience = await explain(await issuer.token(key, { claims: { aud: 'other' } }));
  expect(audience).toMatchObject({ audience: '"other"' });
  expect(audience.taken).toMatch(/^no: .*aud/);
  expect(await explain('x')).toEqual({ taken: 'no: It is no JWT.' });
  const stranger = await explain(await issuer.token(key, { claims: { iss: 'https://x.example' } }));
  expect(stranger.taken).toMatch(/^no: Its issuer is none/);
  expect(stranger.names).toBeUndefined();
});

test('One of an operator, of nobody, and of somebody who is linked to nobody', async () => {
  const operator = { pointer: ['role'], value: 'ops' };
  expect(await explain(await issuer.token(key, { claims: { role: 'ops' } }), { operator })).toMatchObject({
    names: 'an operator',
  });
  expect(await explain(await issuer.token(key, { without: ['rolebook_account'] }))).toMatchObject({
    names: 'nobody: It names no account.',
  });
  const unknown = await issuer.token(key, { claims: { sub: 'x', preferred_username: 'x\u001b[2J\u009b' } });
  expect((await explain(unknown)).user).toBe('none: the identity is linked to nobody');
  expect((await explain(unknown, { register: true })).user).toBe(
    'none yet: the first request registers "x\\u001b[2J\\u009b", unless the username is taken',
  );
  const elsewhere = await issuer.token(key, { claims: { rolebook_account: 'nowhere' } });
  expect((await explain(elsewhere)).user).toBe('none: there is no such account');
});

test('An issuer that cannot be asked leaves it open', async () => {
  issuer.up = false;
  try {
    expect((await explain(await issuer.token(key))).taken).toMatch(/^not known/);
  } finally {
    issuer.up = true;
  }
});
