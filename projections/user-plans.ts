import type { Reading } from './reading';
import { countCandidates, searchQuery } from './user-search';
import {
  ofAll,
  ofRoles,
  ofSearch,
  type Entry,
  type Place,
  type Source,
  type UserQuery,
} from './user-sources';
import { counted, sorted, walk } from './user-walk';
import { EXACT_COUNT_LIMIT } from './view';

/**
 * Which way to the users asked for is the short one. Few who fit are collected and sorted; many are found soon by
 * walking in order. The wrong one costs a hundred times the right one, so a walk that finds nobody soon is given up.
 */

/** Up to so many users of roles, and users of a distant past, are collected. */
const CROSSOVER = 4_000;
/** The search index gives its candidates faster, and matches stand together where names start alike. */
const SEARCH_CROSSOVER = 12_000;
/** What a walk looks at before it is given up, where there is another way. */
const GLANCE = 10_000;
const SHORT_GLANCE = 4_000;
/** How much sparser than now the past may be before its users are better collected than walked for. */
const SPARSE = 50;

/** What is known of those who may fit. */
interface Plan {
  /** Everyone who fits is in it. Null where only the walk finds them. */
  readonly source: Source | null;
  /** Whether the source has few enough to be sorted at once. */
  readonly few: boolean;
  /** How far to walk before the source is sorted after all. */
  readonly glance: number;
}

/** The first so many users who fit, behind a place. `members` is how many memberships the wanted roles have. */
export async function findUsers(
  reading: Reading,
  query: UserQuery,
  after: Place | null,
  count: number,
  members = Infinity,
): Promise<Entry[]> {
  const { source, few, glance } = planFor(reading, query, members);
  const last = totalUsers(reading);
  if (!source) return (await walk(reading, query, after, count)) ?? [];
  const sort = (): Promise<Entry[]> => sorted(reading, { source, few }, last, query, after, count);
  return few ? sort() : ((await walk(reading, query, after, count, glance)) ?? sort());
}

/** How many users fit; null above what can be counted at once. */
export function countUsersWho(reading: Reading, query: UserQuery, members = Infinity): number | null {
  const total = totalUsers(reading);
  if (query.roles && members <= EXACT_COUNT_LIMIT)
    return counted(reading, ofRoles(reading, query.roles), total, query);
  if (total <= EXACT_COUNT_LIMIT) return counted(reading, ofAll(reading), total, query);
  if (query.pattern === '') return null;
  const search = searchQuery(reading.sql, query.pattern);
  if (search === null) return null;
  const candidates = countCandidates(reading.sql, reading.account, search, total, SEARCH_CROSSOVER + 1);
  if (candidates > SEARCH_CROSSOVER) return null;
  const count = counted(reading, ofSearch(reading, search, query), total, query);
  return count > EXACT_COUNT_LIMIT ? null : count;
}

/** Numbers are given in order of registration, and nobody leaves: this is also the last number of the moment. */
function totalUsers(reading: Reading): number {
  const { active, inactive } = reading.counts();
  return active + inactive;
}

function planFor(reading: Reading, query: UserQuery, members: number): Plan {
  const { sql, account } = reading;
  if (query.roles && members <= CROSSOVER) return collect(ofRoles(reading, query.roles));
  const total = totalUsers(reading);
  if (total <= CROSSOVER && lastUser(reading) > total * SPARSE) return collect(ofAll(reading));
  const ofMany = query.roles ? ofRoles(reading, query.roles) : null;
  const search = query.pattern === '' ? null : searchQuery(sql, query.pattern);
  if (search === null) return { source: ofMany, few: false, glance: GLANCE };
  const source = ofSearch(reading, search, query);
  if ([...query.pattern].length < 3) return { source, few: false, glance: SHORT_GLANCE };
  const few = countCandidates(sql, account, search, total, SEARCH_CROSSOVER + 1) <= SEARCH_CROSSOVER;
  return { source, few, glance: GLANCE };
}

const collect = (source: Source): Plan => ({ source, few: true, glance: 0 });

const lastUser = ({ sql, account }: Reading): number =>
  sql.get<{ n: number | null }>('SELECT max(n) AS n FROM user_key WHERE account = ?', account)?.n ?? 0;
