import type { Question } from '../../../src/shared/turns';
import type { Fragment } from '../../tables/sqlite/sql';
import type { Asking, AsOfContext } from '../as-of-context';
import { alongWalk, compareRanked } from '../value-run';
import {
  conditions,
  keyOf,
  orderOf,
  valueOf,
  type Entry,
  type Part,
  type Source,
  type UserQuery,
  type UserSort,
} from './candidates';

/**
 * Users of a source, sorted or counted. That may have to read a million of them, so it runs in steps and yields to the event
 * loop between them.
 */

/** Slice of the matching users, in order: `count` of them after a position. */
export interface Slice {
  readonly after: Entry | null;
  readonly count: number;
  /** Rows of a part, where users are sorted; left out: the budget of a turn. */
  readonly step?: number;
}

/** Orders entries as the database does. */
export const compareEntries = (sort: UserSort): ((a: Entry, b: Entry) => number) =>
  compareRanked(orderOf(sort));

/** The first entries, each user once. */
export function firstEach(
  entries: readonly Entry[],
  { sort }: Pick<UserQuery, 'sort'>,
  { count }: Slice,
): Entry[] {
  const each = new Map(entries.map((entry) => [entry.n, entry]));
  return [...each.values()].sort(compareEntries(sort)).slice(0, count);
}

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

export const statusOf = ({ statuses }: UserQuery): string => `u.active IN (${statuses.join(', ')})`;
