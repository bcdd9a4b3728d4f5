import type { Ordinal } from '../view';
import { RowBuffer } from './row-buffer';
import type { Sql } from './sql';

/** Counts of a role, one row per append that changed it; the row's ordinal is that of the last change. */
export interface RoleCount {
  users: number;
  permissions: number;
  /** Distinct scopes over the grants. */
  scopes: number;
  version: number;
  n: Ordinal;
}
/** Counts of an account's users, by status, and of its custom roles. */
export interface AccountCount {
  active: number;
  inactive: number;
  roles: number;
  deleted: number;
}

export const NO_ROLE_COUNT: Readonly<RoleCount> = { users: 0, permissions: 0, scopes: 0, version: 0, n: 0 };
const NO_ACCOUNT_COUNT: Readonly<AccountCount> = { active: 0, inactive: 0, roles: 0, deleted: 0 };
const KEPT = 20_000;

export function roleCountAt(sql: Sql, account: number, role: number, at: Ordinal): RoleCount {
  const row = sql.get<RoleCount>(
    `SELECT users, permissions, scopes, version, n FROM role_count
     WHERE account = ? AND role = ? AND n <= ? ORDER BY n DESC LIMIT 1`,
    account,
    role,
    at,
  );
  return row ?? { ...NO_ROLE_COUNT };
}

export function accountCountAt(sql: Sql, account: number, at: Ordinal): AccountCount {
  const row = sql.get<AccountCount>(
    `SELECT active, inactive, roles, deleted FROM account_count
     WHERE account = ? AND n <= ? ORDER BY n DESC LIMIT 1`,
    account,
    at,
  );
  return row ?? { ...NO_ACCOUNT_COUNT };
}

/**
 * Counts as they are being written. They follow from the changes of rows in the same transaction and become one row
 * per append, at its last change: an as-of never lands inside an append, so what lies between is never asked for.
 */
export class PendingCounts {
  readonly #roles = new Map<string, { account: number; role: number; count: RoleCount }>();
  readonly #accounts = new Map<number, AccountCount>();
  readonly #changedRoles = new Set<string>();
  readonly #changedAccounts = new Set<number>();
  readonly #roleRows: RowBuffer;
  readonly #accountRows: RowBuffer;

  constructor(private readonly sql: Sql) {
    const role = ['account', 'role', 'n', 'users', 'permissions', 'scopes', 'version'];
    this.#roleRows = new RowBuffer(sql, 'role_count', role);
    const account = ['account', 'n', 'active', 'inactive', 'roles', 'deleted'];
    this.#accountRows = new RowBuffer(sql, 'account_count', account);
  }

  /** A role's counts, to be changed in place. */
  role(account: number, role: number, ordinal: Ordinal): RoleCount {
    const key = `${account}/${role}`;
    let entry = this.#roles.get(key);
    if (!entry) {
      entry = { account, role, count: roleCountAt(this.sql, account, role, ordinal) };
      this.#roles.set(key, entry);
    }
    entry.count.n = ordinal;
    this.#changedRoles.add(key);
    return entry.count;
  }

  /** An account's counts, to be changed in place. */
  account(account: number, ordinal: Ordinal): AccountCount {
    let count = this.#accounts.get(account);
    if (!count) this.#accounts.set(account, (count = accountCountAt(this.sql, account, ordinal)));
    this.#changedAccounts.add(account);
    return count;
  }

  /** Writes what an append changed, at its last event. */
  write(ordinal: Ordinal): void {
    for (const key of this.#changedRoles) {
      const { account, role, count } = this.#roles.get(key)!;
      this.#roleRows.add(account, role, count.n, count.users, count.permissions, count.scopes, count.version);
    }
    for (const account of this.#changedAccounts) {
      const { active, inactive, roles, deleted } = this.#accounts.get(account)!;
      this.#accountRows.add(account, ordinal, active, inactive, roles, deleted);
    }
    this.#changedRoles.clear();
    this.#changedAccounts.clear();
    if (this.#roles.size <= KEPT && this.#accounts.size <= KEPT) return;
    // What is forgotten is read again, so it is to be there.
    this.flush();
    this.#roles.clear();
    this.#accounts.clear();
  }

  /** Writes the rows that wait. */
  flush(): void {
    this.#roleRows.flush();
    this.#accountRows.flush();
  }
}
