import { searchKey } from '../src/domain/names';
import type { Actor } from '../src/domain/vocabulary';
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { recordedAt } from './history';
import { memberSince } from './memberships';
import type { Reading, RoleAt } from './reading';
import { candidates, matches } from './user-search';
import { IN_ROLE } from './user-list';
import { BY_NAME, CROSSOVER, sortFew, take, walkUsers, type Place, type Sorted } from './user-walk';
import { userFactAt, userRow, type UserFact } from './users';
import { EXACT_COUNT_LIMIT, type Membership, type Page, type PageRequest } from './view';

/** Users of a role, by name. */

const LIST = 'role-users';
const NOBODY: Actor = { type: 'service', id: 'unknown' };

export function listRoleUsers(
  reading: Reading,
  id: string,
  search: string | null,
  page: PageRequest,
): Page<Membership> {
  const after = decodeCursor<Place>(LIST, page.after, ['string', 'number']);
  const role = liveRole(reading, id);
  if (!role) return { items: [], hasNextPage: false };
  const found = find(reading, role, searchKey(search ?? ''), after, page.first + 1);
  return pageOf(
    found.map((fact) => ({
      item: membershipOf(reading, role.n, fact),
      cursor: encodeCursor(LIST, [fact.key, fact.n]),
    })),
    page.first,
  );
}

type LiveRole = RoleAt & { readonly n: number };
function liveRole(reading: Reading, id: string): LiveRole | null {
  const role = reading.role(id);
  return role && role.n !== null && role.ended === null ? { ...role, n: role.n } : null;
}

function find(
  reading: Reading,
  role: LiveRole,
  pattern: string,
  after: Place | null,
  count: number,
): Sorted[] {
  const few = fewOf(reading, role, pattern, CROSSOVER);
  if (few) return sortFew(few, BY_NAME, after).slice(0, count);
  const { account, at } = reading;
  const walk = walkUsers(reading, {
    sort: BY_NAME,
    statuses: [1, 0],
    after,
    where: IN_ROLE,
    values: [account, role.n, at, at],
  });
  return take(walk, count, (fact) => matches(fact, pattern));
}

/** The users who fit, where they can be found among at most `limit`; else null. */
function fewOf(reading: Reading, role: LiveRole, pattern: string, limit: number): UserFact[] | null {
  const { sql, account, at } = reading;
  if (reading.userCount(role) <= limit) {
    return membersOf(reading, role.n).filter((fact) => matches(fact, pattern));
  }
  const few = pattern === '' ? null : candidates(sql, account, pattern, limit);
  return (
    few &&
    few.flatMap((n) => {
      if (memberSince(sql, account, role.n, n, at) === undefined) return [];
      const fact = userFactAt(sql, account, n, at);
      return fact && matches(fact, pattern) ? [fact] : [];
    })
  );
}

/** Facts of all users of a role, for roles that are known to have few. */
export const membersOf = ({ sql, account, at }: Reading, role: number): UserFact[] =>
  sql.all<UserFact>(
    `SELECT u.n, u.valid_from, u.active, u.username, u.name, u.username_key, u.name_key
     FROM membership m CROSS JOIN user_fact u ON u.account = m.account AND u.n = m.user
     WHERE m.account = ? AND m.role = ? AND m.valid_from <= ? AND m.valid_to > ?
       AND u.valid_from <= ? AND u.valid_to > ?`,
    account,
    role,
    at,
    at,
    at,
    at,
  );

function membershipOf({ sql, account, at }: Reading, role: number, fact: UserFact): Membership {
  const since = memberSince(sql, account, role, fact.n, at);
  const recorded = since === undefined ? null : recordedAt(sql, since);
  return {
    user: userRow(sql, account, fact),
    assignedAt: recorded?.at ?? new Date(0),
    assignedBy: recorded?.by ?? NOBODY,
  };
}

export function countRoleUsers(reading: Reading, id: string, search: string | null): number | null {
  const role = liveRole(reading, id);
  if (!role) return 0;
  const pattern = searchKey(search ?? '');
  if (pattern === '') return reading.userCount(role);
  return fewOf(reading, role, pattern, EXACT_COUNT_LIMIT)?.length ?? null;
}
