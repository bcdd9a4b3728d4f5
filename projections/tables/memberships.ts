import type { RoleCount } from './counts';
import type { At } from './grants';
import { OPEN } from './schema';
import { listed } from './sets';
import type { Sql } from './sql';
import { HELD_THEN } from './user-rows';
import type { Ordinal } from '../view';
import type { TableWriter } from './table-writer';

/** Who is in which role, in both directions. A membership also ends where its role does; that is seen from the role. */

interface Last {
  readonly valid_from: Ordinal;
  readonly valid_to: Ordinal;
}

const last = (sql: Sql, account: number, role: number, user: number): Last | undefined =>
  sql.get<Last>(
    `SELECT valid_from, valid_to FROM membership
     WHERE account = ? AND role = ? AND user = ? ORDER BY valid_from DESC LIMIT 1`,
    account,
    role,
    user,
  );

export function startMembership(
  { sql }: TableWriter,
  count: RoleCount,
  { account, role, ordinal }: At,
  user: number,
): void {
  if (last(sql, account, role, user)?.valid_to === OPEN) return;
  sql.run(
    'INSERT INTO membership (account, role, user, valid_from, valid_to) VALUES (?, ?, ?, ?, ?)',
    account,
    role,
    user,
    ordinal,
    OPEN,
  );
  count.users += 1;
}

export function endMembership(
  { sql }: TableWriter,
  count: RoleCount,
  { account, role, ordinal }: At,
  user: number,
): void {
  const held = last(sql, account, role, user);
  if (held?.valid_to !== OPEN) return;
  sql.run(
    'UPDATE membership SET valid_to = ? WHERE account = ? AND role = ? AND user = ? AND valid_from = ?',
    ordinal,
    account,
    role,
    user,
    held.valid_from,
  );
  count.users -= 1;
}

/** Where memberships of a role that held at a moment began, by user. */
export const membersSince = (
  sql: Sql,
  account: number,
  role: number,
  users: Iterable<number>,
  at: Ordinal,
): ReadonlyMap<number, Ordinal> =>
  new Map(
    sql
      .all<{ user: number; valid_from: Ordinal }>(
        `SELECT m.user, m.valid_from FROM json_each(?) wanted
         CROSS JOIN membership m ON m.account = ? AND m.role = ? AND m.user = wanted.value
           AND m.valid_from <= ? AND m.valid_to > ?`,
        listed(users),
        account,
        role,
        at,
        at,
      )
      .map(({ user, valid_from }) => [user, valid_from]),
  );

/** Numbers of the roles that users were in, roles that had ended included, by number of the user. */
export function rolesHeld(
  sql: Sql,
  account: number,
  users: Iterable<number>,
  at: Ordinal,
): ReadonlyMap<number, readonly number[]> {
  const rows = sql.all<{ user: number; role: number }>(
    `SELECT m.user, m.role FROM json_each(?) wanted
     CROSS JOIN membership m INDEXED BY membership_by_user ON m.account = ? AND m.user = wanted.value
       AND m.valid_from <= ? AND m.valid_to > ?`,
    listed(users),
    account,
    at,
    at,
  );
  const found = new Map<number, number[]>();
  for (const { user, role } of rows) found.set(user, [...(found.get(user) ?? []), role]);
  return found;
}

/** A user as checks need one: whether active, and the numbers of the roles held, roles that had ended included. */
export interface Held {
  readonly n: number;
  readonly active: boolean;
  readonly roles: readonly number[];
}

const ROLES_THEN = `LEFT JOIN membership m INDEXED BY membership_by_user
  ON m.account = k.account AND m.user = k.n AND m.valid_from <= ? AND m.valid_to > ?`;
const HELD_BY = `SELECT k.id, k.n, f.active, m.role FROM json_each(?) wanted
  CROSS JOIN user_key k ON k.account = ? AND k.id = wanted.value ${HELD_THEN} ${ROLES_THEN}`;
/** The same of one user; most checks are about one, and a list of one costs a quarter of them. */
const HELD_BY_ONE = `SELECT k.id, k.n, f.active, m.role FROM user_key k ${HELD_THEN} ${ROLES_THEN} WHERE k.id = ? AND k.account = ?`;

/** Users by id with their roles. Who was not registered yet is left out. */
export function heldBy(
  sql: Sql,
  account: number,
  ids: readonly string[],
  at: Ordinal,
): ReadonlyMap<string, Held> {
  type Row = { id: string; n: number; active: number; role: number | null };
  const [one, ...others] = ids;
  const rows =
    // A text ends at a NUL where it is bound by itself, and would be another id.
    one !== undefined && others.length === 0 && !one.includes('\0')
      ? sql.all<Row>(HELD_BY_ONE, at, at, at, one, account)
      : sql.all<Row>(HELD_BY, listed(ids), account, at, at, at);
  const found = new Map<string, { n: number; active: boolean; roles: number[] }>();
  for (const { id, n, active, role } of rows) {
    let held = found.get(id);
    if (!held) found.set(id, (held = { n, active: active === 1, roles: [] }));
    if (role !== null) held.roles.push(role);
  }
  return found;
}
