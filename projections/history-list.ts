import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { historyRows } from './history';
import { everywhere, meet, Posting, Union, type Places } from './postings';
import type { Reading } from './reading';
import { lastAt } from './time-line';
import { userNumber } from './user-rows';
import {
  EXACT_COUNT_LIMIT,
  type HistoryFilter,
  type HistoryRow,
  type Ordinal,
  type Page,
  type PageRequest,
} from './view';

/** Pages of history, newest first. Every filter has a list of ordinals of its own; several are intersected. */

const LIST = 'history';
/** Entries looked at most to count what several filters have in common. */
const COUNTED = 3 * EXACT_COUNT_LIMIT;
const ACTOR_TYPES = ['user', 'service', 'operator'] as const;

export function listHistory(reading: Reading, filter: HistoryFilter, page: PageRequest): Page<HistoryRow> {
  const after = decodeCursor<readonly [number]>(LIST, page.after, ['number']);
  const { from, to } = range(reading, filter);
  const lists = listsOf(reading, filter, page.first + 1);
  const found: Ordinal[] = [];
  let at = after ? Math.min(to, after[0] - 1) : to;
  while (found.length <= page.first && (at = meet(lists, at)) >= from) found.push(at--);
  return pageOf(
    historyRows(reading.sql, found).map((item) => ({ item, cursor: encodeCursor(LIST, [item.ordinal]) })),
    page.first,
  );
}

/** Null above the limit, and where the lists meet so seldom that counting would take long. */
export function countHistory(reading: Reading, filter: HistoryFilter): number | null {
  const { from, to } = range(reading, filter);
  const lists = listsOf(reading, filter, 0);
  const all = new Union(lists);
  let count = 0;
  for (let at = to; (at = meet(lists, at)) >= from; at--) {
    count += 1;
    if (count > EXACT_COUNT_LIMIT || all.fetched > COUNTED) return null;
  }
  return count;
}

/** The ordinals of a span of time; from 1 at least. */
function range({ sql, at }: Reading, { since, until }: HistoryFilter): { from: Ordinal; to: Ordinal } {
  const before = since ? lastAt(sql, at, { time: new Date(since.getTime() - 1) }) : 0;
  return { from: before + 1, to: until ? lastAt(sql, at, { time: until }) : at };
}

function listsOf(reading: Reading, filter: HistoryFilter, expected: number): Places[] {
  const { sql, account } = reading;
  const lists: Places[] = [];
  const add = (column: 'role' | 'user' | 'permission', value: number | null | undefined): unknown =>
    lists.push(new Posting(sql, column, account, value ?? -1, expected));
  if (filter.role != null) add('role', reading.role(filter.role)?.n);
  if (filter.user != null) add('user', userNumber(sql, account, filter.user));
  if (filter.permission != null) add('permission', reading.word(filter.permission));
  if (filter.actor != null) {
    const words = ACTOR_TYPES.map((type) => reading.word(`${type}:${filter.actor}`));
    lists.push(new Union(words.map((word) => everywhere(sql, 'actor', account, word, expected))));
  }
  if (filter.types != null) {
    const words = [...new Set(filter.types)].map((type) => reading.word(type));
    lists.push(new Union(words.map((word) => everywhere(sql, 'type', account, word, expected))));
  }
  // Every list above is a part of the account's own, so that is asked only where there is no other.
  if (lists.length === 0) lists.push(everywhere(sql, 'account', account, undefined, expected));
  return lists;
}
