import fc from 'fast-check';
import type { Command } from '../../src/commands/command';
import type { ExternalIdentity } from '../../src/domain/user/events';

/** Random wishes of every kind; numbers pick among what exists when the wish is made. */
export type Wish = (world: World) => Command;

export interface World {
  readonly users: readonly string[];
  /** Ids of custom roles, then of default roles. */
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly services: readonly string[];
  /** Ids of the API keys of a user. */
  apiKeysOf(user: string): readonly string[];
  scopesOf(permission: string): readonly string[];
  identitiesOf(user: string): readonly ExternalIdentity[];
  /** Grants of a custom role. */
  grantedBy(role: string): readonly string[];
}

const n = fc.nat(1_000);
const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
const several = fc.array(n, { minLength: 1, maxLength: 4 });
const name = fc.constantFrom(
  'Ünder writers',
  'under WRITERS',
  'Ops',
  'ops ',
  'Nightly',
  'A',
  'Z team',
  'Ops 2',
);
const username = fc.constantFrom('zoe', 'Zoe ', 'max', 'ann.b', 'kim', 'lee');

/** Mostly given up, so that the few there are change hands. */
const externalId = fc.constantFrom(undefined, null, null, 'E1', 'e1', ' E1', 'É', 'E\u0301');

const ISSUERS = ['https://login.example', 'https://other.example'];
/** Few, so that they change hands, and some differ by case alone. */
const identity = fc.record({
  issuer: fc.constantFrom(...ISSUERS),
  subject: fc.constantFrom('s1', 'S1', 's2', 's3'),
});
const kind = fc.constantFrom(undefined, 'PERSON' as const, 'SERVICE' as const);

const grant = (world: World, at: number) => {
  const permission = pick(world.permissions, at);
  return at % 3 === 0 ? { permission, scopes: world.scopesOf(permission).slice(0, at % 2) } : { permission };
};
const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)];
const grants = (world: World, list: readonly number[]) =>
  distinct(list.map((at) => pick(world.permissions, at))).map((permission) =>
    grant(world, world.permissions.indexOf(permission)),
  );
const userIds = (world: World, list: readonly number[]) => distinct(list.map((at) => pick(world.users, at)));

export const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc.tuple(name, several, several).map(([called, g, u]): Wish => (w) => ({
    type: 'createRole',
    name: called,
    grants: grants(w, g),
    userIds: userIds(w, u),
  })),
  fc.tuple(n, name, several, several, several).map(([r, called, g, a, u]): Wish => (w) => {
    const assignUserIds = userIds(w, a);
    const unassignUserIds = userIds(w, u).filter((user) => !assignUserIds.includes(user));
    return {
      type: 'updateRole',
      role: pick(w.roles, r),
      name: called,
      description: called,
      grants: grants(w, g),
      assignUserIds,
      unassignUserIds,
    };
  }),
  fc
    .tuple(n, fc.boolean())
    .map(([r, withUsers]): Wish => (w) => ({ type: 'duplicateRole', role: pick(w.roles, r), withUsers })),
  n.map((r): Wish => (w) => ({ type: 'deleteRole', role: pick(w.roles, r) })),
  fc.tuple(n, several).map(([r, g]): Wish => (w) => ({
    type: 'grantPermissions',
    role: pick(w.roles, r),
    grants: grants(w, g),
  })),
  fc.tuple(n, several).map(([r, g]): Wish => (w) => {
    const granting = w.roles.filter((id) => w.grantedBy(id).length > 0);
    // Mostly what is granted, so that something is revoked.
    const role = pick(granting.length > 0 && r % 4 > 0 ? granting : w.roles, r);
    const granted = w.grantedBy(role);
    const among = granted.length > 0 ? granted : w.permissions;
    return { type: 'revokePermissions', role, permissions: distinct(g.map((at) => pick(among, at))) };
  }),
  fc
    .tuple(n, fc.constantFrom('people', 'flow', 'broadcast'), fc.boolean())
    .map(([r, section, selected]): Wish => (w) => ({
      type: 'selectSection',
      role: pick(w.roles, r),
      section,
      selected,
    })),
  fc.tuple(n, n).map(([r, p]): Wish => (w) => {
    const custom = w.roles.filter((id) => w.grantedBy(id).length > 0);
    const role = pick(custom.length > 0 ? custom : w.roles, r);
    const granted = w.grantedBy(role).filter((key) => w.scopesOf(key).length > 0);
    const permission = pick(granted.length > 0 ? granted : w.permissions, p);
    return { type: 'setPermissionScopes', role, permission, scopes: w.scopesOf(permission).slice(p % 2) };
  }),
  fc
    .tuple(n, several)
    .map(([r, u]): Wish => (w) => ({ type: 'assignUsers', role: pick(w.roles, r), userIds: userIds(w, u) })),
  fc.tuple(n, several).map(([r, u]): Wish => (w) => ({
    type: 'unassignUsers',
    role: pick(w.roles, r),
    userIds: userIds(w, u),
  })),
  fc
    .tuple(username, externalId, kind, fc.option(identity, { freq: 2 }))
    .map(([called, known, of, linked]): Wish => () => ({
      type: 'registerUser',
      username: called,
      name: called,
      externalId: known,
      kind: of,
      identity: linked,
    })),
  fc
    .tuple(n, identity)
    .map(([u, linked]): Wish => (w) => ({ type: 'linkUserIdentity', user: pick(w.users, u), ...linked })),
  fc.tuple(n, n, identity).map(([u, i, unlinked]): Wish => (w) => {
    const linked = w.users.flatMap((user) => w.identitiesOf(user).map((each) => ({ user, ...each })));
    // Mostly what is linked, so that something is unlinked.
    const one = linked.length > 0 && i % 4 > 0 ? pick(linked, i) : { user: pick(w.users, u), ...unlinked };
    return { type: 'unlinkUserIdentity', ...one };
  }),
  fc.tuple(n, name, fc.integer({ min: 1, max: 365 })).map(([u, called, days]): Wish => (w) => ({
    type: 'createApiKey',
    user: pick(w.services, u),
    name: called,
    expiresInDays: days,
    prefix: 'rbk_0000',
    hash: String(u).padStart(64, '0'),
  })),
  fc.tuple(n, n).map(([u, k]): Wish => (w) => {
    const having = w.services.filter((user) => w.apiKeysOf(user).length > 0);
    const user = pick(having.length > 0 ? having : w.services, u);
    return { type: 'revokeApiKey', user, apiKey: pick(['none', ...w.apiKeysOf(user)].reverse(), k) };
  }),
  fc.tuple(n, username, externalId).map(([u, called, known]): Wish => (w) => ({
    type: 'updateUser',
    user: pick(w.users, u),
    username: called,
    name: `${called} II`,
    externalId: known,
  })),
  n.map((u): Wish => (w) => ({ type: 'deactivateUser', user: pick(w.users, u) })),
  n.map((u): Wish => (w) => ({ type: 'reactivateUser', user: pick(w.users, u) })),
  n.map((u): Wish => (w) => ({ type: 'recordLogin', user: pick(w.users, u) })),
  fc
    .constantFrom('FLOW', 'PEOPLE', 'BROADCAST')
    .map((feature): Wish => () => ({ type: 'enableFeature', feature })),
  fc
    .constantFrom('FLOW', 'PEOPLE', 'BROADCAST')
    .map((feature): Wish => () => ({ type: 'disableFeature', feature })),
);
