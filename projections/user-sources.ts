import type { Reading } from './reading';
import type { SqlValue } from './sql';

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
  /** A part of the name or username, as searches compare it; null for all, empty for nobody. */
  readonly pattern: string | null;
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
  if (query.pattern !== null) add('instr(u.search, ?) > 0', query.pattern);
  if (query.notInRole !== null) add(`NOT ${IN_ROLE}`, account, query.notInRole, at, at);
  if (query.roles?.length === 1) add(IN_ROLE, account, query.roles[0]!, at, at);
  else if (query.roles) add(IN_ROLES, account, at, at, JSON.stringify(query.roles));
  return { text: parts.length > 0 ? parts.join(' AND ') : '1', values };
}

const inRole = (user: 'u.n' | 's.value'): string =>
  `EXISTS (SELECT 1 FROM membership m WHERE m.account = ? AND m.role = ? AND m.user = ${user}
     AND m.valid_from <= ? AND m.valid_to > ?)`;
const IN_ROLE = inRole('u.n');
/** The plus keeps the roles wanted out of the index: a user has few roles, a permission many. */
const IN_ROLES = `EXISTS (SELECT 1 FROM membership m INDEXED BY membership_by_user WHERE m.account = ? AND m.user = u.n
  AND m.valid_from <= ? AND m.valid_to > ? AND +m.role IN (SELECT value FROM json_each(?)))`;

const FACT = 'u.account = ? AND u.valid_from <= ? AND u.valid_to > ?';

/** Users who may fit, everyone who does among them; a part at a time, by places from 1. */
export interface Source {
  /** Its last place. */
  readonly size: number;
  /** Whether all of it can be looked at in one turn. */
  readonly few: boolean;
  part(from: number, to: number): Sql;
}

/** These users, by number. Whether one is in the one role asked for is seen before the user is looked at. */
export function ofThese({ account, at }: Reading, users: readonly number[], { roles }: UserQuery): Source {
  const [role, ...others] = roles ?? [];
  const members: Sql =
    role === undefined || others.length > 0
      ? { text: '', values: [] }
      : {
          text: `AND ${inRole('s.value')}`,
          values: [account, role, at, at],
        };
  return {
    size: users.length,
    few: false,
    part: (from, to) => ({
      text: `json_each(?) s CROSS JOIN user_fact u ON u.n = s.value WHERE ${FACT} ${members.text}`,
      values: [JSON.stringify(users.slice(from - 1, to)), account, at, at, ...members.values],
    }),
  };
}

/** Users of roles, each once; `lastUser`: the last number of the moment. */
export const ofRoles = (
  { account, at }: Reading,
  roles: readonly number[],
  lastUser: number,
  few = false,
): Source => ({
  size: lastUser,
  few,
  part: (from, to) => ({
    text: `(SELECT DISTINCT m.user AS n FROM json_each(?) r CROSS JOIN membership m ON m.account = ?
        AND m.role = r.value AND m.user BETWEEN ? AND ? AND m.valid_from <= ? AND m.valid_to > ?) s
      CROSS JOIN user_fact u ON u.n = s.n WHERE ${FACT}`,
    values: [JSON.stringify(roles), account, from, to, at, at, account, at, at],
  }),
});

/** All users. */
export const ofAll = ({ account, at }: Reading, lastUser: number, few = false): Source => ({
  size: lastUser,
  few,
  part: (from, to) => ({
    text: `user_fact u WHERE u.n BETWEEN ? AND ? AND ${FACT}`,
    values: [from, to, account, at, at],
  }),
});
