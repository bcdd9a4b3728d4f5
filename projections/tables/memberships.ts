import type { Ordinal, RoleNumber, UserNumber } from '../numbers';
import type { AccountAt, RoleChange, UserChange } from './account-at';
import type { RoleCount } from './counts';
import type { Flag, MembershipRow, RoleKeyRow, UserKeyRow } from './rows';
import { OPEN } from './schema';
import { jsonList } from './sqlite/json-list';
import type { TableWriter } from './table-writer';

/** Memberships of users in roles, in both directions. One also ends with its role; only the role's row shows that. */

const HELD = `account = ? AND role = ? AND user = ? AND valid_to = ${OPEN}`;
const START = `INSERT INTO membership (account, role, user, valid_from, valid_to) SELECT ?, ?, ?, ?, ${OPEN}
  WHERE NOT EXISTS (SELECT 1 FROM membership WHERE ${HELD})`;
const END = `UPDATE membership SET valid_to = ? WHERE ${HELD}`;

/** Nothing where the user is in the role already: one statement, for most events of a log are assignments. */
export function startMembership(
  { sql }: TableWriter,
  count: RoleCount,
  { account, role, ordinal }: RoleChange,
  user: UserNumber,
): void {
  count.users += sql.changed(START, account, role, user, ordinal, account, role, user);
}

export function endMembership(
  { sql }: TableWriter,
  count: RoleCount,
  { account, role, ordinal }: RoleChange,
  user: UserNumber,
): void {
  count.users -= sql.changed(END, ordinal, account, role, user);
}

/**
 * Ends all memberships of a user, but those that ended with their role. Found by the roles of the account: while a file is
 * built there is no index by user.
 */
export function endMemberships(writing: TableWriter, { account, user, ordinal }: UserChange): void {
  const roles = writing.sql.all<Pick<MembershipRow, 'role'>>(
    `SELECT m.role FROM role_key k CROSS JOIN membership m
       ON m.account = k.account AND m.role = k.n AND m.user = ? AND m.valid_to = ${OPEN}
     WHERE k.account = ? AND NOT EXISTS (SELECT 1 FROM role_fact f WHERE f.account = k.account AND f.n = k.n AND f.deleted = 1)`,
    user,
    account,
  );
  for (const { role } of roles) {
    const change = { account, role, ordinal };
    endMembership(writing, writing.counts.role(change), change, user);
  }
}

/** Ordinals at which the memberships of a role that held at an ordinal began, by user. */
export const membersSince = (
  { sql, account, at }: AccountAt,
  role: RoleNumber,
  users: Iterable<UserNumber>,
): ReadonlyMap<UserNumber, Ordinal> =>
  new Map(
    sql
      .all<Pick<MembershipRow, 'user' | 'valid_from'>>(
        `SELECT m.user, m.valid_from FROM json_each(?) wanted
         CROSS JOIN membership m ON m.account = ? AND m.role = ? AND m.user = wanted.value
           AND m.valid_from <= ? AND m.valid_to > ?`,
        jsonList(users),
        account,
        role,
        at,
        at,
      )
      .map(({ user, valid_from }) => [user, valid_from]),
  );

/** A walk along the memberships of a role, in order of registration; `after`: the one that it begins behind. */
interface MembersWalk {
  readonly direction: 1 | -1;
  readonly after: readonly [user: number, since: number] | null;
  readonly limit: number;
}

const ALONG = { 1: ['>', 'ASC'], [-1]: ['<', 'DESC'] } as const;
const FIRST = { 1: [0, 0], [-1]: [Number.MAX_SAFE_INTEGER, 0] } as const;

/** Memberships of a role, those that had ended or not begun too; `held`: 1 for one that held at the ordinal. */
export function membersAlong(
  { sql, account, at }: AccountAt,
  role: RoleNumber,
  { direction, after, limit }: MembersWalk,
): (Pick<MembershipRow, 'user' | 'valid_from'> & { readonly held: Flag })[] {
  const [than, order] = ALONG[direction];
  return sql.all(
    `SELECT user, valid_from, valid_from <= ? AND valid_to > ? AS held FROM membership
     WHERE account = ? AND role = ? AND (user, valid_from) ${than} (?, ?)
     ORDER BY user ${order}, valid_from ${order} LIMIT ?`,
    at,
    at,
    account,
    role,
    ...(after ?? FIRST[direction]),
    limit,
  );
}

/** Ids of the users who were in a role, in order of registration. */
export const memberIds = ({ sql, account, at }: AccountAt, role: RoleNumber): string[] =>
  sql
    .all<Pick<UserKeyRow, 'id'>>(
      `SELECT k.id FROM membership m CROSS JOIN user_key k ON k.account = m.account AND k.n = m.user
       WHERE m.account = ? AND m.role = ? AND m.valid_from <= ? AND m.valid_to > ? ORDER BY m.user`,
      account,
      role,
      at,
      at,
    )
    .map(({ id }) => id);

/** Ordinals at which memberships that held at an ordinal began, by index of what is asked. */
export const memberSince = (
  { sql, account, at }: AccountAt,
  asked: readonly { readonly user: string; readonly role: string }[],
): ReadonlyMap<number, Ordinal> =>
  new Map(
    sql
      .all<Pick<MembershipRow, 'valid_from'> & { readonly index: number }>(
        `SELECT wanted.key AS "index", m.valid_from FROM json_each(?) wanted
         CROSS JOIN user_key u ON u.account = ? AND u.id = wanted.value ->> 0
         CROSS JOIN role_key r ON r.account = u.account AND r.id = wanted.value ->> 1
         CROSS JOIN membership m ON m.account = u.account AND m.role = r.n AND m.user = u.n
           AND m.valid_from <= ? AND m.valid_to > ?`,
        JSON.stringify(asked.map(({ user, role }) => [user, role])),
        account,
        at,
        at,
      )
      .map(({ index, valid_from }) => [index, valid_from]),
  );

/** Numbers of the roles that users were in, roles that had ended included, by number of the user. */
export function rolesHeld(
  { sql, account, at }: AccountAt,
  users: Iterable<UserNumber>,
): ReadonlyMap<UserNumber, readonly RoleNumber[]> {
  const rows = sql.all<Pick<MembershipRow, 'user' | 'role'>>(
    `SELECT m.user, m.role FROM json_each(?) wanted
     CROSS JOIN membership m INDEXED BY membership_by_user ON m.account = ? AND m.user = wanted.value
       AND m.valid_from <= ? AND m.valid_to > ?`,
    jsonList(users),
    account,
    at,
    at,
  );
  const found = new Map<UserNumber, RoleNumber[]>();
  for (const { user, role } of rows) found.set(user, [...(found.get(user) ?? []), role]);
  return found;
}

/** Memberships of users that held at some ordinal from one on, with the id of the role. */
export const membershipsDuring = (
  { sql, account, at }: AccountAt,
  from: Ordinal,
  users: Iterable<UserNumber>,
): (Omit<MembershipRow, 'account'> & Pick<RoleKeyRow, 'id' | 'custom'>)[] =>
  sql.all(
    `SELECT m.user, m.role, k.id, k.custom, m.valid_from, m.valid_to FROM json_each(?) wanted
     CROSS JOIN membership m INDEXED BY membership_by_user ON m.account = ? AND m.user = wanted.value
       AND m.valid_from <= ? AND m.valid_to > ?
     CROSS JOIN role_key k ON k.account = m.account AND k.n = m.role`,
    jsonList(users),
    account,
    at,
    from,
  );
