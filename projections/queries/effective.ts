import type { Permission } from '../../src/domain/catalogue/catalogue';
import type { EffectivePermissions, Grant, WithheldReason } from '../view';
import { byId, type AsOfContext, type RoleAt } from './as-of-context';
import { userRoles } from './user-roles';

/** Effective permissions of users, and those withheld with the reason. The cost depends on their own roles alone. */

/** A user and the roles that may grant. Deleted roles are left out; grants of retired ones still need a reason. */
interface UserAt {
  readonly active: boolean;
  readonly roles: readonly RoleAt[];
}

/** Users by id; those not registered (yet) are left out. */
function usersAt(reading: AsOfContext, ids: readonly string[]): ReadonlyMap<string, UserAt> {
  const states = [...userRoles(reading, ids)];
  const held = reading.rolesBy(
    states.map(([, { roles }]) => roles),
    byId,
  );
  const counts = (role: RoleAt): boolean => role.fact === null || role.ended === null;
  return new Map(
    states.map(([id, { active }], index) => [id, { active, roles: held[index]!.filter(counts) }]),
  );
}

/** Effective permissions by id of the user. */
export function effectivePermissions(
  reading: AsOfContext,
  ids: readonly string[],
): ReadonlyMap<string, EffectivePermissions> {
  const users = [...usersAt(reading, ids)];
  const grants = reading.grants([...new Set(users.flatMap(([, { roles }]) => roles))]);
  return new Map(users.map(([id, user]) => [id, effectiveOf(reading, user, grants)]));
}

function effectiveOf(
  reading: AsOfContext,
  { active, roles }: UserAt,
  grants: ReadonlyMap<string, readonly Grant[]>,
): EffectivePermissions {
  const { catalogue } = reading.snapshot;
  const granted: EffectivePermissions['granted'][number][] = [];
  const withheld: EffectivePermissions['withheld'][number][] = [];
  const collected = [...collect(reading, roles, grants)];
  collected.sort(([a], [b]) => catalogue.orderOf(a) - catalogue.orderOf(b));
  for (const [permission, { via, scopes, retiredOnly }] of collected) {
    const reason = active ? withheldReason(reading, permission, retiredOnly) : 'USER_INACTIVE';
    if (reason) withheld.push({ permission, reason, via });
    else granted.push({ permission, scopes: inOrder(catalogue.permission.get(permission), scopes), via });
  }
  return { granted, withheld };
}

interface Collected {
  /** Through roles that still exist; for a permission that only retired roles grant, through those. */
  via: string[];
  retiredOnly: boolean;
  readonly scopes: Set<string>;
}

function collect(
  reading: AsOfContext,
  roles: readonly RoleAt[],
  grants: ReadonlyMap<string, readonly Grant[]>,
): Map<string, Collected> {
  const { catalogue } = reading.snapshot;
  const found = new Map<string, Collected>();
  for (const role of roles) {
    const retired = role.ended !== null;
    for (const { permission, scopes } of grants.get(role.id) ?? []) {
      let entry = found.get(permission);
      if (!entry) found.set(permission, (entry = { via: [], retiredOnly: retired, scopes: new Set() }));
      if (retired && !entry.retiredOnly) continue;
      if (!retired && entry.retiredOnly) Object.assign(entry, { via: [], retiredOnly: false });
      entry.via.push(role.id);
      const known = catalogue.present(permission);
      if (known && !retired) for (const scope of catalogue.keptScopes(known, scopes)) entry.scopes.add(scope);
    }
  }
  return found;
}

/** Present permissions that the roles of a user grant, their features enabled or not, and whether the user is active. */
export function grantedTo(
  reading: AsOfContext,
  user: string,
): { readonly active: boolean; readonly permissions: ReadonlySet<string> } {
  const { active, roles } = usersAt(reading, [user]).get(user) ?? { active: false, roles: [] };
  const grants = reading.grants(roles.filter(({ ended }) => ended === null));
  const permissions = [...grants.values()].flat().map(({ permission }) => permission);
  const { catalogue } = reading.snapshot;
  return { active, permissions: new Set(permissions.filter((key) => catalogue.present(key))) };
}

/** The reason that nobody in the account has a permission, even if granted; null if there is none. */
export function withheldReason(
  reading: AsOfContext,
  permission: string,
  retiredOnly: boolean,
): WithheldReason | null {
  const present = reading.snapshot.catalogue.present(permission);
  if (!present || retiredOnly) return 'RETIRED';
  return reading.features.has(present.feature) ? null : 'FEATURE_DISABLED';
}

export const inOrder = (permission: Permission | undefined, scopes: ReadonlySet<string>): string[] =>
  (permission?.scopes ?? []).filter((scope) => scopes.has(scope));
