import { accountCountAt, NO_ROLE_COUNT, type AccountCount, type RoleCount } from './counts';
import { featuresOf } from './accounts';
import type { CatalogueSnapshot } from './catalogue-snapshots';
import { compareText } from './cursor';
import { grantsAt, scopesIn, wordNumbers } from './grants';
import { rolesHeld, rolesHeldGranting } from './memberships';
import { roleCounts, roleNumbers, storedRoles, type StoredRole } from './role-rows';
import type { RoleFact } from './roles';
import type { Sql } from './sql';
import type { Grant, Ordinal } from './view';

/** A role as it was at the moment of a reading. */
export interface RoleAt {
  readonly id: string;
  /** Its number in the account; null for a default role that nobody was ever assigned to there. */
  readonly n: number | null;
  readonly created: Ordinal;
  /** Of custom roles. */
  readonly fact: RoleFact | null;
  /** Place among the default roles of the catalogue; -1 for custom ones. */
  readonly order: number;
  /** Where it was deleted or retired; null while it lives. */
  readonly ended: Ordinal | null;
}

/** A role that granted a permission, with the scopes that it kept. */
export interface Giving {
  readonly role: RoleAt;
  readonly kept: readonly string[];
}

/**
 * One account at one moment: what all questions about it share, each thing read once. Every question is about a set,
 * and costs as many statements for many members as for one.
 */
export class Reading {
  readonly #roles = new Map<number, RoleAt | null>();
  /** Numbers of permissions; -1, which no row has, of one that was never granted. */
  readonly #words = new Map<string, number>();
  #features: ReadonlySet<string> | undefined;

  constructor(
    readonly sql: Sql,
    /** -1 for an account that nothing is known of: no row has that number. */
    readonly account: number,
    readonly at: Ordinal,
    readonly snapshot: CatalogueSnapshot,
  ) {}

  get features(): ReadonlySet<string> {
    return (this.#features ??= featuresOf(this.sql, this.account, this.at));
  }

  counts(): AccountCount {
    return accountCountAt(this.sql, this.account, this.at);
  }

  role(id: string): RoleAt | undefined {
    return this.roles([id]).get(id);
  }

  /** Roles by id, in the order asked for; an id that was no role (yet) is left out. */
  roles(ids: readonly string[]): ReadonlyMap<string, RoleAt> {
    const numbers = roleNumbers(this.sql, this.account, ids);
    this.#load(numbers.values());
    const found = new Map<string, RoleAt>();
    for (const id of ids) {
      const n = numbers.get(id);
      const role = (n === undefined ? undefined : this.#roles.get(n)) ?? this.#defaultRole(id, n ?? null);
      if (role) found.set(id, role);
    }
    return found;
  }

  #load(numbers: Iterable<number>): void {
    const missing = [...numbers].filter((n) => !this.#roles.has(n));
    if (missing.length === 0) return;
    for (const n of missing) this.#roles.set(n, null);
    for (const role of storedRoles(this.sql, this.account, missing, this.at))
      this.#roles.set(role.n, this.#roleOf(role));
  }

  /** Null where it did not exist (yet). */
  #roleOf({ id, n, custom, created, fact }: StoredRole): RoleAt | null {
    if (!custom) return this.#defaultRole(id, n) ?? null;
    return fact && { id, n, created, fact, order: -1, ended: fact.deleted ? fact.valid_from : null };
  }

  #defaultRole(id: string, n: number | null): RoleAt | undefined {
    const order = this.snapshot.orderOf(id);
    if (order < 0) return undefined;
    return { id, n, created: 0, fact: null, order, ended: this.snapshot.retiredSince(id) };
  }

  roleCounts(roles: Iterable<RoleAt>): (role: RoleAt) => Readonly<RoleCount> {
    const numbers = [...roles].flatMap(({ n }) => n ?? []);
    const counts = roleCounts(this.sql, this.account, numbers, this.at);
    return ({ n }) => counts.get(n ?? -1) ?? NO_ROLE_COUNT;
  }

  /** Users in a role; none where it ended. */
  userCount(role: RoleAt): number {
    return role.ended === null ? this.roleCounts([role])(role).users : 0;
  }

  /** Roles that each user was in, default roles first in the catalogue's order, then custom ones in that of `compare`. */
  rolesOf(
    users: readonly number[],
    compare: (a: RoleAt, b: RoleAt) => number,
  ): ReadonlyMap<number, readonly RoleAt[]> {
    const held = rolesHeld(this.sql, this.account, users, this.at);
    this.#load(held.map(({ role }) => role));
    const found = new Map(users.map((user): [number, RoleAt[]] => [user, []]));
    for (const { user, role } of held) {
      const known = this.#roles.get(role);
      if (known) found.get(user)?.push(known);
    }
    for (const roles of found.values()) roles.sort((a, b) => defaultsFirst(a, b) || compare(a, b));
    return found;
  }

  /** What roles granted, by id, in the catalogue's order; nothing where they were deleted. */
  grants(roles: readonly RoleAt[]): ReadonlyMap<string, readonly Grant[]> {
    const { catalogue } = this.snapshot;
    const custom = roles.flatMap(({ fact, n }) => (fact && n !== null ? [n] : []));
    const stored = grantsAt(this.sql, this.account, custom, this.at);
    const compare = (a: Grant, b: Grant): number =>
      catalogue.orderOf(a.permission) - catalogue.orderOf(b.permission) ||
      compareText(a.permission, b.permission);
    return new Map(
      roles.map(({ id, fact, n }): [string, readonly Grant[]] => {
        if (fact) return [id, (stored.get(n ?? -1) ?? []).sort(compare)];
        const entry = catalogue.defaultRole.get(id);
        return [id, entry ? [...this.snapshot.grantsOf(entry).values()] : []];
      }),
    );
  }

  /** For each user and permission of the catalogue the roles, in order, through which it came, if any. */
  giving(asked: readonly { readonly user: number; readonly permission: string }[]): readonly Giving[][] {
    this.#loadWords(asked.map(({ permission }) => permission));
    const pairs = asked.map(({ user, permission }) => [user, this.#words.get(permission) ?? -1] as const);
    const held = rolesHeldGranting(this.sql, this.account, pairs, this.at);
    this.#load(held.map(({ role }) => role));
    const found = asked.map((): Giving[] => []);
    for (const { pair, role: n, scopes } of held) {
      const role = this.#roles.get(n);
      const kept =
        role && (role.fact ? scopes && scopesIn(scopes) : this.#ofDefault(role, asked[pair]!.permission));
      if (role && kept) found[pair]!.push({ role, kept });
    }
    for (const each of found) each.sort((a, b) => defaultsFirst(a.role, b.role) || byId(a.role, b.role));
    return found;
  }

  /** Of a retired role what it last granted. */
  #ofDefault(role: RoleAt, permission: string): readonly string[] | undefined {
    const entry = this.snapshot.catalogue.defaultRole.get(role.id);
    return entry && this.snapshot.grantsOf(entry).get(permission)?.scopes;
  }

  /** Keys of the catalogue only: what clients send is not kept. */
  #loadWords(texts: readonly string[]): void {
    const { permission } = this.snapshot.catalogue;
    const missing = texts.filter((text) => permission.has(text) && !this.#words.has(text));
    if (missing.length === 0) return;
    const numbers = wordNumbers(this.sql, missing);
    for (const text of missing) this.#words.set(text, numbers.get(text) ?? -1);
  }
}

const defaultsFirst = (a: RoleAt, b: RoleAt): number =>
  Number(a.fact !== null) - Number(b.fact !== null) || a.order - b.order;

export const byId = (a: RoleAt, b: RoleAt): number => compareText(a.id, b.id);
export const byName = (a: RoleAt, b: RoleAt): number =>
  compareText(a.fact?.name_key ?? '', b.fact?.name_key ?? '') || (a.n ?? 0) - (b.n ?? 0);
