import type { Flag } from '../tables/rows';
import { compareText } from '../tables/sqlite/collation';
import type { Fragment, Sql, SqlValue } from '../tables/sqlite/sql';

/**
 * Lists in the order of a value: numbers, and rows without one at the end of the list, whatever the direction. Rows of equal
 * value are in the order of their keys, and of their numbers under one key. A walk may go through a list backwards.
 */
export interface ValueOrder {
  /** 1: the least value first; -1: the greatest. In the direction of the walk, as below. */
  readonly value: 1 | -1;
  /** Order of keys and numbers among rows of equal value. */
  readonly key: 1 | -1;
  /** 1: rows without a value come last; -1: first. */
  readonly end: 1 | -1;
}

/** A row in a list by value. */
export interface Ranked {
  readonly value: number | null;
  readonly key: string;
  readonly n: number;
}

const directionOf = (sense: 1 | -1): string => (sense === 1 ? 'ASC' : 'DESC');
/** Comparison that holds for what comes later. */
const signOf = (sense: 1 | -1): string => (sense === 1 ? '>' : '<');

/** Orders rows along a walk. */
export const compareRanked =
  ({ value, key, end }: ValueOrder) =>
  (a: Ranked, b: Ranked): number => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? end : -end;
    } else if (a.value !== b.value) return (a.value - b.value) * value;
    return (compareText(a.key, b.key) || a.n - b.n) * key;
  };

/** An index that has rows by value, then by key, then by number. */
export interface ValueIndex {
  /** The table, with its index. */
  readonly from: string;
  /** Columns by which its rows are ordered. */
  readonly columns: {
    readonly value: string;
    /** Null for rows that all have values of their own. */
    readonly key: string | null;
    readonly n: string;
  };
  /** True if there are rows without a value. */
  readonly nullable: boolean;
  /** The condition that makes the rows of a list a run of the index. */
  readonly run: Fragment;
  /** Condition for a row to fit; others are read as well. */
  readonly fits: Fragment;
  /** More to join to each row, for conditions; it must not change their number. */
  readonly join?: Fragment;
}

export type Seen<Row extends Ranked> = Row & { readonly fits: Flag };

const SMALLEST = 32;
const LARGEST = 1_024;

/** Rows of the chunk after one of `size`: half of all that were read, so that little is read beyond what is wanted. */
export const grown = (size: number, read: number): number =>
  Math.min(Math.max(size, Math.ceil(read / 2)), LARGEST);

/** Part of a list that is read next. Where values and keys have opposite directions, the rows of a value are a part. */
type Part<Row> =
  | { readonly kind: 'values'; readonly behind: Row | null }
  | { readonly kind: 'value'; readonly value: number; readonly behind: Row | null }
  | { readonly kind: 'none'; readonly behind: Row | null }
  | null;

/** The rows of an index along a walk, chunk by chunk. */
export class ValueRun<Row extends Ranked> {
  #rows: Seen<Row>[] = [];
  #next = 0;
  #size: number;
  #read = 0;
  #part: Part<Ranked>;

  constructor(
    private readonly sql: Sql,
    private readonly index: ValueIndex,
    private readonly order: ValueOrder,
    { after, count }: { readonly after: Ranked | null; readonly count: number },
  ) {
    // One more, so that the last value of a page need not be read once more for its other rows.
    this.#size = Math.max(SMALLEST, count + 1);
    this.#part = this.#begin(after);
  }

  #begin(after: Ranked | null): Part<Ranked> {
    const { nullable } = this.index;
    if (after === null) return { kind: this.order.end === -1 && nullable ? 'none' : 'values', behind: null };
    if (after.value === null && nullable) return { kind: 'none', behind: after };
    // A place behind all rows that have a value, or before them.
    if (after.value === null) return this.order.end === 1 ? null : { kind: 'values', behind: null };
    if (this.#isEven) return { kind: 'values', behind: after };
    return { kind: 'value', value: after.value, behind: after };
  }

  get head(): Seen<Row> | undefined {
    return this.#rows[this.#next];
  }

  get isShort(): boolean {
    return this.#part !== null && this.head === undefined;
  }

  take(): Seen<Row> | undefined {
    const { head } = this;
    this.#next += 1;
    return head;
  }

  /** Fetches the next chunk, which may be empty. Returns the number of rows read. */
  fetch(): number {
    const part = this.#part;
    this.#rows = [];
    this.#next = 0;
    if (part === null) return 0;
    const rows = this.#select(part);
    const last = rows.at(-1);
    if (rows.length < this.#size || !last) {
      this.#rows = part.kind === 'values' && !this.#isEven ? this.#inOrder(rows) : rows;
      this.#part = this.#after(part);
    } else if (part.kind === 'values' && !this.#isEven) {
      // Others of the last value may follow, and come before those that were read.
      const value = last.value!;
      this.#rows = this.#inOrder(rows.filter((row) => row.value !== value));
      this.#part = { kind: 'value', value, behind: null };
    } else {
      this.#rows = rows;
      this.#part = { ...part, behind: last };
    }
    // A part that was short, or whose rows are read once more in order, says nothing of how long the next one must be.
    if (rows.length === this.#size && this.#rows.length > 0)
      this.#size = grown(this.#size, (this.#read += rows.length));
    return rows.length;
  }

  /** True if values and keys have one direction: that of the index, or its reverse. */
  get #isEven(): boolean {
    return this.order.value === this.order.key;
  }

  #inOrder(rows: Seen<Row>[]): Seen<Row>[] {
    return rows.sort(compareRanked(this.order));
  }

  /** The part that follows one that was read to its end. */
  #after(part: NonNullable<Part<Ranked>>): Part<Ranked> {
    if (part.kind === 'value') return { kind: 'values', behind: { value: part.value, key: '', n: 0 } };
    const follows = part.kind === 'values' ? 1 : -1;
    if (!this.index.nullable || this.order.end !== follows) return null;
    return { kind: part.kind === 'values' ? 'none' : 'values', behind: null };
  }

  #select(part: NonNullable<Part<Ranked>>): Seen<Row>[] {
    const { from, columns, run, fits, join = { text: '', values: [] } } = this.index;
    const { text, values } = this.#rangeOf(part);
    const sense = part.kind === 'values' ? this.order.value : this.order.key;
    const by = [
      ...(part.kind === 'values' ? [columns.value] : []),
      ...(columns.key ? [columns.key] : []),
      columns.n,
    ];
    return this.sql.all<Seen<Row>>(
      `SELECT ${columns.value} AS value, ${columns.key ?? "''"} AS key, ${columns.n} AS n, (${fits.text}) AS fits
       FROM ${from} ${join.text} WHERE ${run.text} AND ${text}
       ORDER BY ${by.map((column) => `${column} ${directionOf(sense)}`).join(', ')} LIMIT ?`,
      ...fits.values,
      ...join.values,
      ...run.values,
      ...values,
      this.#size,
    );
  }

  #rangeOf(part: NonNullable<Part<Ranked>>): Fragment {
    const { value, n } = this.index.columns;
    const key = this.index.columns.key ?? "''";
    const parts: string[] = [];
    const values: SqlValue[] = [];
    const add = (text: string, ...more: SqlValue[]): void => {
      parts.push(text);
      values.push(...more);
    };
    const { behind } = part;
    if (part.kind === 'values') {
      if (behind && this.#isEven)
        add(
          `(${value}, ${key}, ${n}) ${signOf(this.order.value)} (?, ?, ?)`,
          behind.value,
          behind.key,
          behind.n,
        );
      else if (behind) add(`${value} ${signOf(this.order.value)} ?`, behind.value);
      else add(`${value} IS NOT NULL`);
    } else {
      if (part.kind === 'value') add(`${value} = ?`, part.value);
      else add(`${value} IS NULL`);
      if (behind) add(`(${key}, ${n}) ${signOf(this.order.key)} (?, ?)`, behind.key, behind.n);
    }
    return { text: parts.join(' AND '), values };
  }
}

/** Condition and order of a walk over rows that an index does not have, in terms of the columns of a sub-query. */
export function alongWalk(
  { value, key, end }: ValueOrder,
  after: Ranked | null,
): { readonly behind: Fragment; readonly orderBy: string } {
  const orderBy = `(value IS NULL) ${directionOf(end)}, value ${directionOf(value)}, key ${directionOf(key)}, n ${directionOf(key)}`;
  if (after === null) return { behind: { text: '1', values: [] }, orderBy };
  const ties = `(key, n) ${signOf(key)} (?, ?)`;
  const tied = [after.key, after.n];
  const others = end === 1 ? 'value IS NULL' : 'value IS NOT NULL';
  if (after.value === null) {
    const among = `(value IS NULL AND ${ties})`;
    return { behind: { text: end === 1 ? among : `(${others} OR ${among})`, values: tied }, orderBy };
  }
  const among = `value ${signOf(value)} ? OR (value = ? AND ${ties})`;
  const text = end === 1 ? `(${others} OR ${among})` : `(${among})`;
  return { behind: { text, values: [after.value, after.value, ...tied] }, orderBy };
}
