import type { Permission } from '../src/domain/catalogue/catalogue';
import { byId, type Reading, type RoleAt } from './reading';
import { userFactAt, userNumber } from './users';
import type { EffectivePermissions, PermissionDecision, WithheldReason } from './view';

/** What a user may do, and why or why not, at the cost of the user's own roles. */

interface Collected {
  /** Through roles that live; of a permission that only retired roles grant, through those. */
  via: string[];
  retiredOnly: boolean;
  readonly scopes: Set<string>;
}

export function effectivePermissions(reading: Reading, user: string): EffectivePermissions | null {
  const { catalogue } = reading.snapshot;
  const fact = factOf(reading, user);
  if (!fact) return null;
  const granted: EffectivePermissions['granted'][number][] = [];
  const withheld: EffectivePermissions['withheld'][number][] = [];
  const collected = [...collect(reading, grantingRoles(reading, fact.n))];
  collected.sort(([a], [b]) => catalogue.orderOf(a) - catalogue.orderOf(b));
  for (const [permission, { via, scopes, retiredOnly }] of collected) {
    const reason = fact.active ? withheldReason(reading, permission, retiredOnly) : 'USER_INACTIVE';
    if (reason) withheld.push({ permission, reason, via });
    else granted.push({ permission, scopes: inOrder(catalogue.permission.get(permission), scopes), via });
  }
  return { granted, withheld };
}

export function checkPermission(
  reading: Reading,
  user: string,
  permission: string,
  scope: string | null,
): PermissionDecision {
  const fact = factOf(reading, user);
  if (!fact) return denied('UNKNOWN_USER');
  const known = reading.snapshot.catalogue.permission.get(permission);
  if (!known) return denied('UNKNOWN_PERMISSION');
  const granting = grantingRoles(reading, fact.n).flatMap((role) => {
    const kept = reading.grant(role, permission);
    return kept ? [{ role, kept }] : [];
  });
  const live = granting.filter(({ role }) => role.ended === null);
  const via = (live.length > 0 ? live : granting).map(({ role }) => role.id);
  if (!fact.active) return denied('USER_INACTIVE', via);
  if (granting.length === 0) return denied('NOT_GRANTED');
  const reason = withheldReason(reading, permission, live.length === 0);
  if (reason) return denied(reason, via);
  const passing = scope === null ? live : live.filter(({ kept }) => passes(reading, known, kept, scope));
  if (passing.length === 0) return denied('SCOPE_NOT_GRANTED', via);
  return { allowed: true, via: passing.map(({ role }) => role.id), reason: null };
}

/** Whether a role that the user is in grants the permission, its feature enabled or not. */
export function isGranted(reading: Reading, user: string, permission: string): boolean {
  const fact = factOf(reading, user);
  if (!fact?.active || !reading.snapshot.catalogue.present(permission)) return false;
  return grantingRoles(reading, fact.n).some(
    (role) => role.ended === null && reading.grant(role, permission),
  );
}

/** Whether kept scopes, as far as the permission still has them, pass a check for a scope. */
export function passes(
  reading: Reading,
  permission: Permission,
  kept: readonly string[],
  scope: string,
): boolean {
  const { catalogue } = reading.snapshot;
  const satisfying = catalogue.satisfying(scope);
  return catalogue.keptScopes(permission, kept).some((name) => satisfying.has(name));
}

/** Why nobody in the account has a permission whatever was granted; null where that is not so. */
export function withheldReason(
  reading: Reading,
  permission: string,
  retiredOnly: boolean,
): WithheldReason | null {
  const present = reading.snapshot.catalogue.present(permission);
  if (!present || retiredOnly) return 'RETIRED';
  return reading.features.has(present.feature) ? null : 'FEATURE_DISABLED';
}

function factOf(reading: Reading, user: string): ReturnType<typeof userFactAt> {
  const n = userNumber(reading.sql, reading.account, user);
  return n === undefined ? undefined : userFactAt(reading.sql, reading.account, n, reading.at);
}

/** Roles whose grants count: a deleted role granted what it did, a retired one is still to be explained. */
const grantingRoles = (reading: Reading, user: number): RoleAt[] =>
  reading.rolesOf(user, byId).filter((role) => role.fact === null || role.ended === null);

function collect(reading: Reading, roles: readonly RoleAt[]): Map<string, Collected> {
  const { catalogue } = reading.snapshot;
  const found = new Map<string, Collected>();
  for (const role of roles) {
    const retired = role.ended !== null;
    for (const { permission, scopes } of reading.grants(role)) {
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

export const inOrder = (permission: Permission | undefined, scopes: ReadonlySet<string>): string[] =>
  (permission?.scopes ?? []).filter((scope) => scopes.has(scope));

const denied = (
  reason: NonNullable<PermissionDecision['reason']>,
  via: readonly string[] = [],
): PermissionDecision => ({ allowed: false, via, reason });
