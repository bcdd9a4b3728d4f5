import type { AccessDiffFilter } from '../../diff-rows';
import type { RoleNumber, UserNumber } from '../../numbers';
import { roleNumbers } from '../../tables/roles';
import { jsonList } from '../../tables/sqlite/json-list';
import type { SqlValue } from '../../tables/sqlite/sql';
import { userNumber } from '../../tables/users';
import { totalUsers, type Asking, type AsOfContext } from '../as-of-context';
import { changedRoles } from './changed-roles';

/**
 * Users whose access may differ between two moments, in order of registration: whose roles or status changed, or one of whose
 * roles did. All others are passed over in SQLite, without a row of them being read.
 */

/** Users that a step passes over: the first few, then twice as many with each step. With them so many memberships. */
const FIRST_USERS = 125;
const MOST_USERS = 2_000;
const MEMBERSHIPS_A_USER = 2;
/** Rows that are passed over, for one that is read. */
const PASSED_A_ROW = 10;

/** To users registered later (1), or earlier (-1). */
export type Direction = 1 | -1;

/** A walk between two users, neither of whom is in it; null: from one end of the list, to the other. */
export interface UserWalk {
  readonly direction: Direction;
  readonly behind: UserNumber | null;
  readonly until: UserNumber | null;
}

/** Users with numbers in (after, upTo]. */
interface Span {
  readonly after: number;
  readonly upTo: number;
}

const DIFFERS = '(valid_from <= ?1 AND valid_to > ?1) <> (valid_from <= ?2 AND valid_to > ?2)';
const AT_BOTH = 'valid_from <= ?1 AND valid_to > ?2';
const within = (column: string): string => `account = ?3 AND ${column} > ?4 AND ${column} <= ?5`;
const FOUND = `SELECT DISTINCT user AS n FROM membership INDEXED BY membership_by_user WHERE ${within('user')}
    AND (${DIFFERS} OR (${AT_BOTH} AND role IN (SELECT value FROM json_each(?6))))
  UNION SELECT n FROM user_fact WHERE ${within('n')} AND valid_from > ?1 AND valid_from <= ?2`;
/** The two conditions are of moments at which the role had not ended. */
const FOUND_IN_ROLE = `SELECT n FROM (${FOUND}) WHERE EXISTS (
  SELECT 1 FROM membership m WHERE m.account = ?3 AND m.role = ?7 AND m.user = n
    AND ((?8 AND m.valid_from <= ?1 AND m.valid_to > ?1) OR (?9 AND m.valid_from <= ?2 AND m.valid_to > ?2)))`;
const ORDER = { 1: 'ORDER BY n', [-1]: 'ORDER BY n DESC' } as const;

/** The last user of a span that begins behind a user and passes over so many memberships. */
const endOf = (comparison: '>' | '<', order: 'ASC' | 'DESC'): string =>
  `SELECT user FROM membership INDEXED BY membership_by_user WHERE account = ? AND user ${comparison} ?
   ORDER BY user ${order} LIMIT 1 OFFSET ?`;
const END = { 1: endOf('>', 'ASC'), [-1]: endOf('<', 'DESC') } as const;

/** A role that users are asked for by, and flags if it had not ended at the earlier and at the later moment. */
type RoleAsked = readonly [n: RoleNumber, from: 0 | 1, to: 0 | 1];
const NO_ROLE = -1 as RoleNumber;

/** Candidates, in steps. `from`: the account at the earlier moment. */
export async function* candidates(
  asking: Asking,
  from: AsOfContext,
  { among, permission = null }: AccessDiffFilter,
  walk: UserWalk,
): AsyncGenerator<readonly UserNumber[]> {
  const { reading } = asking;
  if (among && 'user' in among) {
    const one = userNumber(reading, among.user);
    if (one !== undefined && one <= totalUsers(reading) && isIn(walk, one)) yield [one];
    return;
  }
  const changed = await changedRoles(asking, from, permission);
  yield* differing(asking, from, { changed, role: among && roleAsked(from, reading, among.role) }, walk);
}

/** Users whose memberships or status differ, or who are at both moments in a role that may give something else. */
export async function* differing(
  { reading, question }: Asking,
  from: AsOfContext,
  { changed, role }: Sought,
  walk: UserWalk,
): AsyncGenerator<readonly UserNumber[]> {
  const last = totalUsers(reading);
  const { direction } = walk;
  const sought = { direction, changed: jsonList(changed), role };
  let at: number = walk.behind ?? (direction === 1 ? 0 : last + 1);
  const end: number = (walk.until ?? (direction === 1 ? last + 1 : 0)) - direction;
  for (let users = FIRST_USERS; (end - at) * direction > 0; users = Math.min(2 * users, MOST_USERS)) {
    const step = await question.step(
      () => {
        const to = spanEnd(reading, { direction, at, end }, users);
        const span = direction === 1 ? { after: at, upTo: to } : { after: to - 1, upTo: at - 1 };
        return { to, found: find([from, reading], span, sought) };
      },
      ({ found }) => found.length + Math.ceil((users * (1 + MEMBERSHIPS_A_USER)) / PASSED_A_ROW),
    );
    yield step.found;
    at = step.to;
  }
}

export const isIn = ({ direction, behind, until }: UserWalk, user: UserNumber): boolean =>
  (behind === null || (user - behind) * direction > 0) && (until === null || (until - user) * direction > 0);

interface Going {
  readonly direction: Direction;
  readonly at: number;
  readonly end: number;
}

/** The last user of a step: sooner where the next ones have many memberships. */
function spanEnd({ sql, account }: AsOfContext, { direction, at, end }: Going, users: number): number {
  const bound = direction === 1 ? Math.min(end, at + users) : Math.max(end, at - users);
  const memberships = users * MEMBERSHIPS_A_USER;
  const user = sql.get<{ user: UserNumber }>(END[direction], account, at, memberships)?.user ?? bound;
  return direction === 1 ? Math.min(bound, user) : Math.max(bound, user);
}

interface Sought {
  /** Roles that may give something else than before. */
  readonly changed: readonly RoleNumber[];
  readonly role: RoleAsked | null;
}

function find(
  [from, to]: readonly [AsOfContext, AsOfContext],
  { after, upTo }: Span,
  {
    direction,
    changed,
    role,
  }: { readonly direction: Direction; readonly changed: string; readonly role: RoleAsked | null },
): UserNumber[] {
  const values: SqlValue[] = [from.at, to.at, to.account, after, upTo, changed, ...(role ?? [])];
  const text = `${role ? FOUND_IN_ROLE : FOUND} ${ORDER[direction]}`;
  return to.sql.all<{ n: UserNumber }>(text, ...values).map(({ n }) => n);
}

function roleAsked(from: AsOfContext, to: AsOfContext, id: string): RoleAsked {
  const isThere = (reading: AsOfContext): 0 | 1 => (reading.role(id)?.ended === null ? 1 : 0);
  return [roleNumbers(to, [id]).get(id) ?? NO_ROLE, isThere(from), isThere(to)];
}
