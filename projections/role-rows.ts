import { NO_ROLE_COUNT, type RoleCount } from './counts';
import type { RoleFact } from './roles';
import { listed } from './sets';
import type { Sql } from './sql';
import type { Ordinal } from './view';

/** Roles and their counts as they were at a moment: one statement for any number of them. */

/** Numbers of the roles that an account has under ids. */
export const roleNumbers = (sql: Sql, account: number, ids: Iterable<string>): ReadonlyMap<string, number> =>
  new Map(
    sql
      .all<{ id: string; n: number }>(
        `SELECT k.id, k.n FROM json_each(?) wanted
         CROSS JOIN role_key k ON k.account = ? AND k.id = wanted.value`,
        listed(ids),
        account,
      )
      .map(({ id, n }) => [id, n]),
  );

export interface StoredRole {
  readonly n: number;
  readonly id: string;
  readonly custom: boolean;
  readonly created: Ordinal;
  /** What held of a custom role; null before it was created. */
  readonly fact: RoleFact | null;
}

interface Row extends Omit<RoleFact, 'valid_from'> {
  readonly n: number;
  readonly id: string;
  readonly custom: number;
  readonly created: Ordinal;
  /** Null without a fact. */
  readonly valid_from: Ordinal | null;
}

/** Roles by number. */
export const storedRoles = (sql: Sql, account: number, roles: Iterable<number>, at: Ordinal): StoredRole[] =>
  sql
    .all<Row>(
      `SELECT k.n, k.id, k.custom, k.created, f.valid_from, f.deleted, f.name, f.name_key, f.description
       FROM json_each(?) wanted CROSS JOIN role_key k ON k.account = ? AND k.n = wanted.value
       LEFT JOIN role_fact f ON f.account = k.account AND f.n = k.n AND f.valid_from =
         (SELECT max(valid_from) FROM role_fact WHERE account = k.account AND n = k.n AND valid_from <= ?)`,
      listed(roles),
      account,
      at,
    )
    .map(({ n, id, custom, created, valid_from, ...fact }) => ({
      n,
      id,
      custom: custom === 1,
      created,
      fact: valid_from === null ? null : { valid_from, ...fact },
    }));

/** Counts of roles by number. A popular role has a row for each change, so the last one is sought. */
export function roleCounts(
  sql: Sql,
  account: number,
  roles: Iterable<number>,
  at: Ordinal,
): (role: number | null) => Readonly<RoleCount> {
  const rows = sql.all<RoleCount & { readonly role: number }>(
    `SELECT c.role, c.users, c.permissions, c.scopes, c.version, c.n FROM json_each(?) wanted
     CROSS JOIN role_count c ON c.account = ? AND c.role = wanted.value AND c.n =
       (SELECT max(n) FROM role_count WHERE account = ? AND role = wanted.value AND n <= ?)`,
    listed(roles),
    account,
    account,
    at,
  );
  const counts = new Map(rows.map((row) => [row.role, row]));
  return (role) => (role === null ? undefined : counts.get(role)) ?? NO_ROLE_COUNT;
}
