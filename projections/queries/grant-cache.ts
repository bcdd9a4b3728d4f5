import { LRUCache } from 'lru-cache';
import type { Ordinal, RoleNumber } from '../numbers';
import type { AccountAt } from '../tables/account-at';
import { lastChanges } from '../tables/counts';
import { grantsAt, scopesIn, type RoleGrants } from '../tables/grants';

/** Capacity in grants, over all entries: some 10 MB when full. */
const KEPT = 200_000;
/** Overhead of an entry, in grants of the same memory. */
const AN_ENTRY = 8;

interface Kept {
  /** Ordinal of the role's last change. */
  readonly n: Ordinal;
  readonly grants: RoleGrants;
}

/**
 * Grants of custom roles, cached as they were after each role's last change: checks of a million users ask about the
 * same few thousand roles. A cached entry is never stale, for a later change has another ordinal. A change replaces the
 * entry of its role; queries of the past have entries of their own beside it.
 */
export class GrantCache {
  readonly #kept: LRUCache<string, Kept>;
  readonly #texts = new SharedTexts();

  /** `kept`: limit in grants; each entry counts as `AN_ENTRY` more. */
  constructor(kept = KEPT) {
    this.#kept = new LRUCache({ maxSize: kept, sizeCalculation: ({ grants }) => AN_ENTRY + grants.size });
  }

  /** Grants by number of the role; one without any event yet is left out. */
  of(reading: AccountAt, roles: readonly RoleNumber[]): ReadonlyMap<RoleNumber, RoleGrants> {
    const found = new Map<RoleNumber, RoleGrants>();
    const missing = new Map<RoleNumber, { readonly key: string; readonly n: Ordinal }>();
    for (const [role, n] of lastChanges(reading, roles)) {
      const key = this.#keyOf(reading, role, n);
      const kept = this.#kept.get(key);
      if (kept?.n === n) found.set(role, kept.grants);
      else missing.set(role, { key, n });
    }
    for (const [role, grants] of this.#read(reading, [...missing.keys()])) {
      const { key, n } = missing.get(role)!;
      this.#kept.set(key, { n, grants });
      found.set(role, grants);
    }
    return found;
  }

  /** Cache key: one for the newest known change of a role, and one for each ordinal of its past. */
  #keyOf({ account }: AccountAt, role: RoleNumber, n: Ordinal): string {
    const newest = `${account} ${role}`;
    return n < (this.#kept.peek(newest)?.n ?? n) ? `${newest} ${n}` : newest;
  }

  #read(reading: AccountAt, roles: readonly RoleNumber[]): ReadonlyMap<RoleNumber, RoleGrants> {
    const found = new Map(roles.map((role) => [role, new Map<string, readonly string[]>()]));
    for (const { role, permission, scopes } of grantsAt(reading, roles))
      found.get(role)?.set(this.#texts.permission(permission), this.#texts.scopes(scopes));
    return found;
  }
}

/** Characters of interned texts. */
const SHARED = 1_000_000;

/** Permissions and sets of scopes, interned for all roles: there are few, and every row brings its own copy. */
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
