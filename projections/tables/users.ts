import { nameKey, sortKey, tidyExternalId, tidyName } from '../../src/domain/text';
import type { UserStatus } from '../../src/domain/user/user';
import type { AccountNumber, UserNumber } from '../numbers';
import type { UserRow } from '../view';
import type { AccountAt, UserChange } from './account-at';
import type { Activity, Flag, UserFactRow, UserKeyRow } from './rows';
import { OPEN } from './schema';
import { jsonList } from './sqlite/json-list';
import type { TableWriter } from './table-writer';
import { searchText } from './search/user-search-index';

/** Users: their names and external ids, active intervals and last sign-in. Reads are one statement for any number. */

/** A user as stored in a fact. */
type UserProfile = Pick<UserFactRow, 'active' | 'username' | 'name' | 'external_id'>;
export type UserFact = UserProfile & Pick<UserFactRow, 'n' | 'valid_from' | 'login'>;

/** The fact that holds. A user who has a number has one. */
export function currentUserFact(
  { sql, userFacts }: TableWriter,
  account: AccountNumber,
  user: UserNumber,
): UserFact {
  userFacts.flush();
  return sql.get<UserFact>(
    `SELECT n, valid_from, active, username, name, external_id, login FROM user_fact
     WHERE account = ? AND n = ? ORDER BY valid_from DESC LIMIT 1`,
    account,
    user,
  )!;
}

/** Returns the searchable text of the user. */
export function addUserFact(
  { userFacts }: TableWriter,
  { account, user, ordinal }: UserChange,
  { active, username, name, external_id }: UserProfile,
  login: UserFactRow['login'] = null,
): string {
  const keys = [sortKey(username ?? ''), sortKey(name ?? '')] as const;
  const text = searchText(username, name);
  userFacts.add(account, user, ordinal, OPEN, active, username, name, external_id, ...keys, text, login);
  return text;
}

export function replaceUserFact(
  writing: TableWriter,
  change: UserChange,
  old: UserFact,
  next: UserProfile,
): void {
  const { account, user, ordinal } = change;
  writing.sql.run(
    'UPDATE user_fact SET valid_to = ? WHERE account = ? AND n = ? AND valid_from = ?',
    ordinal,
    account,
    user,
    old.valid_from,
  );
  addUserFact(writing, change, next, old.login);
}

/** Keeps the latest sign-in, in whatever order they arrive. `at`: milliseconds since 1970. */
export function recordLogin(
  { sql }: TableWriter,
  { account, user }: UserChange,
  { valid_from, login }: UserFact,
  at: number,
): void {
  if (login !== null && login >= at) return;
  sql.run(
    'UPDATE user_fact SET login = ? WHERE account = ? AND n = ? AND valid_from = ?',
    at,
    account,
    user,
    valid_from,
  );
}

/** Users wanted by number or id. */
const wantedBy = (column: 'n' | 'id'): string =>
  `json_each(?) wanted CROSS JOIN user_key k ON k.account = ? AND k.${column} = wanted.value`;

/** The fact of a user `k` that held. They follow one another without a gap, so it is the last that began. */
export const USER_FACT_AS_OF = `CROSS JOIN user_fact f ON f.account = k.account AND f.n = k.n AND f.valid_from =
  (SELECT max(valid_from) FROM user_fact WHERE account = k.account AND n = k.n AND valid_from <= ?)`;

/** The latest sign-in of a user: that of the last fact. */
export const loginOf = (user: 'k' | 'u'): string =>
  `(SELECT login FROM user_fact WHERE account = ${user}.account AND n = ${user}.n ORDER BY valid_from DESC LIMIT 1)`;
const ROW = `SELECT k.n, k.id, k.service, f.active, f.username, f.name, f.external_id, ${loginOf('k')} AS login, e.n IS NOT NULL AS erased`;
const ERASED = `LEFT JOIN user_erased e ON e.account = k.account AND e.n = k.n`;
const BY_NUMBER = `${ROW} FROM ${wantedBy('n')} ${USER_FACT_AS_OF} ${ERASED}`;
const BY_ID = `${ROW} FROM ${wantedBy('id')} ${USER_FACT_AS_OF} ${ERASED}`;
const STATE_BY_ID = `SELECT k.n, k.id, f.active FROM ${wantedBy('id')} ${USER_FACT_AS_OF}`;

type Row = Pick<UserKeyRow, 'n' | 'id' | 'service'> &
  UserProfile & {
    readonly login: UserFactRow['login'];
    readonly erased: Flag;
  };

const STATUS = { 0: 'INACTIVE', 1: 'ACTIVE', 2: 'ERASED' } as const satisfies Record<Activity, UserStatus>;

/** Names of those whose own cannot be read: erased now, whatever the ordinal asked for; else a key was lost. */
export const ERASED_USER = 'Erased user';
export const UNREADABLE_USER = 'Unreadable user';

const userRow = ({ id, service, active, username, name, external_id, login, erased }: Row): UserRow => ({
  id,
  username: username ?? `${erased ? 'erased' : 'unreadable'}-${id}`,
  name: name ?? (erased ? ERASED_USER : UNREADABLE_USER),
  externalId: external_id,
  kind: service ? 'SERVICE' : 'PERSON',
  status: STATUS[active],
  lastLoginAt: login === null ? null : new Date(login),
});

/** Users by number. One who was not registered yet is left out, here and below. */
export const userRows = (
  { sql, account, at }: AccountAt,
  users: Iterable<UserNumber>,
): ReadonlyMap<UserNumber, UserRow> =>
  new Map(sql.all<Row>(BY_NUMBER, jsonList(users), account, at).map((row) => [row.n, userRow(row)]));

/** Ids of users by number, regardless of the ordinal. */
export const userIds = (
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  users: Iterable<UserNumber>,
): ReadonlyMap<UserNumber, string> =>
  new Map(
    sql
      .all<Pick<UserKeyRow, 'n' | 'id'>>(`SELECT k.n, k.id FROM ${wantedBy('n')}`, jsonList(users), account)
      .map(({ n, id }) => [n, id]),
  );

/** Those of some users who were active. */
export const activeAmong = (
  { sql, account, at }: AccountAt,
  users: Iterable<UserNumber>,
): ReadonlySet<UserNumber> =>
  new Set(
    sql
      .all<Pick<UserKeyRow, 'n'>>(
        `SELECT k.n FROM ${wantedBy('n')} ${USER_FACT_AS_OF} WHERE f.active = 1`,
        jsonList(users),
        account,
        at,
      )
      .map(({ n }) => n),
  );

export const usersById = (
  { sql, account, at }: AccountAt,
  ids: Iterable<string>,
): ReadonlyMap<string, UserRow> =>
  new Map(sql.all<Row>(BY_ID, jsonList(ids), account, at).map((row) => [row.id, userRow(row)]));

/** Statuses of registered users, by id. */
export const userStatuses = (
  { sql, account, at }: AccountAt,
  ids: Iterable<string>,
): ReadonlyMap<string, UserStatus> =>
  new Map(
    sql
      .all<Pick<Row, 'n' | 'id' | 'active'>>(STATE_BY_ID, jsonList(ids), account, at)
      .map(({ id, active }) => [id, STATUS[active]]),
  );

/** Ordinals at which facts of users began, by id. `statement`: takes ids, account and ordinal. */
const factOrdinals =
  (statement: string) =>
  ({ sql, account, at }: AccountAt, ids: Iterable<string>): ReadonlyMap<string, UserFactRow['valid_from']> =>
    new Map(
      sql
        .all<Pick<UserKeyRow, 'id'> & Pick<UserFactRow, 'valid_from'>>(statement, jsonList(ids), account, at)
        .map(({ id, valid_from }) => [id, valid_from]),
    );

/** Ordinals of the last changes of users, by id: of the events that began their facts. */
export const lastUserFacts = factOrdinals(
  `SELECT k.id, f.valid_from FROM ${wantedBy('id')} ${USER_FACT_AS_OF}`,
);

/** Ordinals of the registrations of users, by id. */
export const firstUserFacts = factOrdinals(
  `SELECT k.id, f.valid_from FROM ${wantedBy('id')} CROSS JOIN user_fact f
   ON f.account = k.account AND f.n = k.n AND f.valid_from =
     (SELECT min(valid_from) FROM user_fact WHERE account = k.account AND n = k.n)
   WHERE f.valid_from <= ?`,
);

export const userNumber = (
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  id: string,
): UserNumber | undefined =>
  sql.get<Pick<UserKeyRow, 'n'>>('SELECT n FROM user_key WHERE account = ? AND id = ?', account, id)?.n;

/** True for a service user, who is one from the registration on. */
export const isServiceUser = ({ sql, account }: Pick<AccountAt, 'sql' | 'account'>, id: string): boolean =>
  sql.get('SELECT 1 FROM user_key WHERE account = ? AND id = ? AND service = 1', account, id) !== undefined;

/** Numbers of the service users, up to a limit: the first ones. */
export const serviceUsers = (
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  limit: number,
): readonly UserNumber[] =>
  sql
    .all<Pick<UserKeyRow, 'n'>>(
      'SELECT n FROM user_key INDEXED BY user_service WHERE account = ? AND service = 1 ORDER BY n LIMIT ?',
      account,
      limit,
    )
    .map(({ n }) => n);

/** The number of the last registered user, regardless of the ordinal; null if there is none. */
export const lastUserNumber = ({ sql, account }: Pick<AccountAt, 'sql' | 'account'>): UserNumber | null =>
  sql.get<{ n: UserNumber | null }>('SELECT max(n) AS n FROM user_key WHERE account = ?', account)?.n ?? null;

/**
 * Ids of users by username as of the ordinal, compared by name key; of several users, an active one wins. A username
 * that no user has as given is looked up in its recorded form.
 */
export function userIdsByUsername(
  { sql, account, at }: AccountAt,
  usernames: readonly string[],
): ReadonlyMap<string, string> {
  const wanted = usernames.map(
    (username) => [username, [username, tidyName(username)].map(nameKey)] as const,
  );
  const rows = sql.all<{ readonly username: string } & Pick<UserKeyRow, 'id'>>(
    `SELECT u.username, k.id FROM json_each(?) wanted
     CROSS JOIN user_fact u INDEXED BY user_by_username ON u.account = ? AND u.active IN (0, 1)
       AND u.username_key = wanted.value AND u.valid_from <= ? AND u.valid_to > ?
       AND u.username IS NOT NULL
     CROSS JOIN user_key k ON k.account = u.account AND k.n = u.n
     ORDER BY u.active DESC, u.n`,
    jsonList(new Set(wanted.flatMap(([, keys]) => keys.map(sortKey)))),
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

/** Ids of users by external id as of the ordinal, compared in recorded form, case included. */
export function userIdsByExternalId(
  { sql, account, at }: AccountAt,
  externalIds: readonly string[],
): ReadonlyMap<string, string> {
  const wanted = new Map(externalIds.map((externalId) => [externalId, tidyExternalId(externalId)]));
  const rows = sql.all<Pick<UserFactRow, 'external_id'> & Pick<UserKeyRow, 'id'>>(
    `SELECT u.external_id, k.id FROM json_each(?) wanted
     CROSS JOIN user_fact u INDEXED BY user_by_external_id ON u.account = ?
       AND u.external_id = wanted.value AND u.valid_from <= ? AND u.valid_to > ?
     CROSS JOIN user_key k ON k.account = u.account AND k.n = u.n`,
    jsonList(new Set(wanted.values())),
    account,
    at,
    at,
  );
  const ids = new Map(rows.map(({ external_id, id }) => [external_id, id]));
  return new Map(
    [...wanted].flatMap(([externalId, tidy]) => {
      const id = ids.get(tidy);
      return id === undefined ? [] : [[externalId, id] as const];
    }),
  );
}

/** Intervals in which users were active at some ordinal from one on. */
export const activityDuring = (
  { sql, account, at }: AccountAt,
  from: UserFactRow['valid_from'],
  users: Iterable<UserNumber>,
): Pick<UserFactRow, 'n' | 'valid_from' | 'valid_to'>[] =>
  sql.all(
    `SELECT f.n, f.valid_from, f.valid_to FROM json_each(?) wanted
     CROSS JOIN user_fact f ON f.account = ? AND f.n = wanted.value
       AND f.valid_from <= ? AND f.valid_to > ? AND f.active = 1`,
    jsonList(users),
    account,
    at,
    from,
  );

/** Numbers of users by id, regardless of the ordinal. */
export const userNumbers = (
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  ids: Iterable<string>,
): ReadonlyMap<string, UserNumber> =>
  new Map(
    sql
      .all<Pick<UserKeyRow, 'n' | 'id'>>(`SELECT k.n, k.id FROM ${wantedBy('id')}`, jsonList(ids), account)
      .map(({ id, n }) => [id, n]),
  );
