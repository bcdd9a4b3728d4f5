import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { historyRow } from './history';
import type { Reading } from './reading';
import { NO_ACCOUNT } from './schema';
import { lastAt } from './time-line';
import { userNumber } from './users';
import {
  EXACT_COUNT_LIMIT,
  type HistoryFilter,
  type HistoryRow,
  type Ordinal,
  type Page,
  type PageRequest,
} from './view';

/**
 * Pages of history, newest first. Every filter has a list of ordinals of its own (an index); several are intersected
 * by leaping: each list in turn is asked for its last entry not after the place that the others reached.
 */

const LIST = 'history';

/** The last entry not after an ordinal; 0 where there is none. */
type Leap = (notAfter: Ordinal) => Ordinal;

export function listHistory(reading: Reading, filter: HistoryFilter, page: PageRequest): Page<HistoryRow> {
  const after = decodeCursor<readonly [number]>(LIST, page.after, ['number']);
  const { leaps, from, to } = plan(reading, filter);
  const found: Ordinal[] = [];
  let at = after ? Math.min(to, after[0] - 1) : to;
  while (found.length <= page.first && (at = meet(leaps, at, from)) > 0) found.push(at--);
  return pageOf(
    found.map((ordinal) => ({
      item: historyRow(reading.sql, ordinal),
      cursor: encodeCursor(LIST, [ordinal]),
    })),
    page.first,
  );
}

/** Null above the limit, and where the lists meet so seldom that counting would take long. */
export function countHistory(reading: Reading, filter: HistoryFilter): number | null {
  const { leaps, from, to } = plan(reading, filter);
  let left = EXACT_COUNT_LIMIT * 2;
  const budgeted = leaps.map(
    (leap): Leap =>
      (notAfter) =>
        left-- > 0 ? leap(notAfter) : 0,
  );
  let count = 0;
  for (let at = to; (at = meet(budgeted, at, from)) > 0; at--) count += 1;
  return left < 0 || count > EXACT_COUNT_LIMIT ? null : count;
}

/** The last ordinal not after `at` that is in every list; 0 where there is none from `from` on. */
function meet(leaps: readonly Leap[], at: Ordinal, from: Ordinal): Ordinal {
  let agreed = 0;
  for (let index = 0; agreed < leaps.length; index = (index + 1) % leaps.length) {
    const next = leaps[index]!(at);
    if (next < from || next === 0) return 0;
    agreed = next === at ? agreed + 1 : 1;
    at = next;
  }
  return at;
}

function plan(reading: Reading, filter: HistoryFilter): { leaps: Leap[]; from: Ordinal; to: Ordinal } {
  const { sql, account, at } = reading;
  const to = filter.until ? lastAt(sql, at, { time: filter.until }) : at;
  const before = filter.since && new Date(filter.since.getTime() - 1);
  const from = before ? lastAt(sql, at, { time: before }) + 1 : 1;
  const leaps: Leap[] = [];
  if (filter.role != null) leaps.push(leap(reading, 'role', reading.role(filter.role)?.n ?? -1));
  if (filter.user != null) leaps.push(leap(reading, 'user', userNumber(sql, account, filter.user) ?? -1));
  if (filter.permission != null) leaps.push(leap(reading, 'permission', reading.word(filter.permission)));
  if (filter.actor != null)
    leaps.push(latest(ACTOR_TYPES.map((type) => everywhere(reading, 'actor', `${type}:${filter.actor}`))));
  if (filter.types != null) leaps.push(latest(filter.types.map((type) => everywhere(reading, 'type', type))));
  // Every list above is part of the account's own, so that is asked only where there is no other.
  if (leaps.length === 0) leaps.push(latest([leapAll(reading, account), leapAll(reading, NO_ACCOUNT)]));
  return { leaps, from, to };
}

const ACTOR_TYPES = ['user', 'service', 'operator'] as const;

const latest =
  (leaps: readonly Leap[]): Leap =>
  (notAfter) =>
    leaps.reduce((found, each) => Math.max(found, each(notAfter)), 0);

/** In the account and among publications, which concern every account. */
const everywhere = (reading: Reading, column: 'actor' | 'type', text: string): Leap =>
  latest([leap(reading, column, reading.word(text)), leap(reading, column, reading.word(text), NO_ACCOUNT)]);

const leap =
  (
    { sql, account: own }: Reading,
    column: 'role' | 'user' | 'permission' | 'actor' | 'type',
    value: number,
    account: number = own,
  ): Leap =>
  (notAfter) =>
    sql.get<{ n: number }>(
      `SELECT n FROM history INDEXED BY history_by_${column}
       WHERE account = ? AND ${column} = ? AND n <= ? ORDER BY n DESC LIMIT 1`,
      account,
      value,
      notAfter,
    )?.n ?? 0;

const leapAll =
  ({ sql }: Reading, account: number): Leap =>
  (notAfter) =>
    sql.get<{ n: number }>(
      `SELECT n FROM history INDEXED BY history_by_account WHERE account = ? AND n <= ? ORDER BY n DESC LIMIT 1`,
      account,
      notAfter,
    )?.n ?? 0;
