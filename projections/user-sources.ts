import type { Reading } from './reading';
import type { SqlValue } from './sql';
import { SPAN } from './user-search';

/** Which users are asked for, and the SQL in which each plan asks. Everywhere `u` is the fact that holds. */

export interface UserSort {
  readonly column: 'name_key' | 'username_key';
  readonly descending: boolean;
}
export const BY_NAME: UserSort = { column: 'name_key', descending: false };

export interface UserQuery {
  readonly sort: UserSort;
  /** Statuses wanted: 1 active, 0 not. */
  readonly statuses: readonly number[];
  /** A part of the name or username, as searches compare it; empty for all. */
  readonly pattern: string;
  /** Only users of one of these roles; null for all. */
  readonly roles: readonly number[] | null;
  /** Only users who are not in this role. */
  readonly notInRole: number | null;
}

/** Where a page goes on: behind this key and number. */
export type Place = readonly [key: string, n: number];
/** A user in an order. */
export interface Entry {
  readonly n: number;
  readonly key: string;
}

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** What a user must fulfil, status aside. */
export function conditions({ account, at }: Reading, query: UserQuery): Sql {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const add = (text: string, ...more: SqlValue[]): void => {
    parts.push(text);
    values.push(...more);
  };
  if (query.pattern !== '') add('instr(u.search, ?) > 0', query.pattern);
  if (query.notInRole !== null) add(`NOT ${IN_ROLE}`, account, query.notInRole, at, at);
  if (query.roles?.length === 1) add(IN_ROLE, account, query.roles[0]!, at, at);
  else if (query.roles) add(IN_ROLES, account, at, at, JSON.stringify(query.roles));
  return { text: parts.length > 0 ? parts.join(' AND ') : '1', values };
}

const IN_ROLE = `EXISTS (SELECT 1 FROM membership m WHERE m.account = ? AND m.role = ? AND m.user = u.n
  AND m.valid_from <= ? AND m.valid_to > ?)`;
/** The plus keeps the roles wanted out of the index: a user has few roles, a permission many. */
const IN_ROLES = `EXISTS (SELECT 1 FROM membership m INDEXED BY membership_by_user WHERE m.account = ? AND m.user = u.n
  AND m.valid_from <= ? AND m.valid_to > ? AND +m.role IN (SELECT value FROM json_each(?)))`;

const FACT = 'u.account = ? AND u.valid_from <= ? AND u.valid_to > ?';

/** Users who may fit, of a range of their numbers. Everyone who fits is among them. */
export type Source = (from: number, to: number) => Sql;

/** Users whom the search index names. Whether one is in the one role asked for is seen before the user is looked at. */
export const ofSearch =
  ({ account, at }: Reading, search: string, { roles }: Pick<UserQuery, 'roles'>): Source =>
  (from, to) => {
    const start = account * SPAN;
    const [role, ...others] = roles ?? [];
    const members: Sql =
      role === undefined || others.length > 0
        ? { text: '', values: [] }
        : {
            text: `AND EXISTS (SELECT 1 FROM membership m WHERE m.account = ? AND m.role = ?
              AND m.user = s.rowid - ? AND m.valid_from <= ? AND m.valid_to > ?)`,
            values: [account, role, start, at, at],
          };
    return {
      text: `user_search s CROSS JOIN user_fact u ON u.n = s.rowid - ?
        WHERE s.user_search MATCH ? AND s.rowid BETWEEN ? AND ? ${members.text} AND ${FACT}`,
      values: [start, search, start + from, start + to, ...members.values, account, at, at],
    };
  };

/** Users of roles, each once. */
export const ofRoles =
  ({ account, at }: Reading, roles: readonly number[]): Source =>
  (from, to) => ({
    text: `(SELECT DISTINCT m.user AS n FROM json_each(?) r CROSS JOIN membership m ON m.account = ?
        AND m.role = r.value AND m.user BETWEEN ? AND ? AND m.valid_from <= ? AND m.valid_to > ?) s
      CROSS JOIN user_fact u ON u.n = s.n WHERE ${FACT}`,
    values: [JSON.stringify(roles), account, from, to, at, at, account, at, at],
  });

/** All users. */
export const ofAll =
  ({ account, at }: Reading): Source =>
  (from, to) => ({
    text: `user_fact u WHERE u.n BETWEEN ? AND ? AND ${FACT}`,
    values: [from, to, account, at, at],
  });
