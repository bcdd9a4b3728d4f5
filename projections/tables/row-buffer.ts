import type { Sql, SqlValue } from './sql';

/** Rows to a statement: as many as make a call across to SQLite cheap beside them. */
const ROWS = 32;

/** Rows that wait to be written, many to a statement, at half the cost. Whoever reads the table flushes before. */
export class RowBuffer {
  #values: SqlValue[] = [];
  readonly #insert: string;
  readonly #row: string;
  readonly #width: number;

  constructor(
    private readonly sql: Sql,
    table: string,
    columns: readonly string[],
  ) {
    this.#width = columns.length;
    this.#insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES `;
    this.#row = `(${columns.map(() => '?').join(', ')})`;
  }

  /** Values in the order of the columns. */
  add(...values: readonly SqlValue[]): void {
    this.#values.push(...values);
    if (this.#values.length >= ROWS * this.#width) this.flush();
  }

  /** Writes what waits. Numbers of rows are powers of two, so that there are few statements. */
  flush(): void {
    const values = this.#values;
    for (let rows = ROWS, start = 0; start < values.length; rows /= 2) {
      const width = rows * this.#width;
      if (values.length - start < width) continue;
      this.sql.run(
        this.#insert + Array<string>(rows).fill(this.#row).join(', '),
        ...values.slice(start, start + width),
      );
      start += width;
    }
    this.#values = [];
  }
}
