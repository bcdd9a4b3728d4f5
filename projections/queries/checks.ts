import type { Permission } from '../../src/domain/catalogue/catalogue';
import type { PermissionCheck, PermissionDecision } from '../view';
import type { AsOfContext, GrantSource } from './as-of-context';
import { withheldReason } from './effective';
import { userRoles, type UserRoles } from './user-roles';

/** Decisions on permission checks, each with its reason. */

/** Decisions in the order of the checks, which are read together. */
export function checkPermissions(
  reading: AsOfContext,
  checks: readonly PermissionCheck[],
): readonly PermissionDecision[] {
  const users = userRoles(
    reading,
    checks.map(({ user }) => user),
  );
  const sources = reading.grantSources(
    checks.map(({ user, permission }) => ({ roles: users.get(user)?.roles ?? [], permission })),
  );
  return checks.map((check, index) => decide(reading, users.get(check.user), check, sources[index]!));
}

function decide(
  reading: AsOfContext,
  user: UserRoles | undefined,
  { permission, scope }: PermissionCheck,
  sources: readonly GrantSource[],
): PermissionDecision {
  if (!user) return denied('UNKNOWN_USER');
  const known = reading.snapshot.catalogue.permission.get(permission);
  if (!known) return denied('UNKNOWN_PERMISSION');
  const live = sources.filter(({ role }) => role.ended === null);
  const via = (live.length > 0 ? live : sources).map(({ role }) => role.id);
  if (!user.active) return denied('USER_INACTIVE', via);
  if (sources.length === 0) return denied('NOT_GRANTED');
  const reason = withheldReason(reading, permission, live.length === 0);
  if (reason) return denied(reason, via);
  const passing = scope === null ? live : live.filter(({ kept }) => passes(reading, known, kept, scope));
  if (passing.length === 0) return denied('SCOPE_NOT_GRANTED', via);
  return { allowed: true, via: passing.map(({ role }) => role.id), reason: null };
}

/** True if kept scopes, as far as the permission still has them, pass a check for a scope. */
export function passes(
  reading: AsOfContext,
  permission: Permission,
  kept: readonly string[],
  scope: string,
): boolean {
  const { catalogue } = reading.snapshot;
  const satisfying = catalogue.satisfying(scope);
  return catalogue.keptScopes(permission, kept).some((name) => satisfying.has(name));
}

const denied = (
  reason: NonNullable<PermissionDecision['reason']>,
  via: readonly string[] = [],
): PermissionDecision => ({ allowed: false, via, reason });
