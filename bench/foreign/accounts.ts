import type { Pool } from 'undici';
import { rolebook } from '../processes';

/** An account beside that of the bench, with things of all kinds, and their names. */

export const OTHER = 'other';
const OTHER_ADMIN = 'olga';
export const ISSUER = 'https://login.example.com';

/** Things of each kind, so many that none of them is more familiar to a cache than a text that names nothing. */
export const OF_EACH = 16;

export interface Named {
  readonly roles: readonly string[];
  readonly users: readonly string[];
  readonly usernames: readonly string[];
  readonly externalIds: readonly string[];
  readonly subjects: readonly string[];
  readonly apiKeys: readonly string[];
  readonly entries: readonly string[];
  readonly cursors: readonly string[];
  readonly positions: readonly string[];
  readonly idempotencyKeys: readonly string[];
}

/** Opens the account; to be done while no server runs on the folder. */
export const openOther = (directory: string): Promise<string> =>
  rolebook(['account', 'open', OTHER, '--admin', OTHER_ADMIN], { ROLEBOOK_DATA_DIR: directory });

export type Ask = <Data>(query: string, variables?: object) => Promise<Answer<Data>>;

interface Answer<Data> {
  readonly data: Data;
  readonly extensions: { readonly position: string };
}

/** Asks a server by a token. @throws Error for an answer with errors */
export const asker =
  (pool: Pool, token: string): Ask =>
  async <Data>(query: string, variables: object = {}) => {
    const answer = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await answer.body.text();
    if (/"errors":\[\{/.test(text)) throw new Error(`Not an answer: ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer<Data>;
  };

/** The admin of the account, as a caller. */
export async function otherAdmin(directory: string, pool: Pool): Promise<Ask> {
  const words = ['token', OTHER_ADMIN, '--account', OTHER];
  const token = (await rolebook(words, { ROLEBOOK_DATA_DIR: directory })).trim();
  return asker(pool, token);
}

interface Changed {
  readonly registerUser: { readonly user: { readonly id: string } };
  readonly createRole: { readonly role: { readonly id: string } };
  readonly createApiKey: { readonly apiKey: { readonly id: string } };
}

const CHANGE = `mutation ($user: RegisterUserInput!, $role: CreateRoleInput!) {
  registerUser(input: $user) { user { id } errors { code } }
  createRole(input: $role) { role { id } errors { code } }
}`;
const KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } errors { code } } }`;

/** Fills the account, and returns the names of all that is in it. */
export async function fill(ask: Ask): Promise<Named> {
  const numbers = Array.from({ length: OF_EACH }, (_, n) => n);
  const usernames = numbers.map((n) => `foreign-${n}@example.com`);
  const [externalIds, subjects, keys] = ['external', 'subject', 'key'].map((kind) =>
    numbers.map((n) => `${kind}-${n}`),
  ) as [string[], string[], string[]];
  const [users, roles, apiKeys, positions]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const n of numbers) {
    const identity = { issuer: ISSUER, subject: subjects[n] };
    const user = { username: usernames[n], externalId: externalIds[n], identity, idempotencyKey: keys[n] };
    const { data, extensions } = await ask<Changed>(CHANGE, { user, role: { name: `Foreign ${n}` } });
    users.push(data.registerUser.user.id);
    roles.push(data.createRole.role.id);
    positions.push(extensions.position);
    const service = { username: `service-${n}`, kind: 'SERVICE' };
    const made = await ask<Changed>(CHANGE, { user: service, role: { name: `Service ${n}` } });
    const input = { userId: made.data.registerUser.user.id, name: 'foreign' };
    apiKeys.push((await ask<Changed>(KEY, { input })).data.createApiKey.apiKey.id);
  }
  const { data } = await ask<{ history: { edges: { cursor: string; node: { id: string } }[] } }>(
    `{ history(first: ${OF_EACH}) { edges { cursor node { id } } } }`,
  );
  const entries = data.history.edges.map(({ node }) => node.id);
  const cursors = data.history.edges.map(({ cursor }) => cursor);
  const found = { roles, users, usernames, externalIds, subjects, apiKeys, entries, cursors, positions };
  return { ...found, idempotencyKeys: keys };
}
