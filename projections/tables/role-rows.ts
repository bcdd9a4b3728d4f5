import type { RoleCount } from './counts';
import type { RoleFact } from '../reducers/role';
import { listed } from './sets';
import type { Sql } from './sql';
import type { Ordinal } from '../view';

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
    .map(({ n, id, custom, created, valid_from, deleted, name, name_key, description }) => ({
      n,
      id,
      custom: custom === 1,
      created,
      fact: valid_from === null ? null : { valid_from, deleted, name, name_key, description },
    }));

/** Counts of roles by number. A popular role has a row for each change: the last is sought, once. */
export const roleCounts = (
  sql: Sql,
  account: number,
  roles: Iterable<number>,
  at: Ordinal,
): ReadonlyMap<number, RoleCount> =>
  new Map(
    sql
      .all<RoleCount & { readonly role: number }>(
        `SELECT c.role, c.users, c.permissions, c.scopes, c.version, c.n FROM json_each(?1) wanted
         CROSS JOIN role_count c ON c.account = ?2 AND c.role = wanted.value AND c.n =
           (SELECT max(n) FROM role_count WHERE account = ?2 AND role = wanted.value AND n <= ?3)`,
        listed(roles),
        account,
        at,
      )
      .map((row) => [row.role, row]),
  );

/** Users of roles by number added up, each as often as in roles; above a limit adding stops. */
export const membersUpTo = (
  sql: Sql,
  account: number,
  roles: Iterable<number>,
  at: Ordinal,
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
    listed(roles),
    limit,
  )?.members ?? 0;

/** Ids of roles by number. */
export const idsOfRoles = (sql: Sql, account: number, roles: Iterable<number>): ReadonlyMap<number, string> =>
  new Map(
    sql
      .all<{ n: number; id: string }>(
        `SELECT k.n, k.id FROM json_each(?) wanted CROSS JOIN role_key k ON k.account = ? AND k.n = wanted.value`,
        listed(roles),
        account,
      )
      .map(({ n, id }) => [n, id]),
  );
