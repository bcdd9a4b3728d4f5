import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PACE } from '../../projections/projector/projector';
import { QUERY_INDEXES, TABLES } from '../../projections/tables/schema';
import { openWriter, type Sql, type SqlValue } from '../../projections/tables/sqlite/sql';
import { SPAN } from '../../projections/tables/search/trigrams';

/**
 * The rows of read models written again by bare statements: into the same tables, in the order of the log, as many to a
 * transaction, the indexes of queries last; no event is read, checked or decided about. What is left is SQLite's own part.
 */

/** The column that says when a row came to be; tables without one are written first. */
const ORDINAL: Readonly<Record<string, string>> = {
  moment: 'n',
  history: 'n',
  publication: 'n',
  catalogue_staged: 'n',
  catalogue_entry: 'valid_from',
  account_fact: 'valid_from',
  feature: 'valid_from',
  account_count: 'n',
  user_fact: 'valid_from',
  role_key: 'created',
  role_fact: 'valid_from',
  role_count: 'n',
  grant_fact: 'valid_from',
  membership: 'valid_from',
};
/** Rows that other rows follow from, or that the search index keeps for itself. */
const NOT_COPIED = /^user_search|^user_key$|^sqlite_/;
/** Numbers of users have no column that says when, but their facts have. */
const DERIVED: readonly (readonly [into: string, select: string])[] = [
  [
    'INSERT OR IGNORE INTO user_key (account, n, id) VALUES (?, ?, ?)',
    `SELECT f.account, f.n, k.id FROM user_fact f JOIN user_key k ON k.account = f.account AND k.n = f.n
     WHERE f.valid_from >= ? AND f.valid_from < ? ORDER BY f.valid_from`,
  ],
  [
    'INSERT OR REPLACE INTO user_search (rowid, text) VALUES (?, ?)',
    `SELECT account * ${SPAN} + n AS id, search FROM user_fact WHERE valid_from >= ? AND valid_from < ? ORDER BY id`,
  ],
];
/** Ordinals to a transaction, as a rebuild has. */
const BATCH = PACE.unseen.batch;

type Copy = { readonly into: string; readonly rows: readonly SqlValue[][] };

/** Seconds that the rows of the read models in a folder take. */
export function bareRows(directory: string, scratch: string): number {
  const current = readFileSync(path.join(directory, 'read-models.current'), 'utf8').trim();
  const source = path.join(scratch, 'source.sqlite');
  copyFileSync(path.join(directory, current), source);
  const from = openWriter(source);
  const to = openWriter(path.join(scratch, `bare-${performance.now()}.sqlite`));
  try {
    const tables = tablesOf(from);
    for (const { name, ordinal } of tables)
      if (ordinal) from.exec(`CREATE INDEX IF NOT EXISTS bench_${name} ON ${name} (${ordinal})`);
    const last = from.get<{ n: number }>('SELECT max(n) AS n FROM moment')?.n ?? 0;
    let seconds = timed(() => to.exec(`PRAGMA wal_autocheckpoint = ${PACE.unseen.checkpoint}; ${TABLES}`));
    for (let start = 0; start <= last; start += BATCH) {
      const copies = copiesOf(from, tables, start, start + BATCH);
      seconds += timed(() => write(to, copies));
    }
    const finish = [...QUERY_INDEXES, 'PRAGMA wal_checkpoint(TRUNCATE)'];
    return seconds + timed(() => finish.forEach((statement) => to.exec(statement)));
  } finally {
    from.close();
    to.close();
  }
}

interface Table {
  readonly name: string;
  readonly ordinal: string | undefined;
  readonly columns: readonly string[];
}

function tablesOf(sql: Sql): Table[] {
  const names = sql.all<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`,
  );
  return names
    .filter(({ name }) => !NOT_COPIED.test(name))
    .map(({ name }) => ({
      name,
      ordinal: ORDINAL[name],
      columns: sql
        .all<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`)
        .map((row) => row.name),
    }));
}

function copiesOf(from: Sql, tables: readonly Table[], start: number, end: number): Copy[] {
  const values = (rows: readonly Record<string, SqlValue>[]): SqlValue[][] =>
    rows.map((row) => Object.values(row));
  const copied = tables.flatMap(({ name, ordinal, columns }): Copy[] => {
    if (!ordinal && start > 0) return [];
    const into = `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    const select = `SELECT ${columns.join(', ')} FROM ${name}`;
    const rows = ordinal
      ? from.all<Record<string, SqlValue>>(
          `${select} WHERE ${ordinal} >= ? AND ${ordinal} < ? ORDER BY ${ordinal}`,
          start,
          end,
        )
      : from.all<Record<string, SqlValue>>(select);
    return [{ into, rows: values(rows) }];
  });
  const derived = DERIVED.map(([into, select]): Copy => ({
    into,
    rows: values(from.all<Record<string, SqlValue>>(select, start, end)),
  }));
  return [...copied, ...derived];
}

/** One transaction. */
function write(to: Sql, copies: readonly Copy[]): void {
  to.exec('BEGIN IMMEDIATE');
  for (const { into, rows } of copies) for (const row of rows) to.run(into, ...row);
  to.exec('COMMIT');
}

/** Seconds. */
function timed(work: () => void): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1_000;
}
