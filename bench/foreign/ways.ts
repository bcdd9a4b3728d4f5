import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { buildSchema } from 'graphql';
import { probesOf, type Probe } from '../../test/http/probes';
import { unknownBlock, unknownCursor, unknownId } from '../../test/http/unknown-texts';
import { ROOT } from '../data';
import { ISSUER, type Named } from './accounts';

/** Every way in which a request can name a thing of another account, beside one that names nothing. */

export interface WayRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Way {
  readonly what: string;
  readonly foreign: readonly string[];
  unknown(text: string): string;
  /** The request with a text at its place; `name` differs in each. */
  request(text: string, name: string): WayRequest;
}

/** Things of the caller's own account, for places that a request needs besides. */
export interface Own {
  readonly role: string;
  readonly user: string;
  /** A role whose description is this. */
  readonly description: string;
}

type Kind = Pick<Way, 'foreign' | 'unknown'>;

const graphql = (query: string, variables: object, headers = {}): WayRequest => ({
  method: 'POST',
  path: '/graphql',
  headers,
  body: JSON.stringify({ query, variables }),
});

/** Other values where ids of new users are given: those are each account's own. */
const GIVEN = 'registerUser.input.id';

export const waysIn = (named: Named, own: Own): readonly Way[] => [
  ...byPlaces(named, own),
  ...byNames(named, own),
  ...byScim(named),
];

/** Every place of the schema that takes an id, a position or a cursor, with things that may stand there. */
function byPlaces(named: Named, own: Own): Way[] {
  const schema = buildSchema(readFileSync(path.join(ROOT, 'schema', 'schema.graphql'), 'utf8'));
  const ownAt = (at: string): string => (/role/i.test(at) ? own.role : own.user);
  return probesOf(schema, ownAt)
    .filter(({ at }) => at !== GIVEN)
    .flatMap((probe) =>
      Object.entries(kindsAt(probe, named, own)).map(([kind, { foreign, unknown }]) => ({
        what: `${probe.at}, ${kind}`,
        foreign,
        unknown,
        request: (text: string, name: string) => {
          const { query, variables } = probe.request(text, name);
          return graphql(query, variables);
        },
      })),
    );
}

function kindsAt({ at }: Probe, named: Named, own: Own): Record<string, Kind> {
  const last = at.split('.').at(-1)!;
  const entry = { foreign: named.entries, unknown: unknownBlock };
  const position = { foreign: named.positions, unknown: unknownBlock };
  if (last === 'after' || last === 'before')
    return { 'a cursor': { foreign: named.cursors, unknown: unknownCursor } };
  if (last === 'position') return { 'a position': position };
  if (last === 'event') return { 'an entry of history': entry };
  const past = { foreign: named.positions.map((each) => `${own.role}@${each}`), unknown: unknownBlock };
  const kinds = {
    'a role': { foreign: named.roles, unknown: unknownId },
    'a user': { foreign: named.users, unknown: unknownId },
  };
  if (at === 'revokeApiKey.input.id')
    return { 'an API key': { foreign: named.apiKeys, unknown: unknownParts } };
  return /^nodes?\./.test(at)
    ? { ...kinds, 'an entry of history': entry, 'an object of the past': past }
    : kinds;
}

/** An id of several parts, each of which never named anything. */
const unknownParts = (text: string): string =>
  text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, () => randomUUID());

const unknownText = (text: string): string => randomUUID().padEnd(text.length, 'x').slice(0, text.length);

/** Other texts that name somebody, a moment, or a request. */
function byNames(named: Named, own: Own): Way[] {
  const by = (what: string, foreign: readonly string[], ref: (text: string) => object): Way[] => {
    const user = 'query ($by: UserRef!) { user(by: $by) { id name } }';
    const check = `query ($c: [PermissionCheckInput!]!) { checkPermissions(checks: $c) { allowed reason } }`;
    return [
      {
        what: `user.by, ${what}`,
        foreign,
        unknown: unknownText,
        request: (text) => graphql(user, { by: ref(text) }),
      },
      {
        what: `checkPermissions.checks.user, ${what}`,
        foreign,
        unknown: unknownText,
        request: (text) => graphql(check, { c: [{ user: ref(text), permission: 'roles/view' }] }),
      },
    ];
  };
  const update = `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { errors { code } } }`;
  return [
    ...by('a username', named.usernames, (username) => ({ username })),
    ...by('an external id', named.externalIds, (externalId) => ({ externalId })),
    ...by('an identity', named.subjects, (subject) => ({ identity: { issuer: ISSUER, subject } })),
    {
      what: 'users.search, a username',
      foreign: named.usernames,
      unknown: unknownText,
      request: (text) => graphql('query ($s: String) { users(search: $s) { totalCount } }', { s: text }),
    },
    {
      what: 'Rolebook-Min-Position, a position',
      foreign: named.positions,
      unknown: unknownBlock,
      request: (text) => graphql('{ me { id } }', {}, { 'rolebook-min-position': text }),
    },
    {
      what: 'updateRole.input.idempotencyKey, a key',
      foreign: named.idempotencyKeys,
      unknown: unknownText,
      request: (idempotencyKey) =>
        graphql(update, { input: { id: own.role, description: own.description, idempotencyKey } }),
    },
  ];
}

const SCIM = { 'content-type': 'application/scim+json' };
const PATCH = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: false }],
};
const WHOLE = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'x@example.com' };

function byScim({ users, usernames, externalIds }: Named): Way[] {
  const bare = users.map((id) => id.replace('User:', ''));
  const unknown = (): string => randomUUID();
  const at = (text: string): string => `/scim/v2/Users/${encodeURIComponent(text)}`;
  const filter = (text: string): string => `/scim/v2/Users?filter=${encodeURIComponent(text)}`;
  return [
    {
      what: 'SCIM GET, a user',
      foreign: bare,
      unknown,
      request: (text) => ({ method: 'GET', path: at(text) }),
    },
    {
      what: 'SCIM PUT, a user',
      foreign: bare,
      unknown,
      request: (text) => ({ method: 'PUT', path: at(text), headers: SCIM, body: JSON.stringify(WHOLE) }),
    },
    {
      what: 'SCIM PATCH, a user',
      foreign: bare,
      unknown,
      request: (text) => ({ method: 'PATCH', path: at(text), headers: SCIM, body: JSON.stringify(PATCH) }),
    },
    {
      what: 'SCIM DELETE, a user',
      foreign: bare,
      unknown,
      request: (text) => ({ method: 'DELETE', path: at(text) }),
    },
    ...Object.entries({ id: bare, userName: usernames, externalId: externalIds }).map(
      ([attribute, foreign]): Way => ({
        what: `SCIM filter, by ${attribute}`,
        foreign,
        unknown: attribute === 'id' ? unknown : unknownText,
        request: (text) => ({ method: 'GET', path: filter(`${attribute} eq "${text}"`) }),
      }),
    ),
  ];
}
