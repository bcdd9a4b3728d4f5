import type { RoleCount } from './counts';
import type { At } from './grants';
import { OPEN } from './schema';
import { listed } from './sets';
import type { Sql } from './sql';
import type { Ordinal } from './view';
import type { Writing } from './writing';

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
  { sql }: Writing,
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
  { sql }: Writing,
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

/** Numbers of the roles that users were in, roles that had ended included. */
export const rolesHeld = (
  sql: Sql,
  account: number,
  users: Iterable<number>,
  at: Ordinal,
): { readonly user: number; readonly role: number }[] =>
  sql.all(
    `SELECT m.user, m.role FROM json_each(?) wanted
     CROSS JOIN membership m INDEXED BY membership_by_user ON m.account = ? AND m.user = wanted.value
       AND m.valid_from <= ? AND m.valid_to > ?`,
    listed(users),
    account,
    at,
    at,
  );

/** Roles as above of pairs of a user and a permission, with the scopes with which custom ones granted it. */
export const rolesHeldGranting = (
  sql: Sql,
  account: number,
  pairs: readonly (readonly [user: number, permission: number])[],
  at: Ordinal,
): { readonly pair: number; readonly role: number; readonly scopes: string | null }[] =>
  sql.all(
    `SELECT pair.key AS pair, m.role, s.text AS scopes FROM json_each(?) pair
     CROSS JOIN membership m INDEXED BY membership_by_user ON m.account = ? AND m.user = pair.value ->> 0
       AND m.valid_from <= ? AND m.valid_to > ?
     LEFT JOIN grant_fact g ON g.account = m.account AND g.role = m.role AND g.permission = pair.value ->> 1
       AND g.valid_from <= ? AND g.valid_to > ?
     LEFT JOIN word s ON s.n = g.scopes`,
    JSON.stringify(pairs),
    account,
    at,
    at,
    at,
    at,
  );
