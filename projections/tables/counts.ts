import { BEFORE_FIRST, type AccountNumber, type Ordinal, type RoleNumber } from '../numbers';
import type { AccountAt, AccountChange, RoleChange } from './account-at';
import type { AccountCountRow, RoleCountRow } from './rows';
import { jsonList } from './sqlite/json-list';
import { columnsOf, RowBuffer, type ValuesOf } from './sqlite/row-buffer';
import type { Sql } from './sqlite/sql';

/** Counts of roles and accounts, a row for each append that changed them. */

type Writable<Row> = { -readonly [Column in keyof Row]: Row[Column] };

export type RoleCount = Writable<Omit<RoleCountRow, 'account' | 'role'>>;
export type AccountCount = Writable<Omit<AccountCountRow, 'account' | 'n'>>;

type CountedRole = Pick<RoleCountRow, 'account' | 'role'> & { readonly count: RoleCount };

export const NO_ROLE_COUNT: Readonly<RoleCount> = {
  users: 0,
  permissions: 0,
  scopes: 0,
  version: 0,
  n: BEFORE_FIRST,
};
const NO_ACCOUNT_COUNT: Readonly<AccountCount> = {
  active: 0,
  inactive: 0,
  erased: 0,
  roles: 0,
  deleted: 0,
};
const ROLE_COUNT = columnsOf<RoleCountRow>()(
  'account',
  'role',
  'n',
  'users',
  'permissions',
  'scopes',
  'version',
);
const ACCOUNT_COUNT = columnsOf<AccountCountRow>()(
  'account',
  'n',
  'active',
  'inactive',
  'erased',
  'roles',
  'deleted',
);
const KEPT = 20_000;

function roleCountAt(sql: Sql, { account, role, ordinal }: RoleChange): RoleCount {
  const row = sql.get<RoleCount>(
    `SELECT users, permissions, scopes, version, n FROM role_count
     WHERE account = ? AND role = ? AND n <= ? ORDER BY n DESC LIMIT 1`,
    account,
    role,
    ordinal,
  );
  return row ?? { ...NO_ROLE_COUNT };
}

export function accountCountAt({ sql, account, at }: AccountAt): AccountCount {
  const row = sql.get<AccountCount>(
    `SELECT active, inactive, erased, roles, deleted FROM account_count
     WHERE account = ? AND n <= ? ORDER BY n DESC LIMIT 1`,
    account,
    at,
  );
  return row ?? { ...NO_ACCOUNT_COUNT };
}

/** Counts of roles by number. A popular role has a row for each change: the last is sought, once. */
export const roleCounts = (
  { sql, account, at }: AccountAt,
  roles: Iterable<RoleNumber>,
): ReadonlyMap<RoleNumber, RoleCount> =>
  new Map(
    sql
      .all<Omit<RoleCountRow, 'account'>>(
        `SELECT c.role, c.users, c.permissions, c.scopes, c.version, c.n FROM json_each(?1) wanted
         CROSS JOIN role_count c ON c.account = ?2 AND c.role = wanted.value AND c.n =
           (SELECT max(n) FROM role_count WHERE account = ?2 AND role = wanted.value AND n <= ?3)`,
        jsonList(roles),
        account,
        at,
      )
      .map((row) => [row.role, row]),
  );

/** Sum of the users of roles, each user counted once per role; above a limit adding stops. */
export const membersUpTo = (
  { sql, account, at }: AccountAt,
  roles: Iterable<RoleNumber>,
  limit: number,
): number =>
  sql.get<{ members: number | null }>(
    `WITH running AS NOT MATERIALIZED (
       SELECT sum(users) OVER (ROWS UNBOUNDED PRECEDING) AS members FROM (
         SELECT (SELECT users FROM role_count WHERE account = ?1 AND role = wanted.value AND n <= ?2
                 ORDER BY n DESC LIMIT 1) AS users FROM json_each(?3) wanted))
     SELECT coalesce((SELECT members FROM running WHERE members > ?4 LIMIT 1),
                     (SELECT max(members) FROM running)) AS members`,
    account,
    at,
    jsonList(roles),
    limit,
  )?.members ?? 0;

/** Ordinals of the last change of roles, by number; a role without any event yet is left out. */
export const lastChanges = (
  { sql, account, at }: AccountAt,
  roles: Iterable<RoleNumber>,
): ReadonlyMap<RoleNumber, Ordinal> =>
  new Map(
    sql
      .all<{ role: RoleNumber; n: Ordinal | null }>(
        `SELECT wanted.value AS role,
           (SELECT max(n) FROM role_count WHERE account = ? AND role = wanted.value AND n <= ?) AS n
         FROM json_each(?) wanted`,
        account,
        at,
        jsonList(roles),
      )
      .flatMap(({ role, n }): [RoleNumber, Ordinal][] => (n === null ? [] : [[role, n]])),
  );

/** Writes the entry of a custom role in the list of roles; a default role has none. */
const writeListed = (sql: Sql, { account, role, count }: CountedRole): void =>
  sql.run(
    `INSERT INTO role_list (account, role, deleted, name_key, users, permissions, scopes, changed)
     SELECT account, n, deleted, name_key, ?, ?, ?, ? FROM (
       SELECT account, n, deleted, name_key FROM role_fact WHERE account = ? AND n = ? ORDER BY valid_from DESC LIMIT 1)
     WHERE true
     ON CONFLICT DO UPDATE SET deleted = excluded.deleted, name_key = excluded.name_key, users = excluded.users,
       permissions = excluded.permissions, scopes = excluded.scopes, changed = excluded.changed`,
    count.users,
    count.permissions,
    count.scopes,
    count.n,
    account,
    role,
  );

/**
 * Counts as they are being written. They follow from the changes of rows in the same transaction and become one row per
 * append, at its last change: an as-of never lands inside an append, so no intermediate count is ever read.
 */
export class PendingCounts {
  readonly #roles = new Map<string, CountedRole>();
  readonly #accounts = new Map<AccountNumber, AccountCount>();
  readonly #changedRoles = new Set<string>();
  /** Roles whose entry in the list of roles is to be written with the transaction. */
  readonly #listedRoles = new Set<string>();
  readonly #changedAccounts = new Set<AccountNumber>();
  readonly #roleRows: RowBuffer<ValuesOf<RoleCountRow, typeof ROLE_COUNT>>;
  readonly #accountRows: RowBuffer<ValuesOf<AccountCountRow, typeof ACCOUNT_COUNT>>;

  constructor(private readonly sql: Sql) {
    this.#roleRows = new RowBuffer(sql, 'role_count', ROLE_COUNT);
    this.#accountRows = new RowBuffer(sql, 'account_count', ACCOUNT_COUNT);
  }

  /** A role's counts, for the caller to modify. */
  role(change: RoleChange): RoleCount {
    const { account, role, ordinal } = change;
    const key = `${account}/${role}`;
    let entry = this.#roles.get(key);
    if (!entry) {
      entry = { account, role, count: roleCountAt(this.sql, change) };
      this.#roles.set(key, entry);
    }
    entry.count.n = ordinal;
    this.#changedRoles.add(key);
    return entry.count;
  }

  /** An account's counts, for the caller to modify. */
  account({ account, ordinal }: AccountChange): AccountCount {
    let count = this.#accounts.get(account);
    if (!count)
      this.#accounts.set(account, (count = accountCountAt({ sql: this.sql, account, at: ordinal })));
    this.#changedAccounts.add(account);
    return count;
  }

  /** Writes the counts changed by an append, at its last event. */
  write(ordinal: Ordinal): void {
    for (const key of this.#changedRoles) {
      const { account, role, count } = this.#roles.get(key)!;
      this.#roleRows.add(account, role, count.n, count.users, count.permissions, count.scopes, count.version);
    }
    for (const account of this.#changedAccounts) {
      const { active, inactive, erased, roles, deleted } = this.#accounts.get(account)!;
      this.#accountRows.add(account, ordinal, active, inactive, erased, roles, deleted);
    }
    for (const key of this.#changedRoles) this.#listedRoles.add(key);
    this.#changedRoles.clear();
    this.#changedAccounts.clear();
    if (this.#roles.size <= KEPT && this.#accounts.size <= KEPT) return;
    // Evicted counts are read again from the tables, so pending rows are written first.
    this.flush();
    this.#roles.clear();
    this.#accounts.clear();
  }

  /** Writes the pending rows. */
  flush(): void {
    this.#roleRows.flush();
    this.#accountRows.flush();
    for (const key of this.#listedRoles) writeListed(this.sql, this.#roles.get(key)!);
    this.#listedRoles.clear();
  }
}
