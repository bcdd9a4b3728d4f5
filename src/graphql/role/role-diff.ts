import type { Grant } from '../../../projections/view';

/** Differences between the grants of two roles, or of one role at two moments. */

export interface GrantDiff {
  readonly permission: string;
  /** True if that side grants it. */
  readonly before: boolean;
  readonly after: boolean;
  /** Scopes that the grant keeps on that side alone. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** Permissions granted on one side alone, or with other scopes: in the order of `after`, those that are lost last. */
export function grantDiffs(before: readonly Grant[], after: readonly Grant[]): GrantDiff[] {
  const [old, now] = [byPermission(before), byPermission(after)];
  const permissions = new Set([...now.keys(), ...old.keys()]);
  return [...permissions].flatMap((permission): GrantDiff[] => {
    const [was, is] = [old.get(permission), now.get(permission)];
    const gained = without(is, was);
    const lost = without(was, is);
    if (was && is && gained.length + lost.length === 0) return [];
    return [{ permission, before: was !== undefined, after: is !== undefined, gained, lost }];
  });
}

const byPermission = (grants: readonly Grant[]): ReadonlyMap<string, readonly string[]> =>
  new Map(grants.map(({ permission, scopes }) => [permission, scopes]));

const without = (scopes: readonly string[] = [], others: readonly string[] = []): readonly string[] =>
  scopes.filter((scope) => !others.includes(scope));
