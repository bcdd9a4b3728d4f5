import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { wordNumbers } from '../tables/grants';
import { actorWord, historyRows } from '../reducers/history';
import { deletionsOfRolesHeld, everywhere, grantsEnded, meet, posting, Union, type Places } from './postings';
import type { Asking, AsOfContext } from './as-of-context';
import { lastAt } from '../tables/timeline';
import { userNumber } from '../tables/user-rows';
import {
  EXACT_COUNT_LIMIT,
  type HistoryFilter,
  type HistoryRow,
  type Ordinal,
  type Page,
  type PageRequest,
} from '../view';

/** Pages of history, newest first. Every filter has a list of ordinals of its own; several are intersected. */

const LIST = 'history';
/** Entries looked at most to count what several filters have in common. */
const COUNTED = 3 * EXACT_COUNT_LIMIT;
/** The number of what never occurred: no row has it. */
const NONE = -1;

export async function listHistory(
  { reading, question }: Asking,
  filter: HistoryFilter,
  page: PageRequest,
): Promise<Page<HistoryRow>> {
  const after = decodeCursor<readonly [number]>(LIST, page.after, ['number']);
  const { from, to } = range(reading, filter);
  const lists = listsOf(reading, filter, page.first + 1);
  await question.looked(new Union(lists).fetched);
  const found: Ordinal[] = [];
  let at = after ? Math.min(to, after[0] - 1) : to;
  while (found.length <= page.first && (at = await meet(lists, at, question)) >= from) found.push(at--);
  await question.looked(found.length);
  return pageOf(
    historyRows(reading.sql, found).map((item) => ({ item, cursor: encodeCursor(LIST, [item.ordinal]) })),
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
  for (let at = to; (at = await meet(lists, at, question)) >= from; at--) {
    count += 1;
    if (count > EXACT_COUNT_LIMIT || all.fetched > COUNTED) return null;
  }
  return count;
}

/** The ordinals of a span of time; from 1 at least. */
function range({ sql, at }: AsOfContext, { since, until }: HistoryFilter): { from: Ordinal; to: Ordinal } {
  const before = since ? lastAt(sql, at, { time: new Date(since.getTime() - 1) }) : 0;
  return { from: before + 1, to: until ? lastAt(sql, at, { time: until }) : at };
}

function listsOf(reading: AsOfContext, filter: HistoryFilter, expected: number): Places[] {
  const { sql, account } = reading;
  const { role, user, permission, actor } = filter;
  const actors = actor == null ? [] : [actorWord(actor)];
  const types = filter.types == null ? [] : [...new Set(filter.types)];
  const words = wordNumbers(sql, [...actors, ...types, ...(permission == null ? [] : [permission])]);
  const lists: Places[] = [];
  const add = (column: 'role' | 'user' | 'permission', value: number): Places =>
    posting(sql, column, account, value, expected);
  const addAny = (column: 'actor' | 'type', texts: readonly string[]): unknown =>
    lists.push(
      new Union(texts.map((text) => everywhere(sql, column, account, words.get(text) ?? NONE, expected))),
    );
  if (role != null) lists.push(add('role', reading.role(role)?.n ?? NONE));
  if (user != null) {
    const number = userNumber(sql, account, user) ?? NONE;
    lists.push(new Union([add('user', number), deletionsOfRolesHeld(sql, account, number)]));
  }
  if (permission != null) {
    const word = words.get(permission) ?? NONE;
    lists.push(new Union([add('permission', word), grantsEnded(sql, account, word, expected)]));
  }
  if (actor != null) addAny('actor', actors);
  if (filter.types != null) addAny('type', types);
  // Every list above is a part of the account's own, so that is asked only where there is no other.
  if (lists.length === 0) lists.push(everywhere(sql, 'account', account, undefined, expected));
  return lists;
}
