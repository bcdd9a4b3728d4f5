import { READS_SCHEMA } from '../../src/domain/schema-versions';
import type { Sql } from './sqlite/sql';

export { FIRST_SCHEMA } from '../../src/domain/schema-versions';

/**
 * The highest schema version among the events in the tables, so that an earlier release does not go on with tables that hold
 * what it would have stopped at. Left out while that is the first one.
 */
const KEY = 'schema';

/** Takes note that an event of this version is in the tables, in the transaction that is open. */
export function noteSchema(sql: Sql, schema: number): void {
  sql.run(
    `INSERT INTO meta (key, value) VALUES (?1, ?2)
     ON CONFLICT (key) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`,
    KEY,
    String(schema),
  );
}

/** True if this program reads all the events in the tables. */
export function isReadable(sql: Sql): boolean {
  const row = sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', KEY);
  return row === undefined || Number(row.value) <= READS_SCHEMA;
}
