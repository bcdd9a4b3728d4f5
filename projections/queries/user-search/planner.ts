import { isLonger } from '../../../src/domain/text';
import type { Asking, AsOfContext } from '../as-of-context';
import { candidates, searchQuery } from '../../tables/user-search-index';
import { ofAll, ofRoles, ofThese, type Entry, type Source, type UserQuery } from './candidates';
import { counted, sorted, walk, type Slice } from './index-scan';
import { EXACT_COUNT_LIMIT } from '../../view';

/**
 * Which way to the users asked for is the short one. Few who fit are collected and sorted; many are found soon by
 * walking in order. The wrong one costs a hundred times the right one, so a walk that finds nobody soon is given up.
 */

/** Up to so many users of roles, and users of a distant past, are collected. */
const CROSSOVER = 4_000;
/** The search index gives its candidates faster, and matches stand together where names start alike. */
const SEARCH_CROSSOVER = 12_000;
/** More candidates than this take longer to be named than a turn may. */
const MOST_CANDIDATES = 60_000;
/** What a walk looks at before it is given up, where there is another way. */
const GLANCE = 10_000;
const SHORT_GLANCE = 4_000;
/** How much sparser than now the past may be before its users are better collected than walked for. */
const SPARSE = 50;

/** The first so many users who fit, behind a place. `members` is how many memberships the wanted roles have. */
export async function findUsers(
  asking: Asking,
  query: UserQuery,
  slice: Slice,
  members = Infinity,
): Promise<Entry[]> {
  if (query.pattern === '') return [];
  const { reading } = asking;
  const sort = (source: Source): Promise<Entry[]> => sorted(asking, source, query, slice);
  const few = fewOf(reading, query, members);
  if (few) return sort(few);
  const search = query.pattern === null ? null : searchQuery(reading.sql, query.pattern);
  const short = query.pattern !== null && !isLonger(query.pattern, 2);
  const matching = async (limit: number): Promise<Source | null> =>
    search ? matchingOf(asking, search, query, limit) : null;
  const some = short ? null : await matching(SEARCH_CROSSOVER);
  if (some) return sort(some);
  const glance = search === null && query.roles === null ? Infinity : short && search ? SHORT_GLANCE : GLANCE;
  const soon = await walk(asking, query, slice, glance);
  if (soon) return soon;
  const many = await matching(MOST_CANDIDATES);
  if (many) return sort(many);
  if (query.roles) return sort(ofRoles(reading, query.roles));
  return (await walk(asking, query, slice)) ?? [];
}

/** How many users fit; null above what can be counted at once. */
export async function countUsersWho(
  asking: Asking,
  query: UserQuery,
  members = Infinity,
): Promise<number | null> {
  if (query.pattern === '') return 0;
  const { reading } = asking;
  const total = totalUsers(reading);
  const count = (source: Source): Promise<number | null> => counted(asking, source, query, EXACT_COUNT_LIMIT);
  if (query.roles && members <= EXACT_COUNT_LIMIT) return count(ofRoles(reading, query.roles));
  if (total <= EXACT_COUNT_LIMIT) return count(ofAll(reading, total));
  if (query.pattern === null) return null;
  const search = searchQuery(reading.sql, query.pattern);
  const source = search === null ? null : await matchingOf(asking, search, query, SEARCH_CROSSOVER);
  return source && count(source);
}

/** Where so few may fit that they are better collected than walked for. */
function fewOf(reading: AsOfContext, { roles }: UserQuery, members: number): Source | null {
  const total = totalUsers(reading);
  if (roles && members <= CROSSOVER) return ofRoles(reading, roles);
  return total <= CROSSOVER && lastUser(reading) > total * SPARSE ? ofAll(reading, total) : null;
}

/** What the search index does for so many candidates is as much as looking at one row. */
const CANDIDATES_A_ROW = 8;

/** Whom the search index names; null where these are more than a limit. */
async function matchingOf(
  { reading, question }: Asking,
  search: string,
  query: UserQuery,
  limit: number,
): Promise<Source | null> {
  const turn = question.ready();
  if (turn) await turn;
  const users = candidates(reading.sql, reading.account, search, totalUsers(reading), limit + 1);
  await question.looked(Math.ceil(users.length / CANDIDATES_A_ROW));
  return users.length > limit ? null : ofThese(reading, users, query);
}

/** Numbers are given in order of registration, and nobody leaves: this is also the last number of the moment. */
function totalUsers(reading: AsOfContext): number {
  const { active, inactive } = reading.counts();
  return active + inactive;
}

const lastUser = ({ sql, account }: AsOfContext): number =>
  sql.get<{ n: number | null }>('SELECT max(n) AS n FROM user_key WHERE account = ?', account)?.n ?? 0;
