import { isLonger } from '../../../src/domain/text';
import { lastUserNumber } from '../../tables/users';
import { EXACT_COUNT_LIMIT } from '../../view';
import type { Asking, AsOfContext } from '../as-of-context';
import { ofAll, ofRoles, ofThese, type Entry, type Source, type UserQuery } from './candidates';
import { counted, sorted, walk, type Slice } from './index-scan';
import { candidates, searchQueries } from './name-search';

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
  const search = query.pattern === null ? null : searchQueries(reading.sql, query.pattern);
  const short = query.pattern !== null && !isLonger(query.pattern, 2);
  const matching = async (limit: number): Promise<Source | null> => {
    const users = search && (await candidates(asking, search, limit));
    return users && ofThese(reading, users, query);
  };
  const some = short ? null : await matching(SEARCH_CROSSOVER);
  if (some) return sort(some);
  const soon = await walk(asking, query, slice, glanceOf(query, search !== null, short));
  if (soon) return soon;
  const many = await matching(MOST_CANDIDATES);
  if (many) return sort(many);
  if (query.roles) return sort(ofRoles(reading, query.roles));
  return (await walk(asking, query, slice)) ?? [];
}

/** Rows that a walk looks at before it is given up: all, where nothing else finds those users. */
function glanceOf({ roles }: UserQuery, isIndexed: boolean, isShort: boolean): number {
  if (!isIndexed && roles === null) return Infinity;
  return isShort && isIndexed ? SHORT_GLANCE : GLANCE;
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
  const count = (source: Source, wanted = query): Promise<number | null> =>
    counted(asking, source, wanted, EXACT_COUNT_LIMIT);
  // Whoever is of these roles need not be looked for in them once more.
  if (query.roles && members <= EXACT_COUNT_LIMIT)
    return count(ofRoles(reading, query.roles), { ...query, roles: null });
  if (total <= EXACT_COUNT_LIMIT) return count(ofAll(reading, total));
  if (query.pattern === null) return null;
  const search = searchQueries(reading.sql, query.pattern);
  const users = search && (await candidates(asking, search, SEARCH_CROSSOVER));
  return users && count(ofThese(reading, users, query));
}

/** Where so few may fit that they are better collected than walked for. */
function fewOf(reading: AsOfContext, { roles }: UserQuery, members: number): Source | null {
  const total = totalUsers(reading);
  if (roles && members <= CROSSOVER) return ofRoles(reading, roles);
  return total <= CROSSOVER && (lastUserNumber(reading) ?? 0) > total * SPARSE ? ofAll(reading, total) : null;
}

/** Numbers are given in order of registration, and nobody leaves: this is also the last number of the moment. */
function totalUsers(reading: AsOfContext): number {
  const { active, inactive } = reading.counts();
  return active + inactive;
}
