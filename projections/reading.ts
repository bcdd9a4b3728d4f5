import { accountCountAt, roleCountAt, type AccountCount, type RoleCount } from './counts';
import { featuresOf } from './accounts';
import type { CatalogueSnapshot } from './catalogue-snapshots';
import { compareText } from './cursor';
import { grantAt, grantsAt, wordNumber } from './grants';
import { rolesHeld } from './memberships';
import { roleFactAt, type RoleFact } from './roles';
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

/** One account at one moment: what all queries of a view share, each thing read once. */
export class Reading {
  readonly #byNumber = new Map<number, RoleAt | null>();
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

  /** Undefined for an id that was no role (yet). */
  role(id: string): RoleAt | undefined {
    const row = this.sql.get<{ n: number }>(
      'SELECT n FROM role_key WHERE account = ? AND id = ?',
      this.account,
      id,
    );
    return (row && this.roleByNumber(row.n)) ?? this.#defaultRole(id, row?.n ?? null);
  }

  /** Null where it did not exist (yet). */
  roleByNumber(n: number): RoleAt | null {
    let found = this.#byNumber.get(n);
    if (found === undefined) this.#byNumber.set(n, (found = this.#load(n)));
    return found;
  }

  #load(n: number): RoleAt | null {
    const row = this.sql.get<{ id: string; custom: number; created: number }>(
      'SELECT id, custom, created FROM role_key WHERE account = ? AND n = ?',
      this.account,
      n,
    );
    if (!row) return null;
    if (!row.custom) return this.#defaultRole(row.id, n) ?? null;
    const fact = roleFactAt(this.sql, this.account, n, this.at);
    return fact
      ? { id: row.id, n, created: row.created, fact, order: -1, ended: fact.deleted ? fact.valid_from : null }
      : null;
  }

  #defaultRole(id: string, n: number | null): RoleAt | undefined {
    const order = this.snapshot.orderOf(id);
    if (order < 0) return undefined;
    return { id, n, created: 0, fact: null, order, ended: this.snapshot.retiredSince(id) };
  }

  roleCount({ n }: Pick<RoleAt, 'n'>): RoleCount {
    return roleCountAt(this.sql, this.account, n ?? -1, this.at);
  }

  /** Users in a role; none where it ended. */
  userCount(role: RoleAt): number {
    return role.ended === null ? this.roleCount(role).users : 0;
  }

  /** Roles that a user was in, default roles first in the catalogue's order, then custom ones in that of `compare`. */
  rolesOf(user: number, compare: (a: RoleAt, b: RoleAt) => number): RoleAt[] {
    return rolesHeld(this.sql, this.account, user, this.at)
      .map((n) => this.roleByNumber(n))
      .filter((role) => role !== null)
      .sort((a, b) => defaultsFirst(a, b) || compare(a, b));
  }

  /** What a role granted, in the catalogue's order; what it had, where it was deleted. */
  grants(role: RoleAt): readonly Grant[] {
    if (!role.fact) {
      const entry = this.snapshot.catalogue.defaultRole.get(role.id);
      return entry ? [...this.snapshot.grantsOf(entry).values()] : [];
    }
    const { catalogue } = this.snapshot;
    const at = role.ended === null ? this.at : role.ended - 1;
    return grantsAt(this.sql, this.account, role.n ?? -1, at).sort(
      (a, b) =>
        catalogue.orderOf(a.permission) - catalogue.orderOf(b.permission) ||
        compareText(a.permission, b.permission),
    );
  }

  /** Scopes with which a role granted a permission; undefined where it did not. A retired role grants nothing new. */
  grant(role: RoleAt, permission: string): readonly string[] | undefined {
    if (!role.fact) {
      const entry = this.snapshot.catalogue.defaultRole.get(role.id);
      return entry && this.snapshot.grantsOf(entry).get(permission)?.scopes;
    }
    return grantAt(this.sql, this.account, role.n ?? -1, this.word(permission), this.at);
  }

  /** The number of a text; -1, which no row has, where it never occurred. */
  word(text: string): number {
    let n = this.#words.get(text);
    if (n === undefined) this.#words.set(text, (n = wordNumber(this.sql, text) ?? -1));
    return n;
  }
}

const defaultsFirst = (a: RoleAt, b: RoleAt): number =>
  Number(a.fact !== null) - Number(b.fact !== null) || a.order - b.order;

export const byId = (a: RoleAt, b: RoleAt): number => compareText(a.id, b.id);
export const byName = (a: RoleAt, b: RoleAt): number =>
  compareText(a.fact?.name_key ?? '', b.fact?.name_key ?? '') || (a.n ?? 0) - (b.n ?? 0);
