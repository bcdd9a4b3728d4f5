import type { CatalogueContent } from '../../src/domain/catalogue/catalogue';
import type { Question } from '../../src/shared/turns';
import type { AccountNumber, Ordinal, RoleNumber } from '../numbers';
import type { AccountAt } from '../tables/account-at';
import { featuresOf } from '../tables/accounts';
import {
  accountCountAt,
  NO_ROLE_COUNT,
  roleCounts,
  type AccountCount,
  type RoleCount,
} from '../tables/counts';
import type { RoleGrants } from '../tables/grants';
import { roleNumbers, storedRoles, type StoredRole } from '../tables/roles';
import type { RoleFact } from '../tables/rows';
import { compareText } from '../tables/sqlite/collation';
import type { Sql } from '../tables/sqlite/sql';
import { MOST_CHANGES, type Grant } from '../view';
import type { CatalogueSnapshot } from './catalogue-snapshots';
import type { GrantCache } from './grant-cache';

/** A role as of an ordinal. */
export interface RoleAt {
  readonly id: string;
  /** Its number in the account; null for a default role that nobody was ever assigned to there. */
  readonly n: RoleNumber | null;
  /** Ordinal of the creation of a custom role; null for a default one. */
  readonly created: Ordinal | null;
  /** Fact of a custom role; null for a default one. */
  readonly fact: RoleFact | null;
  /** Index among the default roles of the catalogue; null for custom ones. */
  readonly order: number | null;
  /** Ordinal of its deletion or retirement; null while it lives. */
  readonly ended: Ordinal | null;
}

/** A question as of an ordinal, and the count of the rows that it reads. */
export interface Asking {
  readonly reading: AsOfContext;
  readonly question: Question;
}

/** A role that granted a permission, with the scopes that it kept. */
export interface GrantSource {
  readonly role: RoleAt;
  readonly kept: readonly string[];
}

/**
 * One account at one ordinal: the data that all questions about it share, each part read once. Every question is about
 * a set, and costs as many statements for many members as for one.
 */
export class AsOfContext implements AccountAt {
  readonly sql: Sql;
  readonly account: AccountNumber;
  readonly at: Ordinal;
  readonly #roles = new Map<RoleNumber, RoleAt | null>();
  /** Grants of custom roles, by number. */
  readonly #grants = new Map<RoleNumber, RoleGrants>();
  #features: ReadonlySet<string> | undefined;
  #counts: Readonly<AccountCount> | undefined;

  constructor(
    { sql, account, at }: AccountAt,
    readonly snapshot: CatalogueSnapshot,
    private readonly grantCache: GrantCache,
    /** Changes since the moment up to which it is listed in the orders of the present. */
    readonly mostChanges: number = MOST_CHANGES,
  ) {
    this.sql = sql;
    this.account = account;
    this.at = at;
  }

  /** The account as a publication of the catalogue would leave it: all else is the same. */
  published(content: CatalogueContent): AsOfContext {
    const snapshot = this.snapshot.published(content, this.at);
    return new AsOfContext(this, snapshot, this.grantCache, this.mostChanges);
  }

  get features(): ReadonlySet<string> {
    return (this.#features ??= featuresOf(this));
  }

  counts(): Readonly<AccountCount> {
    return (this.#counts ??= accountCountAt(this));
  }

  role(id: string): RoleAt | undefined {
    return this.roles([id]).get(id);
  }

  /** Roles by id, in the order asked for; an id that was not a role (yet) is left out. */
  roles(ids: readonly string[]): ReadonlyMap<string, RoleAt> {
    const numbers = roleNumbers(this, ids);
    this.#load(numbers.values());
    const found = new Map<string, RoleAt>();
    for (const id of ids) {
      const n = numbers.get(id);
      const role = (n === undefined ? undefined : this.#roles.get(n)) ?? this.#defaultRole(id, n ?? null);
      if (role) found.set(id, role);
    }
    return found;
  }

  #load(numbers: Iterable<RoleNumber>): void {
    const missing = [...numbers].filter((n) => !this.#roles.has(n));
    if (missing.length === 0) return;
    for (const n of missing) this.#roles.set(n, null);
    for (const role of storedRoles(this, missing)) this.#roles.set(role.n, this.#roleOf(role));
  }

  /** Null if it did not exist (yet). */
  #roleOf({ id, n, custom, created, fact }: StoredRole): RoleAt | null {
    if (!custom) return this.#defaultRole(id, n) ?? null;
    return fact && { id, n, created, fact, order: null, ended: fact.deleted ? fact.valid_from : null };
  }

  #defaultRole(id: string, n: RoleNumber | null): RoleAt | undefined {
    const order = this.snapshot.orderOf(id);
    if (order === undefined) return undefined;
    return { id, n, created: null, fact: null, order, ended: this.snapshot.retiredSince(id) };
  }

  roleCounts(roles: Iterable<RoleAt>): (role: RoleAt) => Readonly<RoleCount> {
    const numbers = [...roles].flatMap(({ n }) => n ?? []);
    const counts = roleCounts(this, numbers);
    return ({ n }) => (n === null ? undefined : counts.get(n)) ?? NO_ROLE_COUNT;
  }

  /** Users in a role; none if it ended. */
  userCount(role: RoleAt): number {
    return role.ended === null ? this.roleCounts([role])(role).users : 0;
  }

  /** Sets of roles by number, each in order: default roles in the catalogue's, then custom ones in that of `compare`. */
  rolesBy(
    sets: readonly (readonly RoleNumber[])[],
    compare: (a: RoleAt, b: RoleAt) => number,
  ): readonly (readonly RoleAt[])[] {
    this.#load(sets.flat());
    return sets.map((numbers) =>
      numbers.flatMap((n) => this.#roles.get(n) ?? []).sort((a, b) => defaultsFirst(a, b) || compare(a, b)),
    );
  }

  /** Grants of roles by id, in the catalogue's order; none for deleted roles. */
  grants(roles: readonly RoleAt[]): ReadonlyMap<string, readonly Grant[]> {
    const { catalogue } = this.snapshot;
    this.#loadGrants(roles.flatMap(({ fact, n }) => (fact && n !== null ? [n] : [])));
    const compare = (a: Grant, b: Grant): number =>
      catalogue.orderOf(a.permission) - catalogue.orderOf(b.permission) ||
      compareText(a.permission, b.permission);
    return new Map(
      roles.map(({ id, fact, n }): [string, readonly Grant[]] => {
        if (fact) return [id, listOf(n === null ? NOTHING : this.#grants.get(n)).sort(compare)];
        const entry = catalogue.defaultRole.get(id);
        return [id, entry ? [...this.snapshot.grantsOf(entry).values()] : []];
      }),
    );
  }

  /** Grant sources for each set of roles, by number, and a permission: the roles that granted it, if any, in order. */
  grantSources(
    asked: readonly { readonly roles: readonly RoleNumber[]; readonly permission: string }[],
  ): readonly GrantSource[][] {
    const numbers = asked.flatMap(({ roles }) => roles);
    this.#load(numbers);
    this.#loadGrants(numbers.filter((n) => this.#roles.get(n)?.fact));
    return asked.map(({ roles, permission }) =>
      roles
        .flatMap((n): GrantSource[] => {
          const role = this.#roles.get(n);
          const kept =
            role && (role.fact ? this.#grants.get(n)?.get(permission) : this.#ofDefault(role, permission));
          return role && kept ? [{ role, kept }] : [];
        })
        .sort((a, b) => defaultsFirst(a.role, b.role) || byId(a.role, b.role)),
    );
  }

  #loadGrants(numbers: readonly RoleNumber[]): void {
    const missing = numbers.filter((n) => !this.#grants.has(n));
    if (missing.length === 0) return;
    for (const n of missing) this.#grants.set(n, NOTHING);
    for (const [n, grants] of this.grantCache.of(this, missing)) this.#grants.set(n, grants);
  }

  /** Scopes that a default role grants with a permission; for a retired role, those that it last granted. */
  #ofDefault(role: RoleAt, permission: string): readonly string[] | undefined {
    const entry = this.snapshot.catalogue.defaultRole.get(role.id);
    return entry && this.snapshot.grantsOf(entry).get(permission)?.scopes;
  }
}

/** Numbers are assigned in order of registration, and users are never removed: this is also the last number. */
export function totalUsers(reading: AsOfContext): number {
  const { active, inactive, erased } = reading.counts();
  return active + inactive + erased;
}

const NOTHING: RoleGrants = new Map();
const listOf = (grants: RoleGrants | undefined): Grant[] =>
  [...(grants ?? [])].map(([permission, scopes]) => ({ permission, scopes }));

const defaultsFirst = (a: RoleAt, b: RoleAt): number =>
  Number(a.fact !== null) - Number(b.fact !== null) || (a.order ?? 0) - (b.order ?? 0);

export const byId = (a: RoleAt, b: RoleAt): number => compareText(a.id, b.id);
export const byName = (a: RoleAt, b: RoleAt): number =>
  compareText(a.fact?.name_key ?? '', b.fact?.name_key ?? '') || (a.n ?? 0) - (b.n ?? 0);
