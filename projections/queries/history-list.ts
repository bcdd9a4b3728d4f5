import { BEFORE_FIRST, ordinalFrom, type Ordinal, type UserNumber, type WordNumber } from '../numbers';
import { actorWord, historyRows } from '../tables/history';
import { lastAt } from '../tables/timeline';
import { userNumber } from '../tables/users';
import { wordNumbers } from '../tables/words';
import { EXACT_COUNT_LIMIT, type HistoryFilter, type HistoryRow, type Page, type PageRequest } from '../view';
import type { Asking, AsOfContext } from './as-of-context';
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { deletionsOfRolesHeld, everywhere, grantsEnded, meet, posting, Union, type Places } from './postings';

/** Pages of history, newest first. Every filter has a list of ordinals of its own; several are intersected. */

const LIST = 'history';
/** Entries looked at most to count what several filters have in common. */
const COUNTED = 3 * EXACT_COUNT_LIMIT;
/** The list of what never occurred. */
const NOTHING = new Union([]);

/** The cursor that continues behind an event. */
export const historyCursor = (ordinal: number): string => encodeCursor(LIST, [ordinal]);

export async function listHistory(
  { reading, question }: Asking,
  filter: HistoryFilter,
  page: PageRequest,
): Promise<Page<HistoryRow>> {
  const after = decodeCursor<readonly [Ordinal]>(LIST, page.after, ['number']);
  const { from, to } = range(reading, filter);
  const lists = listsOf(reading, filter, page.first + 1);
  await question.looked(new Union(lists).fetched);
  const found: Ordinal[] = [];
  let at = after && after[0] <= to ? ordinalFrom(after[0], -1) : to;
  while (found.length <= page.first && (at = await meet(lists, at, question)) >= from) {
    found.push(at);
    at = ordinalFrom(at, -1);
  }
  await question.looked(found.length);
  return pageOf(
    historyRows(reading.sql, found).map((item) => ({ item, cursor: historyCursor(item.ordinal) })),
    page.first,
  );
}

/** Null above the limit, and where the lists meet so seldom that counting would take long. */
export async function countHistory(
  { reading, question }: Asking,
  filter: HistoryFilter,
): Promise<number | null> {
  const { from, to } = range(reading, filter);
  const lists = listsOf(reading, filter, 0);
  const all = new Union(lists);
  await question.looked(all.fetched);
  let count = 0;
  for (let at = to; (at = await meet(lists, at, question)) >= from; at = ordinalFrom(at, -1)) {
    count += 1;
    if (count > EXACT_COUNT_LIMIT || all.fetched > COUNTED) return null;
  }
  return count;
}

/** The ordinals of a span of time; from 1 at least. */
function range({ sql, at }: AsOfContext, { since, until }: HistoryFilter): { from: Ordinal; to: Ordinal } {
  const before = since ? lastAt(sql, at, { time: new Date(since.getTime() - 1) }) : BEFORE_FIRST;
  return { from: ordinalFrom(before, 1), to: until ? lastAt(sql, at, { time: until }) : at };
}

function listsOf(reading: AsOfContext, filter: HistoryFilter, expected: number): Places[] {
  const { role, user, permission, actor } = filter;
  const actors = actor == null ? [] : [actorWord(actor)];
  const types = filter.types == null ? [] : [...new Set(filter.types)];
  const words = wordNumbers(reading.sql, [...actors, ...types, ...(permission == null ? [] : [permission])]);
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
  if (role != null) {
    const number = reading.role(role)?.n ?? null;
    lists.push(number === null ? NOTHING : posting(reading, { column: 'role', value: number }, expected));
  }
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

const placesOfUser = (reading: AsOfContext, user: UserNumber, expected: number): Places =>
  new Union([
    posting(reading, { column: 'user', value: user }, expected),
    deletionsOfRolesHeld(reading, user),
  ]);

const placesOfPermission = (reading: AsOfContext, permission: WordNumber, expected: number): Places =>
  new Union([
    posting(reading, { column: 'permission', value: permission }, expected),
    grantsEnded(reading, permission, expected),
  ]);
