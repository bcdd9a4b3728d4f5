import type { AsOfContext } from '../as-of-context';
import type { SqlValue } from '../../tables/sql';

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
export function conditions({ account, at }: AsOfContext, query: UserQuery): Sql {
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

/** Rows that one step looks at. */
const STEP = 1_000;

/** Users to look at in one step. */
export interface Part {
  /** Null where there are none among the rows that were looked at. */
  readonly from: Sql | null;
  /** Rows that it looks at. */
  readonly rows: number;
}

/** Users who may fit, everyone who does among them, in parts that are looked at one by one; one may be in several. */
export interface Source {
  parts(step?: number): Iterable<Part>;
}

/** These users, by number. Whether one is in the one role asked for is seen before the user is looked at. */
export function ofThese(
  { account, at }: AsOfContext,
  users: readonly number[],
  { roles }: Pick<UserQuery, 'roles'>,
): Source {
  const [role, ...others] = roles ?? [];
  const members: Sql =
    role === undefined || others.length > 0
      ? { text: '', values: [] }
      : {
          text: `AND ${inRole('s.value')}`,
          values: [account, role, at, at],
        };
  return {
    *parts(step = STEP) {
      for (let from = 0; from < users.length; from += step) {
        const some = users.slice(from, from + step);
        const text = `json_each(?) s CROSS JOIN user_fact u ON u.n = s.value WHERE ${FACT} ${members.text}`;
        const values = [JSON.stringify(some), account, at, at, ...members.values];
        yield { from: { text, values }, rows: some.length };
      }
    },
  };
}

interface Member {
  readonly user: number;
  readonly valid_from: number;
  readonly valid_to: number;
}

/** Users of roles. Memberships that had ended, or not begun, are looked at too: a role may have many more of these. */
export const ofRoles = (reading: AsOfContext, roles: readonly number[]): Source => ({
  *parts(step = STEP) {
    const { sql, account, at } = reading;
    for (const role of roles) {
      let after: readonly [user: number, from: number] = [0, 0];
      for (let rows: Member[] = []; ;) {
        rows = sql.all<Member>(
          `SELECT user, valid_from, valid_to FROM membership
           WHERE account = ? AND role = ? AND (user, valid_from) > (?, ?) ORDER BY user, valid_from LIMIT ?`,
          account,
          role,
          ...after,
          step,
        );
        const members = rows.filter(({ valid_from, valid_to }) => valid_from <= at && valid_to > at);
        const users = members.map(({ user }) => user);
        const [part] = ofThese(reading, users, { roles: null }).parts(step);
        yield { from: part?.from ?? null, rows: rows.length };
        const last = rows.at(-1);
        if (!last || rows.length < step) break;
        after = [last.user, last.valid_from];
      }
    }
  },
});

/** All users; `lastUser`: the last number of the moment. */
export const ofAll = ({ account, at }: AsOfContext, lastUser: number): Source => ({
  *parts(step = STEP) {
    for (let from = 1; from <= lastUser; from += step) {
      const to = Math.min(from + step - 1, lastUser);
      const text = `user_fact u WHERE u.n BETWEEN ? AND ? AND ${FACT}`;
      yield { from: { text, values: [from, to, account, at, at] }, rows: to - from + 1 };
    }
  },
});
