import { setTimeout as sleep } from 'node:timers/promises';
import { issueOperatorToken } from '../../../src/http/authentication/local-tokens';
import {
  ACCOUNT,
  ADMIN,
  codesOf,
  dataOf,
  openAccount,
  startTestServer,
  type Answer,
  type TestServer,
} from '../harness';
import { AUDIENCE, newKey, TestIssuer, type Key } from './issuer';

/** Requests with access tokens, from their claims to users, operators, or nobody. */

const ME = '{ me { id username name lastLoginAt } }';

let key: Key;
let issuer: TestIssuer;
let server: TestServer;
beforeAll(async () => {
  key = await newKey('key-1');
  issuer = await TestIssuer.start(key);
  server = await startTestServer({
    environment: {
      ROLEBOOK_OIDC_ISSUER: issuer.url,
      ROLEBOOK_OIDC_AUDIENCE: AUDIENCE,
      ROLEBOOK_OIDC_OPERATOR: '/roles=rolebook-operator',
      ROLEBOOK_OIDC_REGISTER: 'on',
      ROLEBOOK_METRICS_TOKEN: 'scraper-of-these-tests',
    },
  });
  await server.run({ type: 'linkUserIdentity', user: ADMIN, issuer: issuer.url, subject: 'sub-ada' });
});
afterAll(async () => {
  await server.close();
  await issuer.stop();
});

const ask = (token: string, query = ME, variables?: object): Promise<Answer> =>
  server.graphql(query, variables, { as: null, headers: { authorization: `Bearer ${token}` } });
const tokenOf = (sub: string, claims: object = {}): Promise<string> =>
  issuer.token(key, { claims: { sub, ...claims } });
const events = async (type: string): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const event of server.store.readAll()) if (event.type === type) found.push(event);
  return found;
};
const told = () => server.log.filter(({ code }) => code === 'IDENTITY_UNLINKED');

test('A linked subject is its user', async () => {
  expect(dataOf(await ask(await tokenOf('sub-ada'))).me).toMatchObject({ username: 'ada@example.com' });
});

test('Tokens that name nobody are refused in the same words as bad ones', async () => {
  await openAccount(server.run, 'other', 'olga', 'Olga Other');
  const wrongAudience = await ask(await tokenOf('sub-ada', { aud: 'other' }));
  const bodies = [wrongAudience];
  for (const token of [
    await tokenOf('sub-nobody'),
    await tokenOf('sub-ada', { rolebook_account: 'other' }),
    await tokenOf('sub-ada', { rolebook_account: 'nowhere' }),
    await tokenOf('sub-ada', { rolebook_account: '../x' }),
    await tokenOf('sub-ada', { rolebook_account: undefined }),
    await tokenOf('', {}),
    await server.token(ADMIN),
  ])
    bodies.push(await ask(token));
  for (const { status, errors, headers } of bodies) {
    expect({ status, errors }).toEqual({ status: 401, errors: wrongAudience.errors });
    expect(headers.get('www-authenticate')).toBe('Bearer');
  }
  expect(wrongAudience.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('An operator is not a user, and may ask for the digest', async () => {
  const operator = await tokenOf('sub-ada', { roles: ['x', 'rolebook-operator'] });
  expect(codesOf(await ask(operator))).toEqual(['UNAUTHENTICATED']);
  const digest = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${server.url}/metrics?digest=1`, { headers })).status;
  };
  const known = await fetch(`${server.url}/operator/commands`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf('sub-ada')}`, 'content-type': 'application/json' },
    body: '[]',
  });
  expect(known.status).toBe(401);
  expect(await digest(await tokenOf('sub-ada'))).toBe(401);
  expect(await digest(await issueOperatorToken(server.signingKey))).toBe(401);
  expect(await digest(operator)).toBe(200);
});

test('A registration is one command, whatever the number of requests that it comes from', async () => {
  const before = (await events('UserRegistered')).length;
  const claims = { preferred_username: 'new@example.com', name: 'Nora New' };
  const token = await tokenOf('sub-new', claims);
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(token)));
  const ids = new Set(answers.map((answer) => (dataOf(answer).me as { id: string }).id));
  expect(ids.size).toBe(1);
  expect(dataOf(answers[0]!).me).toMatchObject({ username: 'new@example.com', name: 'Nora New' });
  expect(await events('UserRegistered')).toHaveLength(before + 1);
  // Nothing may be asked that needs a role.
  const roles = await ask(token, '{ roles { nodes { id } } }');
  expect(codesOf(roles)).toEqual(['FORBIDDEN']);
  // Claims that change later change no user.
  const renamed = await ask(await tokenOf('sub-new', { ...claims, preferred_username: 'other@example.com' }));
  expect(dataOf(renamed).me).toMatchObject({ username: 'new@example.com' });
});

test('A username that is taken is not taken over', async () => {
  const before = told().length;
  const token = await tokenOf('sub-thief', { preferred_username: 'ADA@example.com', name: 'Ada' });
  const refused = [await ask(token), await ask(token)];
  for (const answer of refused) expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
  expect(server.reads.userByIdentity(ACCOUNT, { issuer: issuer.url, subject: 'sub-thief' })).toBeNull();
  expect(told().slice(before)).toMatchObject([{ account: ACCOUNT, why: 'USERNAME_TAKEN' }]);
  expect(JSON.stringify(told())).not.toMatch(/thief|ADA@|ada@/);
});

test('Nobody is registered without a username, nor in an account that there is not', async () => {
  const before = (await events('UserRegistered')).length;
  for (const claims of [
    {},
    { preferred_username: '' },
    { preferred_username: 7 },
    { preferred_username: ' ' },
  ])
    expect(codesOf(await ask(await tokenOf('sub-nameless', claims)))).toEqual(['UNAUTHENTICATED']);
  const elsewhere = { preferred_username: 'x@example.com', rolebook_account: 'nowhere' };
  expect(codesOf(await ask(await tokenOf('sub-x', elsewhere)))).toEqual(['UNAUTHENTICATED']);
  expect(await events('UserRegistered')).toHaveLength(before);
});

test('Whoever is unlinked, deactivated or erased is refused at the next request, and not registered again', async () => {
  for (const [name, end] of [
    [
      'unlinked',
      (user: string) =>
        server.run({ type: 'unlinkUserIdentity', user, issuer: issuer.url, subject: 'sub-unlinked' }),
    ],
    ['deactivated', (user: string) => server.run({ type: 'deactivateUser', user })],
    ['erased', (user: string) => server.run({ type: 'eraseUser', user })],
  ] as const) {
    const token = await tokenOf(`sub-${name}`, { preferred_username: `${name}@example.com` });
    const { id } = dataOf(await ask(token)).me as { id: string };
    await end(id.replace('User:', ''));
    const before = (await events('UserRegistered')).length;
    expect(codesOf(await ask(token))).toEqual(['UNAUTHENTICATED']);
    expect(await events('UserRegistered')).toHaveLength(before);
  }
});

test('A token that cannot become a user writes once, however often it is sent', async () => {
  await server.run({ type: 'registerUser', user: 'gone', username: 'gone' });
  await server.run({ type: 'linkUserIdentity', user: 'gone', issuer: issuer.url, subject: 'sub-gone' });
  await server.run({ type: 'eraseUser', user: 'gone' });
  const token = await tokenOf('sub-gone', { preferred_username: 'free@example.com' });
  expect(codesOf(await ask(token))).toEqual(['UNAUTHENTICATED']);
  const before = (await events('Claimed')).length;
  for (let n = 0; n < 5; n += 1) expect(codesOf(await ask(token))).toEqual(['UNAUTHENTICATED']);
  expect(await events('Claimed')).toHaveLength(before);
  await server.run({ type: 'registerUser', user: 'free', username: 'free@example.com' });
});

test('The first sign-in of a day is recorded, and no other', async () => {
  const token = await tokenOf('sub-daily', { preferred_username: 'daily@example.com' });
  const { id } = dataOf(await ask(token)).me as { id: string };
  const user = id.replace('User:', '');
  const logins = async (): Promise<unknown[]> =>
    (await events('UserLoggedIn')).filter((event) => (event as { stream: string }).stream.includes(user));
  for (let tries = 0; tries < 300 && (await logins()).length === 0; tries += 1) await sleep(10);
  await Promise.all(Array.from({ length: 5 }, () => ask(token)));
  await ask(await tokenOf('sub-daily'));
  expect(await logins()).toHaveLength(1);
  expect(await logins()).toMatchObject([
    { metadata: { actorType: 'service', actorId: `oidc:${new URL(issuer.url).host}` } },
  ]);
});

test('The exact last sign-in is the first use of a token, which the record need not have', async () => {
  const lastLogin = async (token: string): Promise<number> =>
    Date.parse(String((dataOf(await ask(token)).me as { lastLoginAt: string | null }).lastLoginAt));
  const issued = (agoS: number) => ({ iat: Math.floor(Date.now() / 1_000) - agoS });
  const first = await tokenOf('sub-exact', { preferred_username: 'exact@example.com', ...issued(1) });
  const began = Date.now();
  const { id } = dataOf(await ask(first)).me as { id: string };
  // The record of the day has a time of its own, right after it.
  const recorded = async (): Promise<boolean> =>
    (await events('UserLoggedIn')).some((event) =>
      (event as { stream: string }).stream.includes(id.slice(5)),
    );
  for (let tries = 0; tries < 300 && !(await recorded()); tries += 1) await sleep(10);
  expect(await server.readModels.waitForHead(5_000)).toBe(true);
  const signedIn = await lastLogin(first);
  expect(signedIn).toBeGreaterThanOrEqual(began);
  // A use of a token that was used before, or that is older than the latest sign-in, is none.
  const older = await tokenOf('sub-exact', { jti: 'older', ...issued(60) });
  await ask(older);
  expect([await lastLogin(first), await lastLogin(older)]).toEqual([signedIn, signedIn]);
  const later = await tokenOf('sub-exact', { iat: Math.ceil(Date.now() / 1_000) + 1 });
  expect(await lastLogin(later)).toBeGreaterThan(signedIn);
});

test('Admins see who was refused for want of a link, until it is there; nobody else does', async () => {
  const UNLINKED =
    '{ me { id } account { unlinkedIdentities { issuer subject username name why lastAttemptAt } } }';
  const admin = await tokenOf('sub-ada');
  const listed = async () => {
    const { account } = dataOf(await ask(admin, UNLINKED));
    const { unlinkedIdentities } = account as { unlinkedIdentities: { subject: string }[] };
    return unlinkedIdentities.filter(({ subject }) => subject.startsWith('sub-list'));
  };
  const claims = { preferred_username: 'ada@example.com', name: 'Ada Twice' };
  await ask(await tokenOf('sub-list-a', claims));
  await ask(await tokenOf('sub-list-b'));
  expect(await listed()).toMatchObject([
    { issuer: issuer.url, subject: 'sub-list-b', username: null, name: null, why: 'NO_USERNAME' },
    { subject: 'sub-list-a', username: 'ada@example.com', name: 'Ada Twice', why: 'USERNAME_TAKEN' },
  ]);
  await server.run({ type: 'registerUser', user: 'listed', username: 'listed' });
  await server.run({ type: 'linkUserIdentity', user: 'listed', issuer: issuer.url, subject: 'sub-list-a' });
  expect(await listed()).toMatchObject([{ subject: 'sub-list-b' }]);
  // Another account, and whoever may not manage users, see none of them.
  await openAccount(server.run, 'apart', 'olga', 'Olga Other');
  const link = { type: 'linkUserIdentity', user: 'olga', issuer: issuer.url, subject: 'sub-olga' } as const;
  await server.run(link, { account: 'apart' });
  const apart = await ask(await tokenOf('sub-olga', { rolebook_account: 'apart' }), UNLINKED);
  expect(dataOf(apart)).toMatchObject({ account: { unlinkedIdentities: [] } });
  const plain = await ask(await tokenOf('sub-list-a'), UNLINKED);
  expect(plain).toMatchObject({ data: { account: { unlinkedIdentities: null } } });
  expect(codesOf(plain)).toEqual(['FORBIDDEN']);
});

test('A key that nobody knows is a bad token while the issuer answers, and 503 while it does not', async () => {
  const stranger = await newKey('stranger');
  expect(codesOf(await ask(await issuer.token(stranger, { claims: { sub: 'sub-ada' } })))).toEqual([
    'UNAUTHENTICATED',
  ]);
  const away = await startTestServer({
    environment: { ROLEBOOK_OIDC_ISSUER: `${issuer.url}/nowhere`, ROLEBOOK_OIDC_AUDIENCE: AUDIENCE },
  });
  try {
    const token = await issuer.token(key, { claims: { iss: `${issuer.url}/nowhere` } });
    const answer = await away.graphql(ME, {}, { as: null, headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, ...codesOf(answer)]).toEqual([503, 'IDENTITY_PROVIDER_UNAVAILABLE']);
    // It answers all the same: whoever has no token is told so.
    expect((await away.graphql(ME, {}, { as: null })).status).toBe(401);
    expect((await fetch(`${away.url}/health/ready`)).status).toBe(200);
  } finally {
    await away.close();
  }
});
