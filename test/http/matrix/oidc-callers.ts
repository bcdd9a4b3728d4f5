import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK, type KeyLike } from 'jose';
import { issueOperatorToken } from '../../../src/http/authentication/local-tokens';
import { ACCOUNT, ADMIN, openAccount, type TestServer } from '../harness';
import { newKey, type Key, type TestIssuer, type TokenOptions } from '../oidc/issuer';
import { keyOf, uselessKeys, type Caller } from './callers';
import { defaultRoles } from './catalogue';

/** Callers of a server in oidc mode, by access tokens of an issuer and by API keys. */

export const OPERATOR_ROLE = 'rolebook-operator';
export const CONSOLE_CLIENT = 'console';
const OTHER = 'other';
const ADMIN_SUBJECT = `sub-${ADMIN}`;

export interface Issuing {
  readonly server: TestServer;
  readonly issuer: TestIssuer;
  /** An issuer that the server does not know, with the same key. */
  readonly stranger: TestIssuer;
  readonly key: Key;
}

/** Registers a user, and links the subject of the same name. */
async function linked({ server, issuer }: Issuing, user: string, account = ACCOUNT): Promise<string> {
  const subject = `sub-${user}`;
  if (user !== ADMIN && account === ACCOUNT)
    await server.run({ type: 'registerUser', user, username: user }, { account });
  await server.run({ type: 'linkUserIdentity', user, issuer: issuer.url, subject }, { account });
  return subject;
}

/** A token of a subject of the account. */
const tokenOf = ({ issuer, key }: Issuing, sub: string, claims: object = {}): Promise<string> =>
  issuer.token(key, { claims: { sub, ...claims } });

/** Users by their tokens: of the admin, of one permission, of none; of another account; and a service user by its key. */
export async function oidcMembers(issuing: Issuing): Promise<Caller[]> {
  const { server } = issuing;
  const admin = new Set(defaultRoles().find(({ role }) => role === 'account-admin')?.permissions);
  await linked(issuing, ADMIN);
  const callers: Caller[] = [
    {
      name: 'an admin by a token',
      token: await tokenOf(issuing, ADMIN_SUBJECT),
      is: { user: ADMIN, rights: admin, hasRole: true },
    },
  ];
  await openAccount(server.run, OTHER, 'omar', 'Omar');
  await linked(issuing, 'omar', OTHER);
  callers.push({
    name: 'an admin of another account by a token',
    token: await tokenOf(issuing, 'sub-omar', { rolebook_account: OTHER }),
    is: { user: 'omar', rights: admin, hasRole: true },
  });
  for (const permission of ['roles/view', 'users/manage']) {
    const user = permission.replace('/', '-');
    const token = await tokenOf(issuing, await linked(issuing, user));
    await server.run({ type: 'createRole', name: permission, grants: [{ permission }], userIds: [user] });
    callers.push({
      name: `a user with only ${permission} by a token`,
      token,
      is: { user, rights: new Set([permission]), hasRole: true },
    });
  }
  const token = await tokenOf(issuing, await linked(issuing, 'plain'));
  callers.push({
    name: 'a user without a role by a token',
    token,
    is: { user: 'plain', rights: new Set(), hasRole: false },
  });
  const { text } = await keyOf(server, 'service');
  const grants = [{ permission: 'access/check' }];
  await server.run({ type: 'createRole', name: 'Service', grants, userIds: ['service'] });
  const service = { user: 'service', rights: new Set(['access/check']), hasRole: true };
  return [...callers, { name: 'a service user by its key', token: text, is: service }];
}

/** Callers who are not let in as users; `oidcMembers` comes first: most of these would be the admin, but for one thing. */
export async function oidcStrangers(issuing: Issuing): Promise<Caller[]> {
  const { server } = issuing;
  const tokens: Record<string, string | null> = {
    'no token': null,
    'a malformed token': 'not-a-token',
    ...(await spoiledTokens(issuing)),
    ...(await forgedTokens(issuing)),
    ...(await tokensOfNobody(issuing)),
    ...(await uselessKeys(server)),
    'a token of the command line': await server.token(ADMIN),
    'a token of the command line, of an operator': await issueOperatorToken(server.signingKey),
    'an expired token of an operator': await tokenOf(issuing, ADMIN_SUBJECT, {
      roles: OPERATOR_ROLE,
      exp: seconds(-60),
    }),
  };
  const operator = await tokenOf(issuing, ADMIN_SUBJECT, { roles: ['x', OPERATOR_ROLE] });
  return [
    ...Object.entries(tokens).map(([name, token]): Caller => ({ name, token, is: 'nobody' })),
    { name: 'an operator by a claim', token: operator, is: 'operator' },
  ];
}

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1_000) + fromNow;

/** Tokens of the issuer, of which one thing is wrong. */
async function spoiledTokens({ issuer, stranger, key }: Issuing): Promise<Record<string, string>> {
  const wrong: Record<string, TokenOptions> = {
    'an expired token': { claims: { exp: seconds(-60) } },
    'a token that is not valid yet': { claims: { nbf: seconds(3_600) } },
    'a token of the future': { claims: { iat: seconds(3_600) } },
    'a token without an end': { without: ['exp'] },
    'a token for another audience': { claims: { aud: 'other' } },
    'a token for the client of the console': { claims: { aud: CONSOLE_CLIENT } },
    'a token without audience': { without: ['aud'] },
    'a token of another issuer': { claims: { iss: stranger.url } },
    'a token without issuer': { without: ['iss'] },
    'a token of another type': { header: { typ: 'JWT' } },
    'a token without type': { header: { typ: undefined } },
    'an ID token, by its nonce': { claims: { nonce: 'n' } },
    'an ID token, by the hash of an access token': { claims: { at_hash: 'h' } },
    'an ID token, by the hash of a code': { claims: { c_hash: 'h' } },
    'a token with a critical extension': { header: { b64: true, crit: ['b64'] } },
    'a token without a key': { header: { kid: undefined } },
    'a token of a key that nobody knows': { header: { kid: 'unknown' } },
  };
  const signed = Object.entries(wrong).map(async ([name, options]) => {
    const claims = { sub: ADMIN_SUBJECT, ...options.claims };
    return [name, await issuer.token(key, { ...options, claims })] as const;
  });
  return Object.fromEntries(await Promise.all(signed));
}

/** Tokens that the issuer did not sign, or not as they are. */
async function forgedTokens({ issuer, stranger, key }: Issuing): Promise<Record<string, string>> {
  const claims = { sub: ADMIN_SUBJECT };
  const good = await issuer.token(key, { claims });
  const [header = '', payload = '', signature = ''] = good.split('.');
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const changed = { ...(JSON.parse(String(Buffer.from(payload, 'base64url'))) as object), sub: 'sub-other' };
  const [mine, other] = [await newKey(key.id), await newKey(key.id, 'EdDSA')];
  const spki = await exportSPKI((await importJWK(key.jwk, key.alg)) as KeyLike);
  const byHmac = (secret: string, alg: string): string => {
    const text = `${base64({ alg, typ: 'at+jwt', kid: key.id })}.${payload}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const without = (alg: string): string => base64({ alg, typ: 'at+jwt', kid: key.id });
  return {
    'a token of another key': await issuer.token(mine, { claims }),
    'a token of another key, which it brings along': await issuer.token(mine, {
      claims,
      header: { jwk: mine.jwk },
    }),
    'a token of another key, with an address of keys': await issuer.token(mine, {
      claims,
      header: { jku: `${stranger.url}/keys` },
    }),
    'a token by another algorithm': await issuer.token(other, { claims }),
    'a token that names another algorithm': `${without('RS256')}.${payload}.${signature}`,
    'a token without algorithm': `${without('none')}.${payload}.`,
    'a token without algorithm, with a signature': `${without('None')}.${payload}.${signature}`,
    'a token by HMAC with the public key': byHmac(spki, 'HS256'),
    'a token by HMAC with the public key as JSON': byHmac(JSON.stringify(key.jwk), 'HS256'),
    'a token by HMAC that names the algorithm of the key': byHmac(spki, key.alg),
    'a token with other claims': `${header}.${base64(changed)}.${signature}`,
    'a token without signature': `${header}.${payload}.`,
    'a token with another end': `${good}=`,
  };
}

/** Good tokens that name no active user of an account. */
async function tokensOfNobody(issuing: Issuing): Promise<Record<string, string>> {
  const { server, issuer } = issuing;
  const gone = async (user: string, end: (user: string) => Promise<unknown>): Promise<string> => {
    const token = await tokenOf(issuing, await linked(issuing, user));
    await end(user);
    return token;
  };
  return {
    'a subject that is linked to nobody': await tokenOf(issuing, 'sub-nobody'),
    'a token without subject': await issuer.token(issuing.key, { without: ['sub'] }),
    'a token without account': await tokenOf(issuing, ADMIN_SUBJECT, { rolebook_account: undefined }),
    'a subject in an account that is none': await tokenOf(issuing, ADMIN_SUBJECT, {
      rolebook_account: 'nowhere',
    }),
    'a subject in the account of another': await tokenOf(issuing, ADMIN_SUBJECT, { rolebook_account: OTHER }),
    'a subject that is linked no more': await gone('unlinked', (user) =>
      server.run({ type: 'unlinkUserIdentity', user, issuer: issuer.url, subject: `sub-${user}` }),
    ),
    'an inactive user': await gone('inactive', (user) => server.run({ type: 'deactivateUser', user })),
    'an erased user': await gone('erased', (user) => server.run({ type: 'eraseUser', user })),
  };
}
