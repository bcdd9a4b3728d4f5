import type { Sql, SqlValue } from './sql';

/** Rows per statement: enough to make the cost of a call into SQLite small beside them. */
const ROWS = 32;

/** All columns of a row, each once, in the order of a statement. A column that is left out does not compile. */
export const columnsOf =
  <Row>() =>
  <const Columns extends readonly (keyof Row & string)[]>(
    ...columns: Exclude<keyof Row, Columns[number]> extends never ? Columns : never
  ): Columns =>
    columns;

/** The values of a row, in the order of its columns. */
export type ValuesOf<Row, Columns extends readonly (keyof Row)[]> = {
  readonly [Index in keyof Columns]: Row[Columns[Index]];
};

/** The beginning of a statement that inserts rows. */
export const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES `;

/** Placeholders for the values of one row. */
export const placeholders = (columns: readonly string[]): string => `(${columns.map(() => '?').join(', ')})`;

/** Rows buffered and written many to a statement, at half the cost. Readers of the table flush first. */
export class RowBuffer<Values extends readonly SqlValue[]> {
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
    this.#insert = insertInto(table, columns);
    this.#row = placeholders(columns);
  }

  /** Values in the order of the columns. */
  add(...values: Values): void {
    this.#values.push(...values);
    if (this.#values.length >= ROWS * this.#width) this.flush();
  }

  /** Writes the buffered rows. Numbers of rows are powers of two, so that there are few statements. */
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
