import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';

/** Value of a parameter or a column. Positions are bound as BigInt and read as text, so none becomes a float. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** A part of a statement, and the values that it binds. */
export interface Fragment {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** One connection with its statements, each prepared once. All calls are synchronous. */
export class Sql {
  readonly #statements = new Map<string, StatementSyncInstance>();

  constructor(readonly database: DatabaseSyncInstance) {}

  all<Row>(text: string, ...values: SqlValue[]): Row[] {
    return this.#prepared(text).all(...values) as Row[];
  }

  get<Row>(text: string, ...values: SqlValue[]): Row | undefined {
    return (this.#prepared(text).get(...values) ?? undefined) as Row | undefined;
  }

  /** Rows one by one. The statement is referenced here: one garbage-collected while it is read crashes the process. */
  iterate<Row>(text: string): IterableIterator<Row> {
    return this.#prepared(text).iterate() as IterableIterator<Row>;
  }

  run(text: string, ...values: SqlValue[]): void {
    this.#prepared(text).run(...values);
  }

  /** Runs a statement, and returns the number of rows that it changed. */
  changed(text: string, ...values: SqlValue[]): number {
    return Number(this.#prepared(text).run(...values).changes);
  }

  /** Several statements without values: schema, pragmas, transactions. */
  exec(text: string): void {
    this.database.exec(text);
  }

  /** Writes the file anew, from its rows alone, by way of a temporary file: there may be no room for it in memory. */
  rewrite(): void {
    // Statements are of the former file, and an open one would prevent it.
    this.#statements.clear();
    this.exec('PRAGMA temp_store = FILE');
    try {
      this.exec('VACUUM');
    } finally {
      this.exec('PRAGMA temp_store = MEMORY');
    }
  }

  /** Sets whether SQLite overwrites with zeros what is deleted. */
  overwriteDeleted(overwrite: boolean): void {
    this.exec(`PRAGMA secure_delete = ${overwrite ? 'ON' : 'OFF'}`);
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }

  #prepared(text: string): StatementSyncInstance {
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, (statement = this.database.prepare(text)));
    return statement;
  }
}

/**
 * Writes need no fsync each: rows lost in a power cut are projected again from the log. Deleted content is overwritten,
 * in all writes: a row is copied to other pages many times before the user it names is erased.
 */
export function openWriter(file: string): Sql {
  const sql = new Sql(new DatabaseSync(file, { timeout: 5_000 }));
  sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  sql.exec('PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;');
  sql.overwriteDeleted(true);
  return sql;
}

export function openReader(file: string): Sql {
  const sql = new Sql(new DatabaseSync(file, { timeout: 5_000, readOnly: true }));
  sql.exec('PRAGMA cache_size = -131072; PRAGMA mmap_size = 2147418112; PRAGMA temp_store = MEMORY;');
  return sql;
}
