import { isLonger } from '../../../src/domain/text';
import type { UserNumber } from '../../numbers';
import { lastUserNumber, serviceUsers } from '../../tables/users';
import { EXACT_COUNT_LIMIT, OrderNotAsOfError } from '../../view';
import { totalUsers, type Asking, type AsOfContext } from '../as-of-context';
import { isRecent } from '../changes-since';
import {
  EVERYBODY,
  isByValue,
  ofAll,
  ofRoles,
  ofThese,
  type Entry,
  type Source,
  type UserQuery,
} from './candidates';
import { candidates, searchFor } from './name-search';
import { counted, sorted, type Slice } from './sort';
import { Walk } from './walk';

/**
 * Choice of the cheaper plan for a query of users. A few matches are collected and sorted; many are found soon by
 * walking in order. The wrong plan costs a hundred times the right one, so a walk that finds nobody soon is put off, and
 * candidates are listed only up to what the walk is expected to take.
 */

/** Limit up to which users of roles, and users of a distant past, are collected. */
const CROSSOVER = 4_000;
/** The search index gives its candidates faster, and matches are adjacent where names start alike. */
const SEARCH_CROSSOVER = 12_000;
/** Limit of candidates: listing more takes longer than a turn of the event loop may. */
const MOST_CANDIDATES = 60_000;
/** Rows that a walk for a pattern reads before more candidates are listed. */
const FIRST_GLANCE = 700;
/** Candidates that are listed before there is any walk. */
const A_FEW_CANDIDATES = 250;
/** Rows that a walk reads before it is abandoned, where there is another plan. */
const GLANCE = 10_000;
const SHORT_GLANCE = 4_000;
/** Users of a role up to which all are sorted, whatever the order. */
const A_HANDFUL = 300;
/** Ratio of users now to users then above which those of the past are collected, not walked for. */
const SPARSE = 50;

/** The first matching users after a position. `members` is the number of memberships that the wanted roles have. */
export async function findUsers(
  asking: Asking,
  query: UserQuery,
  slice: Slice,
  members = Infinity,
): Promise<Entry[]> {
  if (isForNobody(query)) return [];
  const { reading } = asking;
  const sort = (source: Source): Promise<Entry[]> => sorted(asking, source, query, slice);
  const near = await nearMembers(asking, query, slice, members);
  if (near) return near;
  const few = fewOf(reading, query, members);
  if (few) return sort(few);
  if (!(await isTooLongAgo(asking, query))) return findByWalk(asking, query, slice, members);
  return sort((await matching(asking, query, MOST_CANDIDATES)) ?? allOf(reading, query, members));
}

/** The first of these users who match a query, whatever roles they have. */
export const findThese = async (
  asking: Asking,
  query: UserQuery,
  slice: Slice,
  users: readonly UserNumber[],
): Promise<Entry[]> =>
  users.length === 0
    ? []
    : sorted(asking, ofThese(asking.reading, users, NO_ROLES), { ...query, roles: null }, slice);

/** Number of these users who match a query, whatever roles they have. */
export const countThese = async (
  asking: Asking,
  query: UserQuery,
  users: readonly UserNumber[],
): Promise<number> =>
  (await counted(
    asking,
    ofThese(asking.reading, users, NO_ROLES),
    { ...query, roles: null },
    users.length,
  )) ?? 0;

const NO_ROLES = { roles: null };

/** The first matching users by a walk, or of those whom the search index or the roles name where that takes less. */
async function findByWalk(asking: Asking, query: UserQuery, slice: Slice, members: number): Promise<Entry[]> {
  const { reading } = asking;
  const { pattern, roles } = query;
  const sort = (source: Source): Promise<Entry[]> => sorted(asking, source, query, slice);
  const apart = roles === null ? 1 : totalUsers(reading) / members;
  const walk = new Walk(asking, query, slice, slice.count * apart);
  if (pattern !== null) {
    const isShort = !isLonger(pattern, 2);
    const few = isShort ? null : await matching(asking, query, A_FEW_CANDIDATES);
    if (few) return sort(few);
    const soon = await walk.goOn(FIRST_GLANCE);
    if (soon) return soon;
    const search = await searchFor(asking, pattern);
    const some = isShort ? null : await matching(asking, query, worthListing(walk), search);
    if (some) return sort(some);
    const later = await walk.goOn(glanceOf(query, search !== null));
    if (later) return later;
    const many = await matching(asking, query, MOST_CANDIDATES, search);
    if (many) return sort(many);
  } else {
    const soon = await walk.goOn(glanceOf(query, false));
    if (soon) return soon;
  }
  return roles ? sort(ofRoles(reading, roles)) : ((await walk.goOn()) ?? []);
}

/** Candidates for a pattern that take no longer to list than the walk is expected to go on. */
const worthListing = ({ expected }: Walk): number =>
  Math.min(Math.max(A_FEW_CANDIDATES, Math.ceil(expected)), SEARCH_CROSSOVER);

/** The users whom the search index names; null above a limit, without a pattern, and for one that it does not tell. */
async function matching(
  asking: Asking,
  query: UserQuery,
  limit: number,
  known?: readonly string[] | null,
): Promise<Source | null> {
  if (query.pattern === null) return null;
  const search = known === undefined ? await searchFor(asking, query.pattern) : known;
  const users = search && (await candidates(asking, search, limit));
  return users && ofThese(asking.reading, users, query);
}

/**
 * The first of the users of a role that is not large, by a walk; null where sorting all of them costs less, or where they turn
 * out to be far apart. In the order of their assignments they are next to each other.
 */
async function nearMembers(
  asking: Asking,
  query: UserQuery,
  slice: Slice,
  members: number,
): Promise<Entry[] | null> {
  const { roles, pattern, statuses, sort } = query;
  if (roles?.length !== 1 || pattern !== null || members <= A_HANDFUL || members > CROSSOVER) return null;
  const apart = sort.by === 'since' ? 1 : totalUsers(asking.reading) / members;
  const expected = slice.count * apart;
  if (sort.by !== 'since' && (statuses !== EVERYBODY || expected * 2 > members)) return null;
  // To read what changed since may not cost more than to sort.
  if (isByValue(sort) && !(await isRecent(asking, members))) return null;
  return new Walk(asking, query, slice, expected).goOn(sort.by === 'since' ? Infinity : expected * 4);
}

/** True of a moment that the indexes by value, which are of the present, do not tell. */
const isTooLongAgo = async (asking: Asking, { sort }: UserQuery): Promise<boolean> =>
  isByValue(sort) && !(await isRecent(asking));

/** True of a query that nobody meets, whatever the users are. */
const isForNobody = ({ pattern, roles }: UserQuery): boolean => pattern === '' || roles?.length === 0;

/**
 * All users who may fit, of a moment that is too long ago for the indexes of the present.
 * @throws OrderNotAsOfError if they are too many to be sorted
 */
function allOf(reading: AsOfContext, { roles }: UserQuery, members: number): Source {
  if (roles && members <= reading.mostChanges) return ofRoles(reading, roles);
  if (totalUsers(reading) > reading.mostChanges) throw new OrderNotAsOfError('too many users for this order');
  return ofAll(reading, totalUsers(reading));
}

/** Rows that a walk reads before it is abandoned: all, where nothing else finds those users. */
function glanceOf({ roles, pattern }: UserQuery, isIndexed: boolean): number {
  if (!isIndexed && roles === null) return Infinity;
  return isIndexed && pattern !== null && !isLonger(pattern, 2) ? SHORT_GLANCE : GLANCE;
}

/** The service users, where only these are wanted and they are few. */
function servicesOf(reading: AsOfContext, query: UserQuery): Source | null {
  if (query.kind !== 'SERVICE') return null;
  const users = serviceUsers(reading, CROSSOVER + 1);
  return users.length <= CROSSOVER ? ofThese(reading, users, query) : null;
}

/** Number of matching users; null above `EXACT_COUNT_LIMIT`, or if counting them would need a walk. */
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
  // All users of this source have one of the roles, so that condition is left out.
  if (query.roles && members <= EXACT_COUNT_LIMIT)
    return count(ofRoles(reading, query.roles), { ...query, roles: null });
  const services = servicesOf(reading, query);
  if (services) return count(services);
  if (total <= EXACT_COUNT_LIMIT) return count(ofAll(reading, total));
  if (query.pattern === null) return null;
  const search = await searchFor(asking, query.pattern);
  const users = search && (await candidates(asking, search, SEARCH_CROSSOVER));
  return users && count(ofThese(reading, users, query));
}

/** Source with so few possible matches that collecting them is cheaper than a walk; null if there is none. */
function fewOf(reading: AsOfContext, query: UserQuery, members: number): Source | null {
  const total = totalUsers(reading);
  const { roles } = query;
  if (roles && members <= CROSSOVER) return ofRoles(reading, roles);
  const services = servicesOf(reading, query);
  if (services) return services;
  return total <= CROSSOVER && (lastUserNumber(reading) ?? 0) > total * SPARSE ? ofAll(reading, total) : null;
}
