import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DIGESTED, PROJECTIONS_VERSION } from '../tables/schema';
import { openReader } from '../tables/sqlite/sql';

const ROWS_PER_TURN = 1_000;

/** Version of the tables: digests of two versions differ, whatever was projected. */
export const TABLES_VERSION: string = PROJECTIONS_VERSION;

/**
 * A digest of every row, `<ordinal>:<SHA-256>`: the same on every replica at the same event, and on a rebuilt one.
 * Positions are left out: they are the log's own, and a copy of a log has others.
 */
export async function digestOf(path: string): Promise<string> {
  const sql = openReader(path);
  try {
    // One transaction, so that all tables are read at one checkpoint.
    sql.exec('BEGIN');
    const ordinal = sql.get<{ n: number }>('SELECT n FROM moment ORDER BY n DESC LIMIT 1')?.n ?? 0;
    const hash = createHash('sha256');
    let rows = 0;
    for (const [table, columns, order] of DIGESTED) {
      hash.update(`${table}\n`);
      for (const row of sql.iterate<object>(`SELECT ${columns} FROM ${table} ORDER BY ${order}`)) {
        hash.update(`${JSON.stringify(Object.values(row))}\n`);
        if (++rows % ROWS_PER_TURN === 0) await nextTurn();
      }
    }
    return `${ordinal}:${hash.digest('hex')}`;
  } finally {
    sql.close();
  }
}
