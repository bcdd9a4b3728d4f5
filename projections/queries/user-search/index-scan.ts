import type { Question } from '../../../src/shared/turns';
import type { Ordinal } from '../../numbers';
import type { Flag } from '../../tables/rows';
import { OPEN } from '../../tables/schema';
import type { Fragment } from '../../tables/sqlite/sql';
import type { Asking, AsOfContext } from '../as-of-context';
import { usersChangedSince } from '../changes-since';
import { alongWalk, compareRanked, ValueRun } from '../value-run';
import {
  conditions,
  isByValue,
  keyOf,
  ofThese,
  orderOf,
  valueOf,
  type Entry,
  type Part,
  type Source,
  type UserQuery,
  type UserSort,
} from './candidates';

/**
 * Two ways to a page of users in order: walk an index by name and keep what fits, or sort what a source gives. Either
 * may have to read a million users, so both run in steps and yield to the event loop between them.
 */

/** Slice of the matching users, in order: `count` of them after a position. */
export interface Slice {
  readonly after: Entry | null;
  readonly count: number;
  /** Rows of a part, where users are sorted; left out: the budget of a turn. */
  readonly step?: number;
}

type Seen = Entry & { readonly from: Ordinal; readonly fits: Flag };

const SMALLEST = 64;
const LARGEST = 1_024;

/** Orders entries as the database does. */
export const compareEntries = (sort: UserSort): ((a: Entry, b: Entry) => number) =>
  compareRanked(orderOf(sort));

/** The first matching users of a slice; null if that is not settled after reading about `budget` users. */
export async function walk(
  asking: Asking,
  query: UserQuery,
  slice: Slice,
  budget = Infinity,
): Promise<Entry[] | null> {
  const { reading, question } = asking;
  const compare = compareEntries(query.sort);
  const runs = isByValue(query.sort)
    ? valueRuns(reading, query, slice)
    : // Each status is a run of the index; two runs are merged.
      query.statuses.map((status) => new Run(reading, status, query, slice));
  const found = new Map<Entry['n'], Entry>();
  for (let looked = 0; found.size < slice.count;) {
    for (const run of runs) {
      while (run.isShort) {
        if (looked >= budget) return null;
        looked += await question.step(
          () => run.fetch(),
          (rows) => rows + 1,
        );
      }
    }
    const next = runs.reduce<(typeof runs)[number] | undefined>((best, run) => {
      if (!run.head) return best;
      return best?.head && compare(best.head, run.head) < 0 ? best : run;
    }, undefined);
    const entry = next?.take();
    if (!entry) break;
    // One who signs in meanwhile may be met twice.
    if (entry.fits && !found.has(entry.n)) found.set(entry.n, entry);
  }
  const entries = [...found.values()];
  return isByValue(query.sort) ? withChanged(asking, query, slice, entries) : entries;
}

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

/** Adds the users whom events since the moment were about, as they were then. */
async function withChanged(
  asking: Asking,
  query: UserQuery,
  slice: Slice,
  entries: readonly Entry[],
): Promise<Entry[]> {
  const changed = await usersChangedSince(asking);
  if (changed.length === 0) return [...entries];
  const others = await sorted(asking, ofThese(asking.reading, changed, query), query, slice);
  return firstEach([...entries, ...others], query, slice);
}

/** The first entries, each user once. */
function firstEach(entries: readonly Entry[], { sort }: UserQuery, { count }: Slice): Entry[] {
  const each = new Map(entries.map((entry) => [entry.n, entry]));
  return [...each.values()].sort(compareEntries(sort)).slice(0, count);
}

/**
 * The users of one status in order, in chunks. Users who had another name at the time are skipped here as well. A user
 * has a row for each change, so a chunk continues behind a row, not behind a user: the row that holds may come after
 * others.
 */
class Run {
  #rows: Seen[] = [];
  #next = 0;
  #ended = false;
  #behind: Fragment | null;
  // A page of users who all fit is one chunk.
  #size: number;

  constructor(
    private readonly reading: AsOfContext,
    private readonly status: number,
    private readonly query: UserQuery,
    { after, count }: Slice,
  ) {
    this.#behind = after && behind(query.sort, after);
    this.#size = Math.max(SMALLEST, count);
  }

  get head(): Seen | undefined {
    return this.#rows[this.#next];
  }

  /** True if rows must be fetched before the next user is known. */
  get isShort(): boolean {
    return !this.#ended && this.head === undefined;
  }

  take(): Seen | undefined {
    const { head } = this;
    this.#next += 1;
    return head;
  }

  /** Fetches the next chunk. Returns the number of rows read. */
  fetch(): number {
    const { sql, account, at } = this.reading;
    const { sort } = this.query;
    const column = keyOf(sort);
    const index = column === 'name_key' ? 'user_by_name' : 'user_by_username';
    const direction = directionOf(sort);
    const wanted = conditions(this.reading, this.query);
    this.#rows = sql.all<Seen>(
      `SELECT u.n, u.${column} AS key, NULL AS value, u.valid_from AS "from", (u.valid_from <= ? AND u.valid_to > ? AND ${wanted.text}) AS fits
       FROM user_fact u INDEXED BY ${index}
       WHERE u.account = ? AND u.active = ? ${this.#behind ? `AND ${this.#behind.text}` : ''}
       ORDER BY u.${column} ${direction}, u.n ${direction}, u.valid_from ${direction} LIMIT ?`,
      at,
      at,
      ...wanted.values,
      account,
      this.status,
      ...(this.#behind?.values ?? []),
      this.#size,
    );
    const rows = this.#rows.length;
    const last = this.#rows.at(-1);
    this.#ended = rows < this.#size;
    if (last) this.#behind = behindRow(this.query.sort, last);
    this.#next = 0;
    this.#size = Math.min(this.#size * 2, LARGEST);
    return rows;
  }
}

/** Condition for rows after a user of a page. */
const behind = (sort: UserSort, { key, n }: Entry): Fragment => ({
  text: `(u.${keyOf(sort)}, u.n) ${signOf(sort)} (?, ?)`,
  values: [key, n],
});

/** Condition for rows after a row, in the same order. */
const behindRow = (sort: UserSort, { key, n, from }: Seen): Fragment => ({
  text: `(u.${keyOf(sort)}, u.n, u.valid_from) ${signOf(sort)} (?, ?, ?)`,
  values: [key, n, from],
});

const directionOf = (sort: UserSort): string => (orderOf(sort).key === 1 ? 'ASC' : 'DESC');
const signOf = (sort: UserSort): string => (orderOf(sort).key === 1 ? '>' : '<');

/** The first matching users of a source. Each part yields its own first ones, and the first of these are kept. */
export async function sorted(
  { reading, question }: Asking,
  source: Source,
  query: UserQuery,
  slice: Slice,
): Promise<Entry[]> {
  let found: Entry[] = [];
  await inSteps(question, source.parts(slice.step), (from) => {
    // A user in two of the requested roles is listed twice.
    found = firstEach([...found, ...firstOf(reading, from, query, slice)], query, slice);
    return true;
  });
  return found;
}

/**
 * Reads the parts of a source, each in a step with what finds it, until there is no other or `goesOn` is false.
 */
async function inSteps(
  question: Question,
  parts: Iterable<Part>,
  goesOn: (from: Fragment) => boolean,
): Promise<void> {
  const each = parts[Symbol.iterator]();
  const next = (): { readonly rows: number; readonly isLast: boolean } => {
    const part = each.next();
    if (part.done) return { rows: 0, isLast: true };
    const { from, rows } = part.value;
    return { rows, isLast: from !== null && !goesOn(from) };
  };
  while (!(await question.step(next, ({ rows }) => rows)).isLast);
}

function firstOf(reading: AsOfContext, from: Fragment, query: UserQuery, { after, count }: Slice): Entry[] {
  const wanted = conditions(reading, query);
  const value = valueOf(reading, query);
  // Memberships begin at different events each, and their index has no other key: nor may a cursor have one.
  const key = query.sort.by === 'since' ? "''" : `u.${keyOf(query.sort)}`;
  const { behind, orderBy } = alongWalk(orderOf(query.sort), after);
  // The database keeps only `count` rows while it sorts.
  return reading.sql.all<Entry>(
    `SELECT n, key, value FROM (SELECT u.n AS n, ${key} AS key, ${value.text} AS value
       FROM ${from.text} AND ${statusOf(query)} AND ${wanted.text})
     WHERE ${behind.text} ORDER BY ${orderBy} LIMIT ?`,
    ...value.values,
    ...from.values,
    ...wanted.values,
    ...behind.values,
    count,
  );
}

/** Number of a source's users who match; null above a limit. */
export async function counted(
  { reading, question }: Asking,
  source: Source,
  query: UserQuery,
  limit: number,
): Promise<number | null> {
  const wanted = conditions(reading, query);
  const users = new Set<Entry['n']>();
  await inSteps(question, source.parts(), (from) => {
    const fitting = reading.sql.get<{ users: string }>(
      `SELECT json_group_array(u.n) AS users FROM ${from.text} AND ${statusOf(query)} AND ${wanted.text}`,
      ...from.values,
      ...wanted.values,
    );
    for (const n of JSON.parse(fitting?.users ?? '[]') as Entry['n'][]) users.add(n);
    return users.size <= limit;
  });
  return users.size > limit ? null : users.size;
}

const statusOf = ({ statuses }: UserQuery): string => `u.active IN (${statuses.join(', ')})`;
