import type { HistoryNumber } from '../../src/shared/position-codec';
import {
  BEFORE_FIRST,
  lastPlaceOf,
  ordinalFrom,
  placeBefore,
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
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import {
  changesPublished,
  deletionsOfRolesHeld,
  everywhere,
  grantsEnded,
  meet,
  posting,
  Union,
  type Places,
} from './postings';

/**
 * Pages of history, newest first. Every filter has a list of places of its own; several are intersected. What publications
 * changed is in every account's history, those before it was opened too: they made the default roles that it began with.
 */

const LIST = 'history';
/** Entries read at most to count the intersection of several filters. */
const COUNTED = 3 * EXACT_COUNT_LIMIT;
/** The list of a value that never occurred. */
const NOTHING = new Union([]);

/**
 * The cursor that continues behind an entry. Without a part for an event as a whole: cursors of releases that knew no
 * parts go on being valid.
 */
export const historyCursor = ({ ordinal, part }: HistoryNumber): string =>
  encodeCursor(LIST, part === 0 ? [ordinal] : [ordinal, part]);

export async function listHistory(
  { reading, question }: Asking,
  filter: HistoryFilter,
  page: PageRequest,
): Promise<Page<HistoryRow>> {
  const after = decodeCursor<readonly [Ordinal] | readonly [Ordinal, number]>(
    LIST,
    page.after,
    ['number', 'number'],
    1,
  );
  const { from, to, lists } = await begin({ reading, question }, filter, page.first + 1);
  const found: HistoryPlace[] = [];
  const behind = after ? placeBefore(placeOf(after[0], after[1])) : to;
  let at = behind < to ? behind : to;
  while (found.length <= page.first && (at = await meet(lists, at, question)) >= from) {
    found.push(at);
    at = placeBefore(at);
  }
  const rows = await question.step(
    () => historyRows(reading.sql, found),
    () => found.length,
  );
  return pageOf(
    rows.map((item) => ({ item, cursor: historyCursor(item) })),
    page.first,
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

/** Null above the limit, and where the lists meet so seldom that counting would take long. */
export async function countHistory(asking: Asking, filter: HistoryFilter): Promise<number | null> {
  const { question } = asking;
  const { from, to, lists } = await begin(asking, filter, 0);
  const all = new Union(lists);
  let count = 0;
  for (let at = to; (at = await meet(lists, at, question)) >= from; at = placeBefore(at)) {
    count += 1;
    if (count > EXACT_COUNT_LIMIT || all.fetched > COUNTED) return null;
  }
  return count;
}

/** Reads where a filter begins and ends, and its lists. `expected`: number of entries wanted, as far as known. */
const begin = (
  { reading, question }: Asking,
  filter: HistoryFilter,
  expected: number,
): Promise<ReturnType<typeof range> & { readonly lists: readonly Places[] }> =>
  question.step(
    () => ({ ...range(reading, filter), lists: listsOf(reading, filter, expected) }),
    ({ lists }) => new Union(lists).fetched,
  );

/** The places of a span of time; from that of the first event at least. */
function range(
  { sql, at }: AsOfContext,
  { since, until }: HistoryFilter,
): { from: HistoryPlace; to: HistoryPlace } {
  const before = since ? lastAt(sql, at, { time: new Date(since.getTime() - 1) }) : BEFORE_FIRST;
  const last = until ? lastAt(sql, at, { time: until }) : at;
  return { from: placeOf(ordinalFrom(before, 1)), to: lastPlaceOf(last) };
}

function listsOf(reading: AsOfContext, filter: HistoryFilter, expected: number): Places[] {
  const { role, user, permission, actor } = filter;
  const actors = actor == null ? [] : [actorWord(actor)];
  const types = filter.types == null ? [] : [...new Set(filter.types)];
  const keys = [role, permission].filter((key) => key != null);
  const words = wordNumbers(reading.sql, [...actors, ...types, ...keys]);
  const lists: Places[] = [];
  const addAny = (column: 'actor' | 'type', texts: readonly string[]): unknown =>
    lists.push(
      new Union(
        texts.map((text) => {
          const word = words.get(text);
          return word === undefined ? NOTHING : everywhere(reading, { column, value: word }, expected);
        }),
      ),
    );
  if (role != null) lists.push(placesOfRole(reading, reading.role(role), words.get(role), expected));
  if (user != null) {
    const number = userNumber(reading, user);
    lists.push(number === undefined ? NOTHING : placesOfUser(reading, number, expected));
  }
  if (permission != null) {
    const word = words.get(permission);
    lists.push(word === undefined ? NOTHING : placesOfPermission(reading, word, expected));
  }
  if (actor != null) addAny('actor', actors);
  if (filter.types != null) addAny('type', types);
  // Every list above is a part of the account's own, so that is asked only where there is no other.
  if (lists.length === 0) lists.push(everywhere(reading, { column: 'account' }, expected));
  return lists;
}

/** `key`: the number of the role's key; undefined where no publication ever changed a role of that key. */
function placesOfRole(
  reading: AsOfContext,
  role: RoleAt | undefined,
  key: WordNumber | undefined,
  expected: number,
): Places {
  const parts: Places[] = [];
  if (role?.n != null) parts.push(posting(reading, { column: 'role', value: role.n }, expected));
  if (role?.fact === null && key !== undefined)
    parts.push(changesPublished(reading, { column: 'role', value: key }, expected));
  return new Union(parts);
}

const placesOfUser = (reading: AsOfContext, user: UserNumber, expected: number): Places =>
  new Union([
    posting(reading, { column: 'user', value: user }, expected),
    deletionsOfRolesHeld(reading, user),
  ]);

const placesOfPermission = (reading: AsOfContext, permission: WordNumber, expected: number): Places =>
  new Union([
    posting(reading, { column: 'permission', value: permission }, expected),
    grantsEnded(reading, permission, expected),
    changesPublished(reading, { column: 'permission', value: permission }, expected),
  ]);
