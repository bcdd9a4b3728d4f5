import fc from 'fast-check';
import type { RoleContext } from '../../../src/domain/role/context';
import type { RoleChange } from '../../../src/domain/role/decide';
import type { RoleEvent } from '../../../src/domain/role/events';
import type { GrantsChange } from '../../../src/domain/role/grants';
import { evolveRole, NEW_ROLE, type RoleState } from '../../../src/domain/role/state';
import { CATALOGUE } from '../../commands/catalogue';

/** Roles, wishes and surroundings, drawn at random, and one that stays the same. */

export const ROLE = 'r_1';
export const USERS = ['ann', 'bob', 'cat', 'dan'];

/** All features enabled, all users active, an actor who may give anything. */
export const contextOf = (rest: Partial<RoleContext> = {}): RoleContext => {
  const role = rest.role ?? ROLE;
  return {
    role,
    defaultRole: CATALOGUE.defaultRole.get(role) ?? null,
    catalogue: CATALOGUE,
    enabledFeatures: new Set(['CORE', 'EXTRA']),
    userStatus: (user) => (USERS.includes(user) ? 'ACTIVE' : undefined),
    isService: () => false,
    mayGive: () => true,
    ...rest,
  };
};

export const stateOf = (...events: RoleEvent[]): RoleState => events.reduce(evolveRole, NEW_ROLE);

export const created = (name = 'Sales', description: string | null = null): RoleEvent => ({
  type: 'RoleCreated',
  data: { role: ROLE, name, description, copiedFrom: null },
});
export const granted = (permission: string, ...scopes: string[]): RoleEvent => ({
  type: 'PermissionGranted',
  data: { role: ROLE, permission, scopes },
});
export const assigned = (user: string, role = ROLE): RoleEvent => ({
  type: 'UserAssigned',
  data: { role, user },
});
export const barred = (user: string, member: boolean): RoleEvent => ({
  type: 'UserBarred',
  data: { role: 'account-admin', user, member },
});

const PERMISSIONS = CATALOGUE.content.permissions;
const anyPermission = fc.constantFrom(...PERMISSIONS.map(({ key }) => key));
const present = PERMISSIONS.filter(({ retired }) => !retired);
const users = fc.subarray(USERS);
const someUser = fc.constantFrom(...USERS);

/** A permission with some of its own scopes. */
const withScopes = (among = PERMISSIONS) =>
  fc
    .constantFrom(...among)
    .chain((permission) => fc.tuple(fc.constant(permission.key), fc.subarray([...permission.scopes])));

export const anyName = fc.oneof(
  fc.constantFrom('Sales', 'SALES', 'Support', ' Agents ', 'Maker', ''),
  fc.string({ unit: 'grapheme', maxLength: 110 }),
);

/** Any event that the schemas allow, whether or not it makes sense where it stands. */
export const anyEvent: fc.Arbitrary<RoleEvent> = fc.oneof(
  anyName.map((name): RoleEvent => created(name)),
  fc
    .tuple(anyName, anyName)
    .map(([from, to]): RoleEvent => ({ type: 'RoleRenamed', data: { role: ROLE, from, to } })),
  anyName.map((to): RoleEvent => ({ type: 'RoleDescriptionChanged', data: { role: ROLE, from: null, to } })),
  withScopes().map(([permission, scopes]) => granted(permission, ...scopes)),
  withScopes().map(([permission, to]): RoleEvent => ({
    type: 'PermissionScopesChanged',
    data: { role: ROLE, permission, from: [], to },
  })),
  anyPermission.map((permission): RoleEvent => ({
    type: 'PermissionRevoked',
    data: { role: ROLE, permission, scopes: [] },
  })),
  someUser.map((user) => assigned(user)),
  someUser.map((user): RoleEvent => ({ type: 'UserUnassigned', data: { role: ROLE, user } })),
  fc.tuple(someUser, fc.boolean()).map(([user, member]) => barred(user, member)),
  someUser.map((user): RoleEvent => ({ type: 'UserUnbarred', data: { role: 'account-admin', user } })),
  fc.constant<RoleEvent>({ type: 'ClaimAbandoned', data: { claim: 'c' } }),
  fc.constant<RoleEvent>({ type: 'RoleDeleted', data: { role: ROLE, name: 'Sales' } }),
);

/** A custom role that exists, with grants (retired ones too) and users. */
export const anyRole: fc.Arbitrary<RoleState> = fc
  .tuple(fc.array(withScopes(), { maxLength: 6 }), users)
  .map(([grants, members]) =>
    stateOf(
      created(),
      ...grants.map(([permission, scopes]) => granted(permission, ...scopes)),
      ...members.map((user) => assigned(user)),
    ),
  );

const grantWishes = fc
  .uniqueArray(withScopes(present), { selector: ([key]) => key, maxLength: 6 })
  .chain((pairs) =>
    fc.tuple(
      ...pairs.map(([permission, scopes]) =>
        fc.constantFrom(scopes, null, undefined).map((kept) => ({ permission, scopes: kept })),
      ),
    ),
  );

export const anyGrantsChange: fc.Arbitrary<GrantsChange> = fc.oneof(
  fc
    .tuple(grantWishes, fc.boolean())
    .map(([grants, whole]): GrantsChange => ({ kind: 'grant', grants, whole })),
  fc.uniqueArray(anyPermission).map((permissions): GrantsChange => ({ kind: 'revoke', permissions })),
  fc
    .tuple(fc.constantFrom('roles', 'billing', 'campaigns'), fc.boolean())
    .map(([section, selected]): GrantsChange => ({ kind: 'section', section, selected })),
  withScopes(present).map(([permission, scopes]): GrantsChange => ({ kind: 'scopes', permission, scopes })),
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

export const anyChange: fc.Arbitrary<RoleChange> = fc.record({
  name: optional(fc.option(anyName)),
  description: optional(fc.option(anyName)),
  grants: optional(anyGrantsChange),
  membership: optional(fc.tuple(users, users).map(([assign, unassign]) => ({ assign, unassign }))),
});

export const anyContext: fc.Arbitrary<RoleContext> = fc
  .record({
    features: fc.subarray(['CORE', 'EXTRA']),
    inactive: users,
    mayGive: fc.boolean(),
  })
  .map(({ features, inactive, mayGive }) =>
    contextOf({
      enabledFeatures: new Set(features),
      userStatus: (user) =>
        inactive.includes(user) ? 'INACTIVE' : USERS.includes(user) ? 'ACTIVE' : undefined,
      mayGive: () => mayGive,
    }),
  );
