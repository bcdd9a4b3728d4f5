import type { GraphQLSchema } from 'graphql';
import { probesOf } from '../../http/probes';
import { spoiled, spoiledText } from '../flood/spoiling';
import type { Random } from '../random';
import { httpKinds } from './http-kinds';
import { request, type Callers, type Kind } from './request';
import type { Sent } from './wire';

/** Kinds of malformed requests. */

export interface Target extends Callers {
  readonly schema: GraphQLSchema;
  /** Ids of a role and of a user that there are, for places that are not spoiled. */
  readonly roleId: string;
  readonly userId: string;
}

const TEXTS: readonly string[] = [
  '',
  ' ',
  'x',
  'Role:',
  'User:x@',
  'Role:x@y',
  '@',
  ':',
  'User:User:x',
  'Role:x@00000000.~0000000000000000000000000',
  '00000000.0000000000000000000000000',
  'AAAA',
  '====',
  'eyJ4Ijo',
  '0-0',
  '-1',
  '1e9',
  'null',
  '\u0000',
  '\ud800',
  'ü'.repeat(300),
  'x'.repeat(9_999),
  'x'.repeat(10_001),
  '00000000-0000-0000-0000-000000000000',
  '../..',
  '%00',
  '${7*7}',
  "'; DROP TABLE role; --",
];

/** Any text, or a good one with a few of its characters changed. */
export const oddText = (random: Random, good = 'Role:account-admin'): string =>
  random.chance(0.5)
    ? random.pick(TEXTS)
    : [...good]
        .map((each) => (random.chance(0.1) ? String.fromCharCode(random.below(0x3_000)) : each))
        .join('');

export function kindsOf(target: Target): Readonly<Record<string, Kind>> {
  const { user, operator, roleId } = target;
  const probes = probesOf(target.schema, (at) => (/role/i.test(at) ? roleId : target.userId));
  let named = 0;
  const good = (random: Random, text?: string) => {
    const probe = random.pick(probes);
    return probe.request(text ?? roleId, `m${(named += 1)}`);
  };
  const graphql = (body: unknown, headers: Record<string, string> = {}): Sent =>
    request({ method: 'POST', path: '/graphql', token: user, headers, body: JSON.stringify(body) ?? '' });
  return {
    ...httpKinds(target, (random) => JSON.stringify(good(random))),
    'bodies of another shape': (random) =>
      graphql(spoiled({ ...good(random), operationName: null, extensions: {} }, random)),
    documents: (random) => {
      const { query, variables } = good(random);
      return graphql({ query: spoiledText(query, random), variables });
    },
    'values of other types': (random) => {
      const { query, variables } = good(random);
      return graphql({ query, variables: spoiled(variables, random) });
    },
    'ids, cursors and positions': (random) => graphql(good(random, oddText(random))),
    'commands of an operator': (random) => {
      const command = { type: 'registerUser', user: `m-${random.below(1e6)}`, username: 'm' };
      const context = { account: 'demo', actor: { type: 'operator', id: 'm' }, requestId: 'm' };
      const body = JSON.stringify(
        spoiled(
          [
            { command, context },
            { command, context },
          ],
          random,
        ),
      );
      return request({ method: 'POST', path: '/operator/commands', token: operator, body: body ?? '' });
    },
    SCIM: (random) => scim(random, target),
  };
}

const FILTERS = [
  'userName eq "x"',
  'active eq true',
  'externalId pr',
  'id eq "x" and (userName eq "y" or not (active eq false))',
  'meta.created gt "2020"',
  'emails[type eq "work"].value co "x"',
];
const SCIM_BODY = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'm@example.com',
  externalId: 'm',
  active: true,
  displayName: 'M',
  emails: [{ value: 'm@example.com', primary: true }],
};
const SCIM_PATCH = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [
    { op: 'replace', path: 'displayName', value: 'M' },
    { op: 'add', value: { active: 'False', externalId: 'm' } },
  ],
};

/** Filters, pages, ids and bodies of SCIM. */
function scim(random: Random, { user: token, userId, roleId }: Target): Sent {
  const id = encodeURIComponent(random.chance(0.3) ? roleId : wellFormed(oddText(random, userId)));
  const body = JSON.stringify(spoiled(random.chance(0.5) ? SCIM_BODY : SCIM_PATCH, random)) ?? '';
  const headers = { 'content-type': random.chance(0.9) ? 'application/scim+json' : 'text/json' };
  const filter = spoiledText(random.pick(FILTERS), random);
  const query = new URLSearchParams({
    filter,
    startIndex: oddText(random, '1'),
    count: oddText(random, '10'),
  });
  if (random.chance(0.4))
    return request({ method: 'GET', path: `/scim/v2/Users?${query.toString()}`, token });
  const method = random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
  const path = `/scim/v2/${random.pick(['Users', 'Users', 'Users', 'Groups', 'Schemas', 'Bulk', '.search'])}/${id}`;
  return method === 'GET' || method === 'DELETE'
    ? request({ method, path, token })
    : request({ method, path: random.chance(0.3) ? '/scim/v2/Users' : path, token, headers, body });
}

/** Half a pair of surrogates cannot stand in an address. */
const wellFormed = (text: string): string => text.replaceAll(/[\ud800-\udfff]/g, '?');
