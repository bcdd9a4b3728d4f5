import type { Ordinal, RoleNumber } from '../../numbers';
import type { AccountCountRow, RoleCountRow, RoleKeyRow } from '../rows';
import type { FactsAsked } from './facts';

/** Sizes after each change, in the order of their keys, a page at a time. */

/** Day (UTC) of the event at `n`. */
const DAY = `(SELECT date(time / 1000, 'unixepoch') FROM moment WHERE moment.n = c.n) AS day`;

export type AccountSize = Omit<AccountCountRow, 'account'> & { readonly day: string };

export const accountSizes = (
  { sql, account, at, since, limit }: FactsAsked,
  after: Ordinal | number,
): AccountSize[] =>
  sql.all(
    `SELECT c.n, c.active, c.inactive, c.erased, c.roles, c.deleted, ${DAY} FROM account_count c
     WHERE c.account = ? AND c.n > ? AND c.n <= ? ORDER BY c.n LIMIT ?`,
    account,
    Math.max(after, since),
    at,
    limit,
  );

export type RoleSize = Omit<RoleCountRow, 'account' | 'version'> &
  Pick<RoleKeyRow, 'id' | 'custom'> & { readonly day: string };

export const roleSizes = (
  { sql, account, at, since, limit }: FactsAsked,
  [role, n]: readonly [role: number, n: number],
  only: RoleNumber | null,
): RoleSize[] =>
  sql.all(
    `SELECT c.role, r.id, r.custom, c.n, c.users, c.permissions, c.scopes, ${DAY} FROM role_count c
     JOIN role_key r ON r.account = c.account AND r.n = c.role
     WHERE c.account = ?1 AND (c.role, c.n) > (?5, ?6) AND c.n <= ?2 AND c.n > ?3 AND (?7 IS NULL OR c.role = ?7)
     ORDER BY c.role, c.n LIMIT ?4`,
    account,
    at,
    since,
    limit,
    ...[role, n],
    only,
  );
