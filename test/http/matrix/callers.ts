import { SignJWT } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import { API_KEY_RANDOM_BYTES, apiKeyHash, apiKeyPrefix, apiKeyText } from '../../../src/domain/user/api-key';
import { issueOperatorToken, issueToken } from '../../../src/http/authentication/local-tokens';
import { Sealed } from '../../../src/http/console/sealed';
import type { Session } from '../../../src/http/console/sessions';
import { ACCOUNT, openAccount, type TestServer } from '../harness';
import type { Rights } from './published';

/** A kind of caller. Another one is one more entry here. */
export interface Caller {
  readonly name: string;
  /** The token; null for none. */
  readonly token: string | null;
  /** Session of the console, in place of a token. */
  readonly session?: string;
  /** The caller as it is let in: the user with rights, an operator, or nobody. */
  readonly is:
    { readonly user: string; readonly rights: Rights; readonly hasRole: boolean } | 'operator' | 'nobody';
}

const OTHER = 'other';
const NONE: Rights = new Set();

/** Callers who are not let in as users, whatever they ask for. */
export async function strangers(server: TestServer): Promise<Caller[]> {
  const { signingKey } = server;
  const ada = { account: ACCOUNT, user: 'ada' };
  const good = await server.token('ada');
  const [header = '', claims = '', signature = ''] = good.split('.');
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const past = new Date(Date.now() - 60_000);
  for (const user of ['inactive', 'erased']) await server.run({ type: 'registerUser', user, username: user });
  await server.run({ type: 'deactivateUser', user: 'inactive' });
  await server.run({ type: 'eraseUser', user: 'erased' });
  const claimed = { acc: ACCOUNT, sub: 'ada' };
  const later = new SignJWT(claimed).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer('rolebook');
  const elsewhere = new SignJWT(claimed).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer('other');
  const tokens: Record<string, string | null> = {
    'no token': null,
    'a malformed token': 'not-a-token',
    'an expired token': await issueToken(signingKey, ada, { expiresAt: past }),
    'a token that is not valid yet': await later
      .setNotBefore(Math.floor(Date.now() / 1_000) + 3_600)
      .sign(signingKey),
    'a token of another issuer': await elsewhere.sign(signingKey),
    'a token of another key': await issueToken(new Uint8Array(32).fill(7), ada),
    'a token without algorithm': `${base64({ alg: 'none', typ: 'JWT' })}.${claims}.`,
    'a token without algorithm, with a signature': `${base64({ alg: 'none' })}.${claims}.${signature}`,
    'a token with other claims': `${header}.${base64({ ...claimed, iss: 'rolebook', sub: 'erased' })}.${signature}`,
    'a token without user': await new SignJWT({ acc: ACCOUNT })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('rolebook')
      .sign(signingKey),
    'an inactive user': await server.token('inactive'),
    'an erased user': await server.token('erased'),
    'a user who never was': await server.token('nobody'),
    'a user of an account that is none': await server.token('ada', 'nowhere'),
    'a user in the account of another': await server.token('ada', OTHER),
    ...(await uselessKeys(server)),
    'an expired token of an operator': await issueOperatorToken(signingKey, { expiresAt: past }),
  };
  return [
    ...Object.entries(tokens).map(([name, token]): Caller => ({ name, token, is: 'nobody' })),
    ...(await uselessSessions(server)),
    { name: 'an operator', token: await issueOperatorToken(signingKey), is: 'operator' },
  ];
}

/** Registers a service user, and makes it a key. */
export async function keyOf(
  server: TestServer,
  user: string,
): Promise<{ text: string; revoke: () => Promise<void> }> {
  const text = apiKeyText(randomBytes(API_KEY_RANDOM_BYTES));
  await server.run({ type: 'registerUser', user, username: user, kind: 'SERVICE' });
  const key = { name: user, prefix: apiKeyPrefix(text), hash: apiKeyHash(text), expiresInDays: 1 };
  await server.run({ type: 'createApiKey', user, ...key });
  const revoke = async (): Promise<void> => {
    const [made] = server.readModels.view(ACCOUNT).apiKeys([user]).get(user) ?? [];
    await server.run({ type: 'revokeApiKey', user, apiKey: made!.id });
  };
  return { text, revoke };
}

/** A session of the console of a user. `age`: time since it was last used, in milliseconds. */
const sessionOf = (
  { signingKey }: Pick<TestServer, 'signingKey'>,
  user: string,
  { age = 0, account = ACCOUNT } = {},
): Promise<string> => {
  const at = Date.now() - age;
  const sealed = new Sealed<Session>(signingKey, 'session');
  return sealed.seal({ id: randomUUID(), account, user, identity: null, beganAt: at, seenAt: at });
};

/** Sessions that let nobody in, by what is wrong with them. */
async function uselessSessions(server: TestServer): Promise<Caller[]> {
  const sessions: Record<string, string> = {
    'a malformed session': 'not-a-session',
    'a session that is over': await sessionOf(server, 'ada', { age: 86_400_000 }),
    'a session of another key': await sessionOf({ signingKey: new Uint8Array(32).fill(7) }, 'ada'),
    'a session of an inactive user': await sessionOf(server, 'inactive'),
    'a session of an erased user': await sessionOf(server, 'erased'),
    'a session of a user who never was': await sessionOf(server, 'nobody'),
    'a session in the account of another': await sessionOf(server, 'ada', { account: OTHER }),
    'a token in the place of a session': await server.token('ada'),
  };
  return Object.entries(sessions).map(([name, session]) => ({ name, token: null, session, is: 'nobody' }));
}

/** API keys that let nobody in, by what is wrong with them. */
export async function uselessKeys(server: TestServer): Promise<Record<string, string>> {
  const [revoked, inactive, erased] = [
    await keyOf(server, 'revoked-service'),
    await keyOf(server, 'inactive-service'),
    await keyOf(server, 'erased-service'),
  ];
  await revoked.revoke();
  await server.run({ type: 'deactivateUser', user: 'inactive-service' });
  await server.run({ type: 'eraseUser', user: 'erased-service' });
  const never = apiKeyText(randomBytes(API_KEY_RANDOM_BYTES));
  return {
    'a revoked key': revoked.text,
    'a key of an inactive service user': inactive.text,
    'a key of an erased service user': erased.text,
    'a key that was never made': never,
    'a key with a character changed': `${never.slice(0, -1)}${never.endsWith('0') ? '1' : '0'}`,
  };
}

/** A role with what it grants, by key or name. */
export interface Granting {
  readonly role: string;
  readonly permissions: readonly string[];
}

/** Users with one role each, the role of the catalogue or one made for it; one without; and one of another account. */
export async function members(
  server: TestServer,
  defaults: readonly Granting[],
  single: readonly string[],
): Promise<Caller[]> {
  await openAccount(server.run, OTHER, 'omar', 'Omar');
  const admin = defaults.find(({ role }) => role === 'account-admin')!;
  const member = async (name: string, user: string, rights: Rights, account?: string): Promise<Caller> => ({
    name,
    token: await server.token(user, account),
    is: { user, rights, hasRole: rights !== NONE },
  });
  const callers = [await member('an admin of another account', 'omar', new Set(admin.permissions), OTHER)];
  const joining = async (role: string, permissions: readonly string[]): Promise<void> => {
    const user = `u${callers.length}`;
    await server.run({ type: 'registerUser', user, username: user });
    if (permissions.length === 0 || defaults.some((each) => each.role === role))
      await server.run({ type: 'assignUsers', role, userIds: [user] });
    else {
      const grants = permissions.map((permission) => ({ permission }));
      await server.run({ type: 'createRole', name: role, grants, userIds: [user] });
    }
    callers.push(await member(`a user in ${role}`, user, new Set(permissions)));
  };
  for (const { role, permissions } of defaults) await joining(role, permissions);
  for (const permission of single) await joining(`only ${permission}`, [permission]);
  await server.run({ type: 'registerUser', user: 'plain', username: 'plain' });
  const { text: token } = await keyOf(server, 'service');
  const checks = 'access/check';
  const grants = [{ permission: checks }];
  await server.run({ type: 'createRole', name: 'Service', grants, userIds: ['service'] });
  const is = { user: 'service', rights: new Set([checks]), hasRole: true };
  callers.push({ name: 'a service user by its key', token, is });
  callers.push(await member('a user without a role', 'plain', NONE));
  return [...callers, ...(await bySession(server, callers))];
}

/** Callers of whom each stands for others, once more by a session: it is worth what the token is. */
export async function bySession(server: TestServer, callers: readonly Caller[]): Promise<Caller[]> {
  const some = callers.filter(({ name }) =>
    /in (account-admin|only (roles|users)\/view)$|without/.test(name),
  );
  return Promise.all(
    some.map(async (caller) => {
      const { user } = caller.is as Extract<Caller['is'], object>;
      const session = await sessionOf(server, user);
      return { ...caller, name: `${caller.name}, by a session`, token: null, session };
    }),
  );
}

/** An id of an object of each type that has ids, as the admin finds them. */
export async function idsOf(server: Pick<TestServer, 'graphql'>): Promise<ReadonlyMap<string, string>> {
  const node = (fields = ''): string => `{ __typename id ${fields} }`;
  const answer = await server.graphql(`{ account ${node()} me ${node()} history(first: 1) { nodes ${node()} }
    changes(first: 1) { nodes ${node()} }
    role(id: "Role:account-admin") ${node(`sections ${node(`permissions ${node()}`)}`)}
    permissionCatalogue { groups ${node()} features ${node()} roleTemplates ${node()}
      sections ${node(`permissions ${node(`scopes ${node()}`)}`)} } }`);
  const ids = new Map<string, string>();
  JSON.parse(JSON.stringify(answer.data), (_key, value: unknown) => {
    const { __typename: type, id } = (value ?? {}) as { readonly __typename?: string; readonly id?: string };
    if (type !== undefined && id !== undefined) ids.set(type, id);
    return value;
  });
  return ids;
}
