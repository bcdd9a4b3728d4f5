import { searchKey } from '../src/domain/names';
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import type { Reading } from './reading';
import type { SqlValue } from './sql';
import { candidates, matches } from './user-search';
import {
  CROSSOVER,
  sortFew,
  sortOf,
  take,
  walkUsers,
  type Place,
  type Sorted,
  type UserSort,
} from './user-walk';
import { userFactAt, userRow, type UserFact } from './users';
import {
  EXACT_COUNT_LIMIT,
  type Page,
  type PageRequest,
  type UserFilter,
  type UserOrder,
  type UserRow,
} from './view';

/** Lists of an account's users. */

/** What a walk for a short pattern looks at before the pattern is taken for a rare one. */
const GLANCE = 5_000;
/** How much sparser than now the past may be before its users are better collected than walked for. */
const SPARSE = 50;

interface Conditions {
  readonly statuses: readonly number[];
  readonly pattern: string;
  readonly where: string | undefined;
  readonly values: readonly SqlValue[];
}

export function listUsers(
  reading: Reading,
  filter: UserFilter,
  order: UserOrder,
  page: PageRequest,
): Page<UserRow> {
  const list = `users:${order}`;
  const after = decodeCursor<Place>(list, page.after, ['string', 'number']);
  const found = find(reading, conditionsOf(reading, filter), sortOf(order), after, page.first + 1);
  return pageOf(
    found.map((fact) => ({
      item: userRow(reading.sql, reading.account, fact),
      cursor: encodeCursor(list, [fact.key, fact.n]),
    })),
    page.first,
  );
}

function conditionsOf(reading: Reading, filter: UserFilter): Conditions {
  const role = filter.notInRole == null ? undefined : reading.role(filter.notInRole);
  const excluded = role && role.ended === null && role.n !== null ? role.n : null;
  return {
    statuses: statusesOf(filter),
    pattern: searchKey(filter.search ?? ''),
    where: excluded === null ? undefined : `NOT ${IN_ROLE}`,
    values: excluded === null ? [] : [reading.account, excluded, reading.at, reading.at],
  };
}

const statusesOf = ({ status }: UserFilter): number[] =>
  status === 'ACTIVE' ? [1] : status === 'INACTIVE' ? [0] : [1, 0];

/** Takes account, role and twice the moment; about `u`. */
export const IN_ROLE = `EXISTS (SELECT 1 FROM membership m WHERE m.account = ? AND m.role = ? AND m.user = u.n
  AND m.valid_from <= ? AND m.valid_to > ?)`;

function find(
  reading: Reading,
  wanted: Conditions,
  sort: UserSort,
  after: Place | null,
  count: number,
): Sorted[] {
  const { pattern } = wanted;
  const walk = (): Iterable<Sorted> => walkUsers(reading, { ...wanted, sort, after });
  const collected = (numbers: readonly number[]): Sorted[] =>
    sortFew(factsOf(reading, numbers, wanted), sort, after).slice(0, count);
  if (pattern === '') {
    const few = earlyUsers(reading);
    return few ? collected(few) : take(walk(), count);
  }
  if ([...pattern].length < 3) {
    const seen = glance(walk(), count, (fact) => matches(fact, pattern));
    if (seen) return seen;
  }
  const few = candidates(reading.sql, reading.account, pattern, CROSSOVER);
  return few ? collected(few) : take(walk(), count, (fact) => matches(fact, pattern));
}

/** A page that is full, or complete, after a short walk; else null. */
function glance(facts: Iterable<Sorted>, count: number, fits: (fact: Sorted) => boolean): Sorted[] | null {
  const found: Sorted[] = [];
  let seen = 0;
  for (const fact of facts) {
    if (seen++ >= GLANCE) return null;
    if (fits(fact) && found.push(fact) >= count) return found;
  }
  return found;
}

/** All users of a moment long before most came; numbers are given in order of registration. */
function earlyUsers(reading: Reading): number[] | null {
  const { active, inactive } = reading.counts();
  const users = active + inactive;
  if (users > CROSSOVER) return null;
  const last = reading.sql.get<{ n: number | null }>(
    'SELECT max(n) AS n FROM user_key WHERE account = ?',
    reading.account,
  );
  return (last?.n ?? 0) > users * SPARSE ? Array.from({ length: users }, (_, index) => index + 1) : null;
}

/** Facts of those of the users that fit. */
function factsOf(reading: Reading, numbers: readonly number[], wanted: Conditions): UserFact[] {
  const { sql, account, at } = reading;
  return numbers.flatMap((n) => {
    const fact = userFactAt(sql, account, n, at);
    if (!fact || !wanted.statuses.includes(fact.active) || !matches(fact, wanted.pattern)) return [];
    if (wanted.where === undefined) return [fact];
    const fits = sql.get(`SELECT 1 FROM (SELECT ? AS n) u WHERE ${wanted.where}`, n, ...wanted.values);
    return fits ? [fact] : [];
  });
}

export function countUsers(reading: Reading, filter: UserFilter): number | null {
  const wanted = conditionsOf(reading, filter);
  const { active, inactive } = reading.counts();
  const total = (wanted.statuses.includes(1) ? active : 0) + (wanted.statuses.includes(0) ? inactive : 0);
  if (wanted.pattern === '' && wanted.where === undefined) return total;
  if (wanted.pattern === '' && wanted.statuses.length === 2) {
    const role = reading.role(filter.notInRole ?? '');
    return total - (role ? reading.userCount(role) : 0);
  }
  if (active + inactive <= EXACT_COUNT_LIMIT) {
    const all = walkUsers(reading, { ...wanted, sort: sortOf('NAME_ASC'), after: null });
    return take(all, Infinity, (fact) => matches(fact, wanted.pattern)).length;
  }
  if (wanted.pattern === '') return null;
  const few = candidates(reading.sql, reading.account, wanted.pattern, EXACT_COUNT_LIMIT);
  return few && factsOf(reading, few, wanted).length;
}
