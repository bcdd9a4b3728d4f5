import type { UserKind } from '../../../src/domain/user/events';
import type { Ordinal, RoleNumber, UserNumber } from '../../numbers';
import { roleCounts } from '../../tables/counts';
import type { Activity, MembershipRow } from '../../tables/rows';
import type { Fragment, SqlValue } from '../../tables/sqlite/sql';
import { loginOf } from '../../tables/users';
import type { AsOfContext } from '../as-of-context';
import type { Ranked, ValueOrder } from '../value-run';

/** Queries for users, and the SQL of each plan. In all of them `u` is the fact that holds. */

/** Order of users along a walk. `since`: by the beginning of their membership in the one role that is wanted. */
export interface UserSort {
  readonly by: 'name' | 'username' | 'login' | 'since';
  readonly descending: boolean;
  /** True in a walk from the end of the list to its beginning. */
  readonly backward: boolean;
}
export const BY_NAME: UserSort = { by: 'name', descending: false, backward: false };

/** Orders by a value of now: the tables have an index of the present alone. */
export const isByValue = ({ by }: UserSort): boolean => by === 'login' || by === 'since';

/** Column of the key of users. */
export const keyOf = ({ by }: UserSort): 'name_key' | 'username_key' =>
  by === 'username' ? 'username_key' : 'name_key';

/** Names have no value, and one direction with the list; memberships begin at different events each. */
export function orderOf(sort: UserSort): ValueOrder {
  const end = sort.backward ? -1 : 1;
  const value = sort.descending === sort.backward ? 1 : -1;
  return { value, key: sort.by === 'login' ? end : value, end };
}

/** Statuses of people: whoever asks for no status means them. Erased users are found by their status only. */
export const EVERYBODY: readonly Activity[] = [1, 0];

export interface UserQuery {
  readonly sort: UserSort;
  /** Statuses wanted. */
  readonly statuses: readonly Activity[];
  /** A part of the name or username, in search form; null for all, empty for nobody. */
  readonly pattern: string | null;
  /** Only users of one of these roles; null for all. */
  readonly roles: readonly RoleNumber[] | null;
  /** Only users who were not in this role as of this ordinal. */
  readonly notIn: { readonly role: RoleNumber; readonly at: Ordinal } | null;
  /** Only users who are none of these; left out: all. */
  readonly without?: readonly UserNumber[];
  /** Only persons, or only service users; null for both. */
  readonly kind: UserKind | null;
}

/** A user in an order. */
export interface Entry extends Ranked {
  readonly n: UserNumber;
}

/** The value by which users are ordered, as of the moment. */
export function valueOf({ at }: AsOfContext, { sort, roles }: UserQuery): Fragment {
  if (sort.by === 'login') return { text: loginOf('u'), values: [] };
  if (sort.by !== 'since') return { text: 'NULL', values: [] };
  return {
    text: `(SELECT m.valid_from FROM membership m WHERE m.account = u.account AND m.role = ? AND m.user = u.n
      AND m.valid_from <= ? AND m.valid_to > ?)`,
    values: [roles?.[0] ?? null, at, at],
  };
}

/** Conditions that a user must meet, except for status. */
export function conditions({ account, at }: AsOfContext, query: UserQuery): Fragment {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const add = (text: string, ...more: SqlValue[]): void => {
    parts.push(text);
    values.push(...more);
  };
  if (query.pattern !== null) add('instr(u.search, ?) > 0', query.pattern);
  if (query.notIn !== null) {
    const { role, at: then } = query.notIn;
    add(`NOT ${IN_ROLE}`, account, role, then, then);
  }
  if (query.without) add('u.n NOT IN (SELECT value FROM json_each(?))', JSON.stringify(query.without));
  if (query.kind !== null) add(query.kind === 'SERVICE' ? IS_SERVICE : `NOT ${IS_SERVICE}`);
  if (query.roles?.length === 1) add(IN_ROLE, account, query.roles[0]!, at, at);
  else if (query.roles) add(IN_ROLES, account, at, at, JSON.stringify(query.roles));
  return { text: parts.length > 0 ? parts.join(' AND ') : '1', values };
}

const inRole = (user: 'u.n' | 's.value'): string =>
  `EXISTS (SELECT 1 FROM membership m WHERE m.account = ? AND m.role = ? AND m.user = ${user}
     AND m.valid_from <= ? AND m.valid_to > ?)`;
const IN_ROLE = inRole('u.n');
/** The plus keeps the wanted roles out of the index: a user has few roles, a permission many. */
const IN_ROLES = `EXISTS (SELECT 1 FROM membership m INDEXED BY membership_by_user WHERE m.account = ? AND m.user = u.n
  AND m.valid_from <= ? AND m.valid_to > ? AND +m.role IN (SELECT value FROM json_each(?)))`;

/** Found by the index of these alone, which is small. */
const IS_SERVICE = `EXISTS (SELECT 1 FROM user_key k INDEXED BY user_service WHERE k.account = u.account AND k.n = u.n AND k.service = 1)`;

const FACT = 'u.account = ? AND u.valid_from <= ? AND u.valid_to > ?';

/** Rows read in one step. */
const STEP = 1_000;

/** Users read in one step. */
export interface Part {
  /** Null if the rows read had none. */
  readonly from: Fragment | null;
  /** Rows that it reads. */
  readonly rows: number;
}

/** Users who may fit, including everyone who does, in parts that are read one by one; one user may be in several. */
export interface Source {
  parts(step?: number): Iterable<Part>;
}

/** The facts of these users, by number: a list as JSON. Membership of a role is tested before the user is read. */
function factsOf({ account, at }: AsOfContext, users: string, role: RoleNumber | null): Fragment {
  const text = `json_each(?) s CROSS JOIN user_fact u ON u.n = s.value WHERE ${FACT}`;
  const values = [users, account, at, at];
  if (role === null) return { text, values };
  return { text: `${text} AND ${inRole('s.value')}`, values: [...values, account, role, at, at] };
}

/** These users, by number. */
export function ofThese(
  reading: AsOfContext,
  users: readonly UserNumber[],
  { roles }: Pick<UserQuery, 'roles'>,
): Source {
  const role = roles?.length === 1 ? roles[0]! : null;
  return {
    *parts(step = STEP) {
      for (let from = 0; from < users.length; from += step) {
        const some = users.slice(from, from + step);
        yield { from: factsOf(reading, JSON.stringify(some), role), rows: some.length };
      }
    },
  };
}

interface Members {
  readonly rows: number;
  /** Users in the role, a list as JSON. */
  readonly users: string;
  /** The last row. */
  readonly user: MembershipRow['user'];
  readonly since: MembershipRow['valid_from'];
}

/** Memberships aggregated to one row: a JavaScript row for each would dominate the cost of reading it. */
const MEMBERS = `SELECT count(*) AS rows, max(user) AS user, json_group_array(valid_from) ->> '$[#-1]' AS since,
    json_group_array(user) FILTER (WHERE valid_from <= ?1 AND valid_to > ?1) AS users
  FROM (SELECT user, valid_from, valid_to FROM membership
    WHERE account = ?2 AND role = ?3 AND (user, valid_from) > (?4, ?5) ORDER BY user, valid_from LIMIT ?6)`;

/** Roles that are looked at in one step. */
const TOGETHER = STEP / 2;

/** Memberships of several roles, if they are no more than a limit: then all were read, in whatever order. */
const MEMBERS_TOGETHER = `SELECT count(*) AS rows,
    json_group_array(DISTINCT user) FILTER (WHERE valid_from <= ?1 AND valid_to > ?1) AS users
  FROM (SELECT m.user, m.valid_from, m.valid_to FROM json_each(?3) wanted
    CROSS JOIN membership m ON m.account = ?2 AND m.role = wanted.value LIMIT ?4)`;

/**
 * Users of roles. Memberships that had ended, or not started, are read too: a role may have many more of these. Small
 * roles are read together, so that many of them take as many statements as a few.
 */
export const ofRoles = (reading: AsOfContext, roles: readonly RoleNumber[]): Source => ({
  *parts(step = STEP) {
    if (roles.length === 1) return yield* partsOfOne(reading, roles[0]!, step);
    const together = Math.min(step, TOGETHER);
    for (let from = 0; from < roles.length; from += together) {
      const some = roles.slice(from, from + together);
      const groups = grouped(some, roleCounts(reading, some), step);
      yield { from: null, rows: some.length };
      for (const group of groups) yield* partsOfSeveral(reading, group, step);
    }
  },
});

/** Groups of roles, in their order, with up to `most` users each; a larger role is a group of its own. */
function grouped(
  roles: readonly RoleNumber[],
  counts: ReadonlyMap<RoleNumber, { readonly users: number }>,
  most: number,
): RoleNumber[][] {
  const groups: RoleNumber[][] = [];
  let room = 0;
  for (const role of roles) {
    const users = counts.get(role)?.users ?? 0;
    if (groups.length === 0 || users > room) {
      groups.push([]);
      room = most;
    }
    groups.at(-1)!.push(role);
    room -= users;
  }
  return groups;
}

function* partsOfSeveral(
  reading: AsOfContext,
  roles: readonly RoleNumber[],
  step: number,
): Generator<Part, void> {
  if (roles.length === 1) return yield* partsOfOne(reading, roles[0]!, step);
  const { sql, account, at } = reading;
  const values = [at, account, JSON.stringify(roles), step + 1];
  const { rows, users } = sql.get<Omit<Members, 'user' | 'since'>>(MEMBERS_TOGETHER, ...values)!;
  const isWhole = rows <= step;
  const from = isWhole && users !== '[]' ? factsOf(reading, users, null) : null;
  yield { from, rows: rows + roles.length };
  // Others than those of the moment made them more.
  if (!isWhole) for (const role of roles) yield* partsOfOne(reading, role, step);
}

function* partsOfOne(reading: AsOfContext, role: RoleNumber, step: number): Generator<Part, void> {
  const { sql, account, at } = reading;
  let after: readonly [user: number, since: number] = [0, 0];
  for (let rows: number = step; rows === step;) {
    const members = sql.get<Members>(MEMBERS, at, account, role, ...after, step)!;
    rows = members.rows;
    yield { from: members.users === '[]' ? null : factsOf(reading, members.users, null), rows };
    after = [members.user, members.since];
  }
}

/** All users; `lastUser`: the last number as of the ordinal. */
export const ofAll = ({ account, at }: AsOfContext, lastUser: number): Source => ({
  *parts(step = STEP) {
    for (let from = 1; from <= lastUser; from += step) {
      const to = Math.min(from + step - 1, lastUser);
      const text = `user_fact u WHERE u.n BETWEEN ? AND ? AND ${FACT}`;
      yield { from: { text, values: [from, to, account, at, at] }, rows: to - from + 1 };
    }
  },
});
