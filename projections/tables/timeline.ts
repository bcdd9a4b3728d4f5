import type { Position } from '../../src/event-store/port/event-store';
import { AFTER_LAST, BEFORE_FIRST, type Ordinal } from '../numbers';
import { UnknownPositionError, type AsOf, type Pin } from '../view';
import type { MomentRow } from './rows';
import type { Sql } from './sqlite/sql';
import { uuidBytes, uuidText } from './sqlite/uuid';
import type { TableWriter } from './table-writer';

/** The time line: log position and time of every ordinal. Its last row is the checkpoint. */

export interface Checkpoint {
  readonly ordinal: Ordinal;
  readonly position: Position;
  /** Running maximum of `recordedAt`, in milliseconds. */
  readonly time: number;
  readonly eventId: string;
}

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

/** Clocks never order events, so time does not advance while a writer's clock is behind. Returns the new time. */
export function addMoment(
  { moments }: TableWriter,
  { ordinal, position, at, complete, id }: Moment,
  time: number,
): number {
  // A first event without a time gets the epoch.
  const now = Math.max(time, at ?? 0);
  moments.add(ordinal, position, now, complete ? 1 : 0, uuidBytes(id));
  return now;
}

type Row = Pick<MomentRow, 'n' | 'time' | 'event'> & { readonly position: string };
const ROW = 'SELECT n, CAST(position AS TEXT) AS position, time, event FROM moment';

export function readCheckpoint(sql: Sql): Checkpoint | null {
  const row = sql.get<Row>(`${ROW} ORDER BY n DESC LIMIT 1`);
  return row
    ? { ordinal: row.n, position: BigInt(row.position), time: row.time, eventId: uuidText(row.event) }
    : null;
}

/** A checkpoint is the end of an append. */
export const pinAt = ({ ordinal, position, time }: Checkpoint): Pin => ({
  ordinal,
  position,
  time: new Date(time),
});

const START: Pin = { ordinal: BEFORE_FIRST, position: null, time: null };

/** Resolves the time or position of a query to a row, rounded down to the end of an append. */
export function resolve(sql: Sql, asOf: AsOf | null | undefined): Pin {
  const last = endOfAppend(sql, AFTER_LAST);
  if (!asOf) return last;
  if ('position' in asOf && (last.position === null || asOf.position > last.position)) {
    throw new UnknownPositionError(`position ${asOf.position} is beyond what this replica has seen`);
  }
  return endOfAppend(sql, lastAt(sql, last.ordinal, asOf));
}

/** The last event up to an ordinal that ends an append. An append has some thousand at most: a short walk back. */
function endOfAppend(sql: Sql, ordinal: Ordinal): Pin {
  const row = sql.get<Row>(`${ROW} WHERE n <= ? AND complete = 1 ORDER BY n DESC LIMIT 1`, ordinal);
  return row ? { ordinal: row.n, position: BigInt(row.position), time: new Date(row.time) } : START;
}

/** The last ordinal that is not after a position or a time. Both only grow, so they need no index. */
export function lastAt(sql: Sql, last: Ordinal, asOf: AsOf): Ordinal {
  const column = 'position' in asOf ? 'position' : 'time';
  const limit = 'position' in asOf ? asOf.position : BigInt(asOf.time.getTime());
  let low: number = BEFORE_FIRST;
  let high: number = last;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const row = sql.get<{ value: string }>(
      `SELECT CAST(${column} AS TEXT) AS value FROM moment WHERE n = ?`,
      middle,
    );
    if (row && BigInt(row.value) <= limit) low = middle;
    else high = middle - 1;
  }
  return low as Ordinal;
}

/** Position and event id at an ordinal. */
export function momentAt(
  sql: Sql,
  ordinal: Ordinal,
): { readonly position: Position; readonly eventId: string } | null {
  const row = sql.get<Row>(`${ROW} WHERE n = ?`, ordinal);
  return row ? { position: BigInt(row.position), eventId: uuidText(row.event) } : null;
}
