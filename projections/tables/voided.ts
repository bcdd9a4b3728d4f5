import type { Position } from '../../src/event-store/port/event-store';
import type { VoidedRow } from './rows';
import type { Sql } from './sqlite/sql';
import type { TableWriter } from './table-writer';

/** Events that were declared void. */

export const addVoidedRow = ({ sql }: TableWriter, row: VoidedRow): void =>
  sql.run(
    'INSERT INTO voided (n, stream, revision, type, at, actor, host, reason, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    row.n,
    row.stream,
    row.revision,
    row.type,
    row.at,
    row.actor,
    row.host,
    row.reason,
    row.position,
  );

/** True if the tables hold the event at that revision of a stream as void. */
export const isMarked = (sql: Sql, { stream, revision }: Pick<VoidedRow, 'stream' | 'revision'>): boolean =>
  sql.get('SELECT 1 FROM voided WHERE stream = ? AND revision = ?', stream, revision) !== undefined;

/** Position of the last declaration that the tables include; null if no event is void. */
export function lastDeclaration(sql: Sql): Position | null {
  const position = sql.get<{ last: string | null }>(
    'SELECT CAST(max(position) AS TEXT) AS last FROM voided',
  )?.last;
  return position == null ? null : BigInt(position);
}
