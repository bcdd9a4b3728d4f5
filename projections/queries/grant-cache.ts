import { LRUCache } from 'lru-cache';
import { grantsAt, type RoleGrants } from '../tables/grants';
import { listed } from '../tables/sets';
import type { Sql } from '../tables/sql';
import type { Ordinal } from '../view';

/** Grants, over all entries: some 60 MB when full. */
const KEPT = 400_000;

/**
 * Grants of custom roles, kept as they were after each role's last change: checks of a million users ask about the same
 * few thousand roles. Nothing that is kept is ever outdated, for a later change has another place.
 */
export class GrantCache {
  readonly #kept = new LRUCache<string, RoleGrants>({
    maxSize: KEPT,
    sizeCalculation: (grants) => grants.size + 1,
  });

  constructor(private readonly sql: Sql) {}

  /** By number of the role; one that nothing had happened to yet is left out. */
  of(account: number, roles: readonly number[], at: Ordinal): ReadonlyMap<number, RoleGrants> {
    const found = new Map<number, RoleGrants>();
    const missing = new Map<number, string>();
    for (const [role, key] of lastChanges(this.sql, account, roles, at)) {
      const kept = this.#kept.get(key);
      if (kept) found.set(role, kept);
      else missing.set(role, key);
    }
    for (const [role, grants] of grantsAt(this.sql, account, [...missing.keys()], at)) {
      this.#kept.set(missing.get(role)!, grants);
      found.set(role, grants);
    }
    return found;
  }
}

/** Where each role was last changed, as a key; one that nothing had happened to yet is left out. */
const lastChanges = (
  sql: Sql,
  account: number,
  roles: readonly number[],
  at: Ordinal,
): ReadonlyMap<number, string> =>
  new Map(
    sql
      .all<{ role: number; n: number | null }>(
        `SELECT wanted.value AS role,
           (SELECT max(n) FROM role_count WHERE account = ? AND role = wanted.value AND n <= ?) AS n
         FROM json_each(?) wanted`,
        account,
        at,
        listed(roles),
      )
      .flatMap(({ role, n }): [number, string][] => (n === null ? [] : [[role, `${account} ${role} ${n}`]])),
  );
