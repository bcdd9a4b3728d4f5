import type { Position } from '../../src/event-store/port/event-store';
import { AFTER_LAST, BEFORE_FIRST, ordinalFrom, type AccountNumber, type Ordinal } from '../numbers';
import type { FeedEntry } from '../feed-reads';
import { UnknownPositionError, type Append, type AsOf, type Pin, type Place, type Sought } from '../view';
import { accountNumber } from './accounts';
import { ordinalOfEvent } from './event-parts';
import { isInHistory } from './history';
import type { AccountRow, Flag, MomentRow } from './rows';
import { EVERY_ACCOUNT } from './schema';
import type { Sql } from './sqlite/sql';
import { uuidBytes, uuidText } from './sqlite/uuid';
import type { TableWriter } from './table-writer';

/** The time line: log position and time of every ordinal, and whose feed has it. Its last row is the checkpoint. */

/** The place that tables have come to: that of their last event. */
export type Checkpoint = Place;

/** An event in the form that the time line needs. */
export interface Moment {
  readonly ordinal: Ordinal;
  readonly position: Position;
  readonly id: string;
  /** Time at which it was recorded, in milliseconds; null if it is not to be trusted. */
  readonly at: number | null;
  /** True if it is the last of its append. */
  readonly complete: boolean;
}

/**
 * Clocks never order events, so time does not advance while a writer's clock is behind. `account`: the one whose feed has the
 * event. Returns the new time.
 */
export function addMoment(
  { moments }: TableWriter,
  { ordinal, position, at, complete, id }: Moment,
  time: number,
  account: AccountNumber,
): number {
  // A first event without a time gets the epoch.
  const now = Math.max(time, at ?? 0);
  moments.add(ordinal, position, now, complete ? 1 : 0, uuidBytes(id), account);
  return now;
}

type Row = Pick<MomentRow, 'n' | 'time' | 'event'> & { readonly position: string };
const ROW = 'SELECT n, CAST(position AS TEXT) AS position, time, event FROM moment';

export function readCheckpoint(sql: Sql): Checkpoint | null {
  const row = sql.get<Row>(`${ROW} ORDER BY n DESC LIMIT 1`);
  return row ? placeOfRow(row) : null;
}

const placeOfRow = ({ n, position, time, event }: Row): Place => ({
  ordinal: n,
  position: BigInt(position),
  time,
  eventId: uuidText(event),
});

/** A checkpoint is the end of an append. */
export const pinAt = ({ ordinal, position, time }: Checkpoint): Pin => ({
  ordinal,
  position,
  time: new Date(time),
});

/** The first event from an ordinal on that ends an append. */
const endFrom = (sql: Sql, ordinal: Ordinal): Pin =>
  pinOf(sql.get<Row>(`${ROW} WHERE n >= ? AND complete = 1 ORDER BY n LIMIT 1`, ordinal));

const pinOf = (row: Row | undefined): Pin =>
  row ? { ordinal: row.n, position: BigInt(row.position), time: new Date(row.time) } : START;

const START: Pin = { ordinal: BEFORE_FIRST, position: null, time: null };

/** Resolves the time, position or event of a query to the end of an append: of an event to that of its own. */
export function resolve(sql: Sql, asOf: AsOf | null | undefined): Pin {
  const last = endOfAppend(sql, AFTER_LAST);
  if (!asOf) return last;
  if ('showing' in asOf) {
    if (asOf.showing > last.ordinal) throw new UnknownPositionError();
    return endFrom(sql, asOf.showing);
  }
  if ('ordinal' in asOf) {
    if (asOf.ordinal > last.ordinal) throw new UnknownPositionError();
    return endOfAppend(sql, asOf.ordinal);
  }
  if ('position' in asOf && (last.position === null || asOf.position > last.position))
    throw new UnknownPositionError();
  return endOfAppend(sql, lastAt(sql, last.ordinal, asOf));
}

/** The last event up to an ordinal that ends an append. An append has some thousand at most: a short walk back. */
const endOfAppend = (sql: Sql, ordinal: Ordinal): Pin =>
  pinOf(sql.get<Row>(`${ROW} WHERE n <= ? AND complete = 1 ORDER BY n DESC LIMIT 1`, ordinal));

/** The last ordinal that is not after a position or a time. Both only grow, so they need no index. */
export function lastAt(
  sql: Sql,
  last: Ordinal,
  asOf: { readonly time: Date } | { readonly position: Position },
): Ordinal {
  const column = 'position' in asOf ? 'position' : 'time';
  const limit = 'position' in asOf ? asOf.position : BigInt(asOf.time.getTime());
  const isUpTo = (ordinal: number): boolean => {
    const row = sql.get<{ value: string }>(
      `SELECT CAST(${column} AS TEXT) AS value FROM moment WHERE n = ?`,
      ordinal,
    );
    return row !== undefined && BigInt(row.value) <= limit;
  };
  let low: number = last;
  let high: number = last;
  // A mutation asks for what it has just written: the first steps back from the end are small.
  for (let step = 1; low > BEFORE_FIRST && !isUpTo(low); step *= 2) {
    high = low - 1;
    low = Math.max(BEFORE_FIRST, low - step);
  }
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isUpTo(middle)) low = middle;
    else high = middle - 1;
  }
  return low as Ordinal;
}

/** The place at an ordinal. */
export function placeAt(sql: Sql, ordinal: Ordinal): Place | null {
  const row = sql.get<Row>(`${ROW} WHERE n = ?`, ordinal);
  return row ? placeOfRow(row) : null;
}

/** The place of an event, however it is named; null where these tables do not hold it. */
export function findPlace(sql: Sql, sought: Sought): Place | null {
  if (typeof sought === 'number') return placeAt(sql, sought);
  const last = readCheckpoint(sql)?.ordinal ?? BEFORE_FIRST;
  if (typeof sought === 'bigint') {
    const place = placeAt(sql, lastAt(sql, last, { position: sought }));
    return place?.position === sought ? place : null;
  }
  const ordinal = 'entry' in sought ? sought.entry : ordinalOfEvent(sql, last, uuidBytes(sought.event));
  if (ordinal === null) return null;
  if (sought.account !== null && !isInHistory(sql, ordinal, accountNumber(sql, sought.account))) return null;
  return placeAt(sql, ordinal);
}

/** A feed, and the part of it that is asked for. */
export interface FeedPart {
  /** Null: everything, for operators. */
  readonly account: AccountNumber | null;
  /** Exclusive. */
  readonly after: Ordinal;
  /** Inclusive. */
  readonly upTo: Ordinal;
  readonly limit: number;
}

type FeedRow = Pick<MomentRow, 'n' | 'time' | 'event' | 'account'> & {
  readonly position: string;
  /** Position of the event before it; null for the first. */
  readonly before: string | null;
  readonly id: AccountRow['id'] | null;
  readonly isVoid: Flag;
};

const OF_ALL = 'SELECT n FROM moment WHERE n > ? AND n <= ? ORDER BY n LIMIT ?';
const OF_ONE = 'SELECT n FROM moment WHERE account = ? AND n > ? AND n <= ? ORDER BY n LIMIT ?';
/** Each list is cut by itself, so that no more is read than is given out of either. */
const OF_BOTH = `SELECT n FROM (SELECT * FROM (${OF_ONE}) UNION ALL SELECT * FROM (${OF_ONE})) ORDER BY n LIMIT ?`;

const rowsOf = (chosen: string): string =>
  `SELECT m.n, CAST(m.position AS TEXT) AS position, m.time, m.event, m.account, a.id,
     (SELECT CAST(p.position AS TEXT) FROM moment p WHERE p.n = m.n - 1) AS before,
     EXISTS (SELECT 1 FROM voided v WHERE v.n = m.n) AS isVoid
   FROM (${chosen}) chosen CROSS JOIN moment m ON m.n = chosen.n LEFT JOIN account a ON a.n = m.account ORDER BY m.n`;
const ROWS_OF_ALL = rowsOf(OF_ALL);
const ROWS_OF_BOTH = rowsOf(OF_BOTH);

/** Entries of a feed, oldest first, without their numbers. */
export function feedRows(
  sql: Sql,
  { account, after, upTo, limit }: FeedPart,
): (Omit<FeedEntry, 'number'> & { readonly of: AccountNumber })[] {
  const rows =
    account === null
      ? sql.all<FeedRow>(ROWS_OF_ALL, after, upTo, limit)
      : sql.all<FeedRow>(
          ROWS_OF_BOTH,
          ...[account, after, upTo, limit],
          ...[EVERY_ACCOUNT, after, upTo, limit],
          limit,
        );
  return rows.map(({ n, position, time, event, account: of, id, before, isVoid }) => ({
    ordinal: n,
    position: BigInt(position),
    time,
    eventId: uuidText(event),
    before: before === null ? null : BigInt(before),
    owner:
      of === EVERY_ACCOUNT ? { kind: 'catalogue' } : id === null ? { kind: 'log' } : { kind: 'account', id },
    isVoid: isVoid === 1,
    of,
  }));
}

/** Number of events of one owner after an ordinal and up to another. */
export const countFeed = (sql: Sql, of: AccountNumber, after: Ordinal, upTo: Ordinal): number =>
  sql.get<{ count: number }>(
    'SELECT count(*) AS count FROM moment WHERE account = ? AND n > ? AND n <= ?',
    of,
    after,
    upTo,
  )?.count ?? 0;

/** True if an event is in the feed of an account; null: of everything. */
export const isInFeed = (sql: Sql, ordinal: Ordinal, account: AccountNumber | null): boolean =>
  account === null ||
  ordinal === BEFORE_FIRST ||
  sql.get('SELECT 1 FROM moment WHERE n = ? AND account IN (?, ?)', ordinal, account, EVERY_ACCOUNT) !==
    undefined;

/** The append that an event belongs to. One has some thousand events at most: a short walk either way. */
export function appendAround(sql: Sql, ordinal: Ordinal): Append {
  const row = sql.get<{ before: Ordinal | null; last: Ordinal | null }>(
    `SELECT (SELECT n FROM moment WHERE n < ?1 AND complete = 1 ORDER BY n DESC LIMIT 1) AS before,
       (SELECT n FROM moment WHERE n >= ?1 AND complete = 1 ORDER BY n LIMIT 1) AS last`,
    ordinal,
  );
  return { first: ordinalFrom(row?.before ?? BEFORE_FIRST, 1), last: row?.last ?? ordinal };
}
