import type { Ordinal } from '../../numbers';
import type { Activity, Flag } from '../../tables/rows';
import { OPEN } from '../../tables/schema';
import type { Fragment } from '../../tables/sqlite/sql';
import type { AsOfContext } from '../as-of-context';
import { grown, ValueRun } from '../value-run';
import {
  conditions,
  isByValue,
  keyOf,
  orderOf,
  type Entry,
  type UserQuery,
  type UserSort,
} from './candidates';
import { statusOf, type Slice } from './sort';

/** Runs of the indexes that have users in order, chunk by chunk. */

export type Seen = Entry & { readonly from?: Ordinal; readonly fits: Flag };
type SeenByName = Seen & { readonly from: Ordinal };

const SMALLEST = 16;
const USUAL = 64;
const LARGEST = 1_024;

/** Several runs are merged: each status is one of an index. `expected`: rows until the slice is full, if that is known. */
export function runsOf(reading: AsOfContext, query: UserQuery, slice: Slice, expected: number): Run<Seen>[] {
  if (isByValue(query.sort)) return valueRuns(reading, query, slice);
  return query.statuses.map(
    (status) =>
      new NameRun(reading, { status, query, slice, size: firstSize(reading, query, status, expected) }),
  );
}

export interface Run<Row> {
  readonly head: Row | undefined;
  /** True if rows must be fetched before the next user is known. */
  readonly isShort: boolean;
  take(): Row | undefined;
  /** Fetches the next chunk. Returns the number of rows read. */
  fetch(): number;
}

/** Rows of a first chunk: as many as are expected to fill the slice, by the share that a status has of all users. */
function firstSize(
  reading: AsOfContext,
  { statuses }: UserQuery,
  status: Activity,
  expected: number,
): number {
  if (statuses.length === 1) return clamped(expected, USUAL);
  const { active, inactive } = reading.counts();
  const share = (status === 1 ? active : inactive) / Math.max(1, active + inactive);
  return share > 0.5 ? clamped(expected, USUAL) : clamped(expected * share * 2, SMALLEST);
}

const clamped = (size: number, least: number): number => Math.min(Math.max(least, Math.ceil(size)), LARGEST);

/** Runs of indexes of the present. What these have of users who changed since does not fit. */
function valueRuns(reading: AsOfContext, query: UserQuery, slice: Slice): ValueRun<Entry>[] {
  const { sql, account, at } = reading;
  const order = orderOf(query.sort);
  if (query.sort.by === 'login') {
    const { text, values } = conditions(reading, query);
    return query.statuses.map(
      (status) =>
        new ValueRun(
          sql,
          {
            from: 'user_fact u INDEXED BY user_by_login',
            columns: { value: 'u.login', key: 'u.name_key', n: 'u.n' },
            nullable: true,
            run: {
              text: `u.account = ? AND u.active = ? AND u.valid_to = ${OPEN}`,
              values: [account, status],
            },
            fits: { text: `u.valid_from <= ? AND ${text}`, values: [at, ...values] },
          },
          order,
          slice,
        ),
    );
  }
  const role = query.roles?.[0] ?? null;
  const { text, values } = conditions(reading, { ...query, roles: null });
  return [
    new ValueRun(
      sql,
      {
        from: 'membership s INDEXED BY membership_by_start',
        columns: { value: 's.valid_from', key: null, n: 's.user' },
        nullable: false,
        run: { text: `s.account = ? AND s.role = ? AND s.valid_to = ${OPEN}`, values: [account, role] },
        fits: { text: `s.valid_from <= ? AND ${statusOf(query)} AND ${text}`, values: [at, ...values] },
        join: {
          text: `LEFT JOIN user_fact u ON u.account = s.account AND u.n = s.user AND u.valid_from <= ? AND u.valid_to > ?`,
          values: [at, at],
        },
      },
      order,
      slice,
    ),
  ];
}

interface NameRunAsked {
  readonly status: Activity;
  readonly query: UserQuery;
  readonly slice: Slice;
  /** Rows of the first chunk. */
  readonly size: number;
}

/**
 * The users of one status in order, in chunks. Users who had another name at the time are skipped here as well. A user
 * has a row for each change, so a chunk continues behind a row, not behind a user: the row that holds may come after
 * others.
 */
class NameRun implements Run<SeenByName> {
  #rows: SeenByName[] = [];
  #next = 0;
  #ended = false;
  #behind: Fragment | null;
  #size: number;
  readonly #status: Activity;
  readonly #query: UserQuery;

  #read = 0;

  constructor(
    private readonly reading: AsOfContext,
    { status, query, slice, size }: NameRunAsked,
  ) {
    this.#status = status;
    this.#query = query;
    this.#behind = slice.after && behind(query.sort, slice.after);
    this.#size = size;
  }

  get head(): SeenByName | undefined {
    return this.#rows[this.#next];
  }

  get isShort(): boolean {
    return !this.#ended && this.head === undefined;
  }

  take(): SeenByName | undefined {
    const { head } = this;
    this.#next += 1;
    return head;
  }

  fetch(): number {
    const { sql, account, at } = this.reading;
    const { sort } = this.#query;
    const column = keyOf(sort);
    const index = column === 'name_key' ? 'user_by_name' : 'user_by_username';
    const direction = directionOf(sort);
    const wanted = conditions(this.reading, this.#query);
    this.#rows = sql.all<SeenByName>(
      `SELECT u.n, u.${column} AS key, NULL AS value, u.valid_from AS "from", (u.valid_from <= ? AND u.valid_to > ? AND ${wanted.text}) AS fits
       FROM user_fact u INDEXED BY ${index}
       WHERE u.account = ? AND u.active = ? ${this.#behind ? `AND ${this.#behind.text}` : ''}
       ORDER BY u.${column} ${direction}, u.n ${direction}, u.valid_from ${direction} LIMIT ?`,
      at,
      at,
      ...wanted.values,
      account,
      this.#status,
      ...(this.#behind?.values ?? []),
      this.#size,
    );
    const rows = this.#rows.length;
    const last = this.#rows.at(-1);
    this.#ended = rows < this.#size;
    if (last) this.#behind = behindRow(this.#query.sort, last);
    this.#next = 0;
    this.#read += rows;
    this.#size = grown(this.#size, this.#read);
    return rows;
  }
}

/** Condition for rows after a user of a page. */
const behind = (sort: UserSort, { key, n }: Entry): Fragment => ({
  text: `(u.${keyOf(sort)}, u.n) ${signOf(sort)} (?, ?)`,
  values: [key, n],
});

/** Condition for rows after a row, in the same order. */
const behindRow = (sort: UserSort, { key, n, from }: SeenByName): Fragment => ({
  text: `(u.${keyOf(sort)}, u.n, u.valid_from) ${signOf(sort)} (?, ?, ?)`,
  values: [key, n, from],
});

const directionOf = (sort: UserSort): string => (orderOf(sort).key === 1 ? 'ASC' : 'DESC');
const signOf = (sort: UserSort): string => (orderOf(sort).key === 1 ? '>' : '<');
