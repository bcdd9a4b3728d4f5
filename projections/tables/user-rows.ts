import { nameKey, sortKey, tidyName } from '../../src/domain/text';
import { listed } from './sets';
import type { Sql } from './sql';
import type { Ordinal, UserRow } from '../view';

/** Users as they were at a moment: one statement for any number of them. */

/** Users wanted by number or id. */
const wantedBy = (column: 'n' | 'id'): string =>
  `json_each(?) wanted CROSS JOIN user_key k ON k.account = ? AND k.${column} = wanted.value`;

/** The fact of a user `k` that held. They follow one another without a gap, so it is the last that began. */
export const HELD_THEN = `CROSS JOIN user_fact f ON f.account = k.account AND f.n = k.n AND f.valid_from =
  (SELECT max(valid_from) FROM user_fact WHERE account = k.account AND n = k.n AND valid_from <= ?)`;

const ROW = `SELECT k.n, k.id, f.active, f.username, f.name, l.at AS login`;
const LOGIN = 'LEFT JOIN user_login l ON l.account = k.account AND l.n = k.n';
const BY_NUMBER = `${ROW} FROM ${wantedBy('n')} ${HELD_THEN} ${LOGIN}`;
const BY_ID = `${ROW} FROM ${wantedBy('id')} ${HELD_THEN} ${LOGIN}`;
const STATE_BY_ID = `SELECT k.n, k.id, f.active FROM ${wantedBy('id')} ${HELD_THEN}`;

interface Row {
  readonly n: number;
  readonly id: string;
  readonly active: number;
  readonly username: string;
  readonly name: string;
  readonly login: number | null;
}

const userRow = ({ id, active, username, name, login }: Row): UserRow => ({
  id,
  username,
  name,
  status: active ? 'ACTIVE' : 'INACTIVE',
  lastLoginAt: login === null ? null : new Date(login),
});

/** By number. Who was not registered yet is left out, here and below. */
export const userRows = (
  sql: Sql,
  account: number,
  users: Iterable<number>,
  at: Ordinal,
): ReadonlyMap<number, UserRow> =>
  new Map(sql.all<Row>(BY_NUMBER, listed(users), account, at).map((row) => [row.n, userRow(row)]));

export const usersById = (
  sql: Sql,
  account: number,
  ids: Iterable<string>,
  at: Ordinal,
): ReadonlyMap<string, UserRow> =>
  new Map(sql.all<Row>(BY_ID, listed(ids), account, at).map((row) => [row.id, userRow(row)]));

/** What permissions depend on. */
export interface UserState {
  readonly n: number;
  readonly active: boolean;
}

export const userStates = (
  sql: Sql,
  account: number,
  ids: Iterable<string>,
  at: Ordinal,
): ReadonlyMap<string, UserState> =>
  new Map(
    sql
      .all<Pick<Row, 'n' | 'id' | 'active'>>(STATE_BY_ID, listed(ids), account, at)
      .map(({ id, n, active }) => [id, { n, active: active === 1 }]),
  );

export const userNumber = (sql: Sql, account: number, id: string): number | undefined =>
  sql.get<{ n: number }>('SELECT n FROM user_key WHERE account = ? AND id = ?', account, id)?.n;

/**
 * Whose usernames they were at that moment, compared by name key; an active user’s first. A username that nobody has as it
 * is given is looked for as it would be recorded.
 */
export function userIdsByUsername(
  sql: Sql,
  account: number,
  usernames: readonly string[],
  at: Ordinal,
): ReadonlyMap<string, string> {
  const wanted = usernames.map(
    (username) => [username, [username, tidyName(username)].map(nameKey)] as const,
  );
  const rows = sql.all<{ username: string; id: string }>(
    `SELECT u.username, k.id FROM json_each(?) wanted
     CROSS JOIN user_fact u INDEXED BY user_by_username ON u.account = ? AND u.active IN (0, 1)
       AND u.username_key = wanted.value AND u.valid_from <= ? AND u.valid_to > ?
     CROSS JOIN user_key k ON k.account = u.account AND k.n = u.n
     ORDER BY u.active DESC, u.n`,
    listed(new Set(wanted.flatMap(([, keys]) => keys.map(sortKey)))),
    account,
    at,
    at,
  );
  const ids = new Map<string, string>();
  for (const { username, id } of rows) if (!ids.has(nameKey(username))) ids.set(nameKey(username), id);
  const found = new Map<string, string>();
  for (const [username, keys] of wanted) {
    const id = keys.map((key) => ids.get(key)).find((each) => each !== undefined);
    if (id !== undefined) found.set(username, id);
  }
  return found;
}
