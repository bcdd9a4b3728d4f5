import type { RoleCount } from './counts';
import type { At } from './grants';
import { OPEN } from './schema';
import type { Sql } from './sql';
import type { Ordinal } from './view';
import type { Writing } from './writing';

/** Who is in which role, in both directions. A membership also ends where its role does; that is seen from the role. */

interface Last {
  readonly valid_from: Ordinal;
  readonly valid_to: Ordinal;
}

const last = (sql: Sql, account: number, role: number, user: number, at: Ordinal): Last | undefined =>
  sql.get<Last>(
    `SELECT valid_from, valid_to FROM membership
     WHERE account = ? AND role = ? AND user = ? AND valid_from <= ? ORDER BY valid_from DESC LIMIT 1`,
    account,
    role,
    user,
    at,
  );

export function startMembership(
  { sql }: Writing,
  count: RoleCount,
  { account, role, ordinal }: At,
  user: number,
): void {
  if (last(sql, account, role, user, OPEN)?.valid_to === OPEN) return;
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
  const held = last(sql, account, role, user, OPEN);
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

/** Where a user's present membership began; undefined where there was none. */
export function memberSince(
  sql: Sql,
  account: number,
  role: number,
  user: number,
  at: Ordinal,
): Ordinal | undefined {
  const held = last(sql, account, role, user, at);
  return held && held.valid_to > at ? held.valid_from : undefined;
}

/** Numbers of the roles that a user was in, roles that had ended included. */
export const rolesHeld = (sql: Sql, account: number, user: number, at: Ordinal): number[] =>
  sql
    .all<{ role: number }>(
      `SELECT role FROM membership INDEXED BY membership_by_user
       WHERE account = ? AND user = ? AND valid_from <= ? AND valid_to > ?`,
      account,
      user,
      at,
      at,
    )
    .map(({ role }) => role);
