import { LRUCache } from 'lru-cache';
import { grantsAt, scopesIn, type RoleGrants } from '../tables/grants';
import { listed } from '../tables/sets';
import type { Sql } from '../tables/sql';
import type { Ordinal } from '../view';

/** Grants, over all entries: some 10 MB when full. */
const KEPT = 200_000;
/** Grants that take as much memory as an entry itself does. */
const AN_ENTRY = 8;

interface Kept {
  /** Where the role was last changed. */
  readonly n: Ordinal;
  readonly grants: RoleGrants;
}

/**
 * Grants of custom roles, kept as they were after each role's last change: checks of a million users ask about the same
 * few thousand roles. Nothing that is kept is ever outdated, for a later change has another place. What a change
 * supersedes is not kept any longer; whoever asks about the past has that kept beside.
 */
export class GrantCache {
  readonly #kept: LRUCache<string, Kept>;
  readonly #texts = new SharedTexts();

  /** `kept`: grants, an entry counting as some too. */
  constructor(
    private readonly sql: Sql,
    kept = KEPT,
  ) {
    this.#kept = new LRUCache({ maxSize: kept, sizeCalculation: ({ grants }) => AN_ENTRY + grants.size });
  }

  /** By number of the role; one that nothing had happened to yet is left out. */
  of(account: number, roles: readonly number[], at: Ordinal): ReadonlyMap<number, RoleGrants> {
    const found = new Map<number, RoleGrants>();
    const missing = new Map<number, { readonly key: string; readonly n: Ordinal }>();
    for (const { role, n } of lastChanges(this.sql, account, roles, at)) {
      const key = this.#keyOf(account, role, n);
      const kept = this.#kept.get(key);
      if (kept?.n === n) found.set(role, kept.grants);
      else missing.set(role, { key, n });
    }
    for (const [role, grants] of this.#read(account, [...missing.keys()], at)) {
      const { key, n } = missing.get(role)!;
      this.#kept.set(key, { n, grants });
      found.set(role, grants);
    }
    return found;
  }

  /** One for the newest that is known of a role, and one for each place of its past. */
  #keyOf(account: number, role: number, n: Ordinal): string {
    const newest = `${account} ${role}`;
    return n < (this.#kept.peek(newest)?.n ?? n) ? `${newest} ${n}` : newest;
  }

  #read(account: number, roles: readonly number[], at: Ordinal): ReadonlyMap<number, RoleGrants> {
    const found = new Map(roles.map((role) => [role, new Map<string, readonly string[]>()]));
    for (const { role, permission, scopes } of grantsAt(this.sql, account, roles, at))
      found.get(role)?.set(this.#texts.permission(permission), this.#texts.scopes(scopes));
    return found;
  }
}

/** Characters of texts that are shared. */
const SHARED = 1_000_000;

/** Permissions and sets of scopes, one copy of each for all roles: there are few, and every row brings its own. */
class SharedTexts {
  readonly #permissions = new LRUCache<string, string>({ maxSize: SHARED, sizeCalculation: lengthOf });
  readonly #scopes = new LRUCache<string, readonly string[]>({
    maxSize: SHARED,
    sizeCalculation: (_, text) => lengthOf(text),
  });

  permission(text: string): string {
    const known = this.#permissions.get(text);
    if (known === undefined) this.#permissions.set(text, text);
    return known ?? text;
  }

  scopes(text: string): readonly string[] {
    let known = this.#scopes.get(text);
    if (!known) this.#scopes.set(text, (known = scopesIn(text)));
    return known;
  }
}

const lengthOf = (text: string): number => Math.max(1, text.length);

/** Where each role was last changed; one that nothing had happened to yet is left out. */
const lastChanges = (
  sql: Sql,
  account: number,
  roles: readonly number[],
  at: Ordinal,
): { readonly role: number; readonly n: Ordinal }[] =>
  sql
    .all<{ role: number; n: Ordinal | null }>(
      `SELECT wanted.value AS role,
         (SELECT max(n) FROM role_count WHERE account = ? AND role = wanted.value AND n <= ?) AS n
       FROM json_each(?) wanted`,
      account,
      at,
      listed(roles),
    )
    .flatMap(({ role, n }) => (n === null ? [] : [{ role, n }]));
