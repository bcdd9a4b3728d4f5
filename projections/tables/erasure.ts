import { userEvents } from '../../src/domain/user/events';
import { userStream } from '../../src/event-store/port/streams';
import type { Ordinal } from '../numbers';
import type { UserChange } from './account-at';
import type { AccountRow, HistoryTableRow, UserErasedRow, UserKeyRow, UserRemnantRow } from './rows';
import type { Sql } from './sqlite/sql';
import type { TableWriter } from './table-writer';
import { everyName } from './search/user-search-index';

/**
 * Erasure of a user from the tables: names and external ids leave the facts with the event, and everything else before the event counts as
 * projected. `user_remnant` lists who is not gone yet, so that a restart completes it.
 */

/** Takes names and external ids out of all facts of a user. Returns the text that the index has of them. */
export function eraseNames(
  { sql, userFacts }: TableWriter,
  { account, user: n, ordinal }: UserChange,
): string {
  userFacts.flush();
  const text = everyName(sql, { account, n });
  sql.run(
    `UPDATE user_fact SET username = NULL, name = NULL, external_id = NULL, username_key = '', name_key = '', search = ''
     WHERE account = ? AND n = ?`,
    account,
    n,
  );
  sql.run('INSERT INTO user_erased (account, n, at) VALUES (?, ?, ?)', account, n, ordinal);
  sql.run('INSERT INTO user_remnant (account, n) VALUES (?, ?)', account, n);
  return text;
}

/** True if a user of an account was erased behind an ordinal. */
export const erasedSince = (sql: Sql, account: string, ordinal: Ordinal): boolean =>
  sql.get(
    'SELECT 1 FROM user_erased e JOIN account a ON a.n = e.account WHERE a.id = ? AND e.at > ? LIMIT 1',
    account,
    ordinal,
  ) !== undefined;

export const hasRemnants = (sql: Sql): boolean => sql.get('SELECT 1 FROM user_remnant LIMIT 1') !== undefined;

export const forgetRemnants = (sql: Sql): void => sql.run('DELETE FROM user_remnant');

interface Remnant extends UserRemnantRow {
  readonly at: UserErasedRow['at'];
  readonly user: UserKeyRow['id'];
  readonly accountId: AccountRow['id'];
}

/** Erased users of whom something may be left. */
export const remnants = (sql: Sql): Remnant[] =>
  sql.all<Remnant>(
    `SELECT r.account, r.n, e.at, k.id AS user, a.id AS accountId FROM user_remnant r
     CROSS JOIN user_erased e ON e.account = r.account AND e.n = r.n
     CROSS JOIN user_key k ON k.account = r.account AND k.n = r.n CROSS JOIN account a ON a.n = r.account`,
  );

const NAME_PATHS = ['$', '$.from', '$.to'].flatMap((at) =>
  ['username', 'name', 'externalId'].map((field) => `${at}.${field}`),
);
const TYPES = Object.keys(userEvents);

/** Data of a void event of an erased user: it may be anything, and may hold a name anywhere. */
export const NOTHING_KNOWN: HistoryTableRow['data'] = '{}';

/**
 * Takes names, external ids and reasons out of the earlier history of an erased user's own stream, as a projection of events that cannot
 * be read any more has it. What happened to the user in roles stays.
 */
export function eraseHistory(sql: Sql, { account, n, at, user, accountId }: Remnant): void {
  sql.run(
    `UPDATE history SET reason = NULL, data = json_replace(data, ${NAME_PATHS.map((path) => `'${path}', NULL`).join(', ')})
     WHERE account = ? AND user = ? AND n < ? AND type IN (SELECT n FROM word WHERE text IN (SELECT value FROM json_each(?)))
       AND n NOT IN (SELECT n FROM voided)`,
    account,
    n,
    at,
    JSON.stringify(TYPES),
  );
  sql.run(
    `UPDATE history SET reason = NULL, data = '${NOTHING_KNOWN}' WHERE n IN (SELECT n FROM voided WHERE stream = ?)`,
    userStream(accountId, user),
  );
}
