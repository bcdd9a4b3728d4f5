import type { HistoryNumber } from '../../src/shared/position-codec';
import {
  BEFORE_FIRST,
  lastPlaceOf,
  mirrored,
  NOWHERE,
  ordinalFrom,
  placeBefore,
  placeFrom,
  placeOf,
  type HistoryPlace,
  type Ordinal,
  type UserNumber,
  type WordNumber,
} from '../numbers';
import { actorWord, historyRows, placesInHistory } from '../tables/history';
import { lastAt } from '../tables/timeline';
import { userNumber } from '../tables/users';
import { wordNumbers } from '../tables/words';
import { EXACT_COUNT_LIMIT, type HistoryFilter, type HistoryRow, type Page, type PageRequest } from '../view';
import type { Asking, AsOfContext, RoleAt } from './as-of-context';
import { decodeCursor, encodeCursor, pageOf, walkOf } from './cursor';
import {
  changesPublished,
  deletionsOfRolesHeld,
  everywhere,
  grantsEnded,
  meet,
  posting,
  Union,
  type Places,
  type Postings,
} from './postings';

/**
 * Pages of history, newest first. Every filter has a list of places of its own; several are intersected. What publications
 * changed is in every account's history, those before it was opened too: they made the default roles that it began with.
 */

const LIST = 'history';
/** Entries read at most to count the intersection of several filters. */
export const COUNTED = 3 * EXACT_COUNT_LIMIT;
/** The list of a value that never occurred. */
const NOTHING = new Union([]);

/**
 * The cursor that continues behind an entry. Without a part for an event as a whole: cursors of releases that knew no
 * parts go on being valid.
 */
export const historyCursor = ({ ordinal, part }: HistoryNumber): string =>
  encodeCursor(LIST, part === 0 ? [ordinal] : [ordinal, part]);

type Cursor = readonly [Ordinal] | readonly [Ordinal, number];

function placeIn(cursor: string): HistoryPlace {
  const [ordinal, part] = decodeCursor<Cursor>(LIST, cursor, ['number', 'number'], 1)!;
  return placeOf(ordinal, part);
}

export async function listHistory(
  { reading, question }: Asking,
  filter: HistoryFilter,
  page: PageRequest,
): Promise<Page<HistoryRow>> {
  // Along the list places fall.
  const walk = walkOf(page, placeIn, (place, by) => placeFrom(place, by === 1 ? -1 : 1));
  const sense = walk.backward ? -1 : 1;
  const { from, to, lists } = await historyWalk({ reading, question }, filter, {
    sense,
    expected: walk.size + 1,
  });
  const start = walk.start === null ? null : mirrored(walk.start, sense);
  const end = walk.end === null ? NOWHERE : mirrored(walk.end, sense);
  const [first, last] = sense === 1 ? [to, from] : [mirrored(from, sense), mirrored(to, sense)];
  const found: HistoryPlace[] = [];
  let at = start === null ? first : least(first, placeBefore(start));
  while (found.length <= walk.size && (at = await meet(lists, at, question)) >= last) {
    if (at <= end) break;
    found.push(mirrored(at, sense));
    at = placeBefore(at);
  }
  const rows = await question.step(
    () => historyRows(reading.sql, found),
    () => found.length,
  );
  return pageOf(
    walk,
    rows.map((item) => ({ item, cursor: historyCursor(item) })),
  );
}

/** Entries by number, in the order asked; null for a number that the account’s history does not have at the ordinal. */
export function historyEntries(
  reading: AsOfContext,
  numbers: readonly HistoryNumber[],
): readonly (HistoryRow | null)[] {
  const found = new Map(
    historyRows(reading.sql, placesInHistory(reading, numbers)).map((row) => [
      `${row.ordinal}.${row.part}`,
      row,
    ]),
  );
  return numbers.map(({ ordinal, part }) => found.get(`${ordinal}.${part}`) ?? null);
}

const least = (a: HistoryPlace, b: HistoryPlace): HistoryPlace => (a < b ? a : b);

/** Null above the limit, and where the lists meet so seldom that counting would take long. */
export async function countHistory(asking: Asking, filter: HistoryFilter): Promise<number | null> {
  const { question } = asking;
  const { from, to, lists } = await historyWalk(asking, filter, { sense: 1, expected: 0 });
  const all = new Union(lists);
  let count = 0;
  for (let at = to; (at = await meet(lists, at, question)) >= from; at = placeBefore(at)) {
    count += 1;
    if (count > EXACT_COUNT_LIMIT || all.fetched > COUNTED) return null;
  }
  return count;
}

/** The places of a filter: where they begin and end, and lists that they are all in. */
export type HistoryWalk = ReturnType<typeof range> & { readonly lists: readonly Places[] };

/** Reads where a filter begins and ends, and its lists. */
export const historyWalk = (
  { reading, question }: Asking,
  filter: HistoryFilter,
  walk: Pick<Postings, 'sense' | 'expected'>,
): Promise<HistoryWalk> =>
  question.step(
    () => ({ ...range(reading, filter), lists: listsOf(reading, filter, walk) }),
    ({ lists }) => new Union(lists).fetched,
  );

/** The places of a span of time; from that of the first event at least. */
export function range(
  { sql, at }: AsOfContext,
  { since, until }: Pick<HistoryFilter, 'since' | 'until'>,
): { from: HistoryPlace; to: HistoryPlace } {
  const before = since ? lastAt(sql, at, { time: new Date(since.getTime() - 1) }) : BEFORE_FIRST;
  const last = until ? lastAt(sql, at, { time: until }) : at;
  return { from: placeOf(ordinalFrom(before, 1)), to: lastPlaceOf(last) };
}

function listsOf(
  reading: AsOfContext,
  filter: HistoryFilter,
  { sense, expected }: Pick<Postings, 'sense' | 'expected'>,
): Places[] {
  const { sql, account } = reading;
  const postings: Postings = { sql, account, sense, expected };
  const { role, user, permission, actor } = filter;
  const actors = actor == null ? [] : [actorWord(actor)];
  const types = filter.types == null ? [] : [...new Set(filter.types)];
  const keys = [role, permission].filter((key) => key != null);
  const words = wordNumbers(sql, [...actors, ...types, ...keys]);
  const lists: Places[] = [];
  const addAny = (column: 'actor' | 'type', texts: readonly string[]): unknown =>
    lists.push(
      new Union(
        texts.map((text) => {
          const word = words.get(text);
          return word === undefined ? NOTHING : everywhere(postings, { column, value: word });
        }),
      ),
    );
  if (role != null) lists.push(placesOfRole(postings, reading.role(role), words.get(role)));
  if (user != null) {
    const number = userNumber(reading, user);
    lists.push(number === undefined ? NOTHING : placesOfUser(postings, number));
  }
  if (permission != null) {
    const word = words.get(permission);
    lists.push(word === undefined ? NOTHING : placesOfPermission(postings, word));
  }
  if (actor != null) addAny('actor', actors);
  if (filter.types != null) addAny('type', types);
  // Every list above is a part of the account's own, so that is asked only where there is no other.
  if (lists.length === 0) lists.push(everywhere(postings, { column: 'account' }));
  return lists;
}

/** `key`: the number of the role's key; undefined where no publication ever changed a role of that key. */
function placesOfRole(reading: Postings, role: RoleAt | undefined, key: WordNumber | undefined): Places {
  const parts: Places[] = [];
  if (role?.n != null) parts.push(posting(reading, { column: 'role', value: role.n }));
  if (role?.fact === null && key !== undefined)
    parts.push(changesPublished(reading, { column: 'role', value: key }));
  return new Union(parts);
}

const placesOfUser = (reading: Postings, user: UserNumber): Places =>
  new Union([posting(reading, { column: 'user', value: user }), deletionsOfRolesHeld(reading, user)]);

const placesOfPermission = (reading: Postings, permission: WordNumber): Places =>
  new Union([
    posting(reading, { column: 'permission', value: permission }),
    grantsEnded(reading, permission),
    changesPublished(reading, { column: 'permission', value: permission }),
  ]);
