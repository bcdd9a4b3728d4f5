import type { Random } from '../random';
import type { Document } from './documents';
import type { Known } from './known';

/** Requests of real screens. */
interface Screen {
  readonly roots: readonly string[];
  readonly query: string;
  readonly variables?: (random: Random, known: Known) => Record<string, unknown>;
}

const past = (random: Random, { now }: Known): string =>
  new Date(now - random.below(20 * 86_400_000)).toISOString();

const SCREENS: readonly Screen[] = [
  {
    roots: ['roles'],
    query: `query DefaultTab { roles(kind: DEFAULT, first: 50) { totalCount
      edges { node { id name description group { name } userCount permissionCount scopeCount allowedActions } } } }`,
  },
  {
    roots: ['roles'],
    query: `query CustomTab($search: String) { roles(kind: CUSTOM, search: $search, first: 20) { totalCount
      edges { cursor node { id name userCount permissionCount scopeCount updatedAt allowedActions } }
      pageInfo { hasNextPage endCursor } } }`,
    variables: (random) => ({ search: random.pick([null, 'ni', 'Ω', 'lead']) }),
  },
  {
    roots: ['permissionCatalogue'],
    query: `query NewRoleForm { permissionCatalogue { sections { key name description
      permissions { key description privileged available grantable feature { name } scopes { name } } } } }`,
  },
  {
    roots: ['role'],
    query: `query RolePage($id: ID!) { role(id: $id) {
      id kind name description version userCount permissionCount scopeCount allowedActions
      createdAt createdBy { key name } updatedAt
      sections { key name selectedCount totalCount
        permissions { selected available permission { key description } scopes { name selected } } }
      users(first: 20) { totalCount edges { assignedAt assignedBy { name } node { id name username lastLoginAt } } } } }`,
    variables: (random, known) => ({ id: known.anyRole(random) }),
  },
  {
    roots: ['history'],
    query: `query Audit($filter: HistoryFilter) { history(filter: $filter, first: 20) { totalCount
      edges { node { id at summary command requestId reason actor { type key name } changes { field before after } } } } }`,
    variables: (random, known) => ({
      filter: random.pick([null, { role: known.anyRole(random) }, { user: known.activeUser(random) }]),
    }),
  },
  {
    roots: ['user', 'checkPermissions'],
    query: `query Effective($id: ID!, $permission: String!) {
      user(id: $id) { name roles { name } effectivePermissions {
        granted { permission { key } scopes via { role { name } } } withheld { permission { key } reason via { role { name } } } } }
      checkPermissions(checks: [{ user: { id: $id }, permission: $permission }]) { allowed reason via { role { name } } } }`,
    variables: (random, known) => ({
      id: known.activeUser(random),
      permission: random.pick(known.permissions).key,
    }),
  },
  {
    roots: ['role'],
    query: `query Yesterday($id: ID!, $then: DateTime!) { role(id: $id, asOf: { time: $then }) {
      name userCount users(first: 5) { edges { node { name } } } } }`,
    variables: (random, known) => ({ id: random.pick(known.defaultRoles), then: past(random, known) }),
  },
  {
    roots: ['users'],
    query: `query Assign($role: ID!, $search: String) { users(notInRole: $role, search: $search, status: ACTIVE, first: 10) {
      edges { cursor node { id name username roles { id name } } } pageInfo { hasNextPage endCursor } } }`,
    variables: (random, known) => ({
      role: known.anyRole(random),
      search: random.pick([null, 'an', 'o', 'ković']),
    }),
  },
  {
    roots: ['usersWithPermission'],
    query: `query Holders($permission: String!) { usersWithPermission(permission: $permission, first: 10) { totalCount
      edges { node { id name } via { role { name } } scopes } } }`,
    variables: (random, known) => ({ permission: random.pick(known.permissions).key }),
  },
  {
    roots: ['me', 'account'],
    query: `query Home { me { id name roles { id name } effectivePermissions { features { key } } }
      account { id name allowedActions features { key name enabled required } } }`,
  },
  {
    roots: [],
    query: `query Tools { __schema { queryType { fields { name args { name } } } types { kind name } } }`,
  },
];

/** One of the screens, with values of now. */
export function screen(random: Random, known: Known): Document {
  const { roots, query, variables } = random.pick(SCREENS);
  return {
    query,
    variables: variables?.(random, known) ?? {},
    roots: new Map(roots.map((root) => [root, root])),
    coordinates: new Map(roots.map((root) => [root, `Query.${root}`])),
    given: new Map(),
    pages: new Map(),
  };
}

/** Every screen once, for a test that holds them against the schema. */
export const screens = (): readonly string[] => SCREENS.map(({ query }) => query);
