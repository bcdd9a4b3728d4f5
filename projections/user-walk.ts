import { compareText } from './cursor';
import type { Reading } from './reading';
import type { SqlValue } from './sql';
import type { UserFact } from './users';
import type { UserOrder } from './view';

/**
 * The two plans for a page of users: walk an index by name and keep what fits (when many fit), or collect the few that
 * fit and sort them. The wrong one costs a hundred times the right one.
 */

/** Up to so many, users are collected and sorted; above, the index is walked. */
export const CROSSOVER = 4_000;

export interface UserSort {
  readonly column: 'name_key' | 'username_key';
  readonly descending: boolean;
}
export const BY_NAME: UserSort = { column: 'name_key', descending: false };
export const sortOf = (order: UserOrder): UserSort => ({
  column: order.startsWith('NAME') ? 'name_key' : 'username_key',
  descending: order.endsWith('DESC'),
});

/** Where a page goes on: behind this key and number. */
export type Place = readonly [key: string, n: number];

/** Facts with the number of the user; `key` is that of the sort. */
export type Sorted = UserFact & { readonly key: string };

export const compareSorted =
  ({ descending }: UserSort) =>
  (a: { key: string; n: number }, b: { key: string; n: number }): number =>
    (compareText(a.key, b.key) || a.n - b.n) * (descending ? -1 : 1);

export interface WalkOptions {
  readonly sort: UserSort;
  /** Statuses wanted, 1 active, 0 not. */
  readonly statuses: readonly number[];
  readonly after: Place | null;
  /** A condition on `u`, the fact, and its values. */
  readonly where?: string;
  readonly values?: readonly SqlValue[];
}

const SMALLEST = 64;
const LARGEST = 1_024;

/** Users in order, read in growing chunks. Each status is a run of the index; two runs are merged. */
export function* walkUsers(reading: Reading, options: WalkOptions): Generator<Sorted, void, undefined> {
  const [first, second] = options.statuses.map((status) => run(reading, status, options));
  if (!first) return;
  if (!second) return yield* first;
  const compare = compareSorted(options.sort);
  let a = first.next();
  let b = second.next();
  while (!a.done || !b.done) {
    if (b.done || (!a.done && compare(a.value, b.value) < 0)) {
      yield (a as IteratorYieldResult<Sorted>).value;
      a = first.next();
    } else {
      yield b.value;
      b = second.next();
    }
  }
}

function* run(
  { sql, account, at }: Reading,
  status: number,
  { sort, after, where, values = [] }: WalkOptions,
): Generator<Sorted, void, undefined> {
  const { column, descending } = sort;
  const index = column === 'name_key' ? 'user_by_name' : 'user_by_username';
  const direction = descending ? 'DESC' : 'ASC';
  const text = (place: Place | null): string => `
    SELECT u.n, u.valid_from, u.active, u.username, u.name, u.username_key, u.name_key, u.${column} AS key
    FROM user_fact u INDEXED BY ${index}
    WHERE u.account = ? AND u.active = ? ${place ? `AND (u.${column}, u.n) ${descending ? '<' : '>'} (?, ?)` : ''}
      AND u.valid_from <= ? AND u.valid_to > ? ${where ? `AND ${where}` : ''}
    ORDER BY u.${column} ${direction}, u.n ${direction} LIMIT ?`;
  let place = after;
  for (let size = SMALLEST; ; size = Math.min(size * 2, LARGEST)) {
    const rows = sql.all<Sorted>(text(place), account, status, ...(place ?? []), at, at, ...values, size);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    place = [last.key, last.n];
  }
}

/** Sorts the few and goes on behind a place. */
export function sortFew(facts: readonly UserFact[], sort: UserSort, after: Place | null): Sorted[] {
  const compare = compareSorted(sort);
  const sorted = facts.map((fact) => ({ ...fact, key: fact[sort.column] })).sort(compare);
  if (!after) return sorted;
  const place = { key: after[0], n: after[1] };
  return sorted.filter((fact) => compare(fact, place) > 0);
}

/** The first so many that fit. */
export function take<T>(items: Iterable<T>, count: number, fits: (item: T) => boolean = () => true): T[] {
  const taken: T[] = [];
  if (count <= 0) return taken;
  for (const item of items) {
    if (fits(item) && taken.push(item) >= count) break;
  }
  return taken;
}
