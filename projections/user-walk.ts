import { compareText } from './cursor';
import type { Reading } from './reading';
import { TURN_MS, Turns } from './turns';
import {
  conditions,
  type Entry,
  type Place,
  type Source,
  type Sql,
  type UserQuery,
  type UserSort,
} from './user-sources';

/**
 * Two ways to a page of users in order: walk an index by name and keep what fits, or sort what a source gives. Either may
 * have to look at a million users, so both go in steps, between which others have their turn.
 */

type Seen = Entry & { readonly fits: number };

const SMALLEST = 64;
const LARGEST = 1_024;

/** Orders entries as the database does. */
export const compareEntries =
  ({ descending }: UserSort) =>
  (a: Entry, b: Entry): number =>
    (compareText(a.key, b.key) || a.n - b.n) * (descending ? -1 : 1);

/** The first so many who fit, or null when that is not settled after looking at `budget` users. */
export async function walk(
  reading: Reading,
  query: UserQuery,
  after: Place | null,
  count: number,
  budget = Infinity,
): Promise<Entry[] | null> {
  const turns = new Turns();
  const found: Entry[] = [];
  let seen = 0;
  for (const entry of inOrder(reading, query, after, count)) {
    if (seen++ >= budget) return null;
    if (entry.fits && found.push(entry) >= count) break;
    if (seen % SMALLEST === 0) await turns.share();
  }
  return found;
}

/** All users of the wanted statuses in order. Each status is a run of the index; two runs are merged. */
function* inOrder(
  reading: Reading,
  query: UserQuery,
  after: Place | null,
  count: number,
): Generator<Seen, void, undefined> {
  const [first, second] = query.statuses.map((status) => run(reading, status, query, after, count));
  if (!first) return;
  if (!second) return yield* first;
  const compare = compareEntries(query.sort);
  let a = first.next();
  let b = second.next();
  while (!a.done || !b.done) {
    if (b.done || (!a.done && compare(a.value, b.value) < 0)) {
      yield (a as IteratorYieldResult<Seen>).value;
      a = first.next();
    } else {
      yield b.value;
      b = second.next();
    }
  }
}

function* run(
  reading: Reading,
  status: number,
  query: UserQuery,
  after: Place | null,
  count: number,
): Generator<Seen, void, undefined> {
  const { sql, account, at } = reading;
  const { column, descending } = query.sort;
  const index = column === 'name_key' ? 'user_by_name' : 'user_by_username';
  const direction = descending ? 'DESC' : 'ASC';
  const wanted = conditions(reading, query);
  const text = (place: Place | null): string => `
    SELECT u.n, u.${column} AS key, (${wanted.text}) AS fits FROM user_fact u INDEXED BY ${index}
    WHERE u.account = ? AND u.active = ? ${place ? `AND ${behind(query.sort)}` : ''}
      AND u.valid_from <= ? AND u.valid_to > ?
    ORDER BY u.${column} ${direction}, u.n ${direction} LIMIT ?`;
  let place = after;
  // A page of users who all fit is one chunk.
  for (let size = Math.max(SMALLEST, count); ; size = Math.min(size * 2, LARGEST)) {
    const rows = sql.all<Seen>(
      text(place),
      ...wanted.values,
      account,
      status,
      ...(place ?? []),
      at,
      at,
      size,
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    place = [last.key, last.n];
  }
}

const behind = ({ column, descending }: UserSort): string =>
  `(u.${column}, u.n) ${descending ? '<' : '>'} (?, ?)`;

/** Places of a source in its first part; later ones are as large as fits in a turn. */
const FIRST_PART = 2_000;
const SMALLEST_PART = 500;

/** The first so many of a source who fit. Each part gives its own first, and of these the first are kept. */
export async function sorted(
  reading: Reading,
  source: Source,
  query: UserQuery,
  after: Place | null,
  count: number,
  firstPart = FIRST_PART,
): Promise<Entry[]> {
  if (source.few) return sortedPart(reading, source.part(1, source.size), query, after, count);
  const turns = new Turns();
  const compare = compareEntries(query.sort);
  let found: Entry[] = [];
  for (let from = 1, size = firstPart; from <= source.size;) {
    const before = turns.used;
    const to = Math.min(from + size - 1, source.size);
    found.push(...sortedPart(reading, source.part(from, to), query, after, count));
    found = found.sort(compare).slice(0, count);
    from = to + 1;
    const took = turns.used - before;
    if (took < TURN_MS / 4) size *= 2;
    else if (took > TURN_MS) size = Math.max(SMALLEST_PART, Math.floor(size / 2));
    await turns.share();
  }
  return found;
}

function sortedPart(
  reading: Reading,
  { text, values }: Sql,
  query: UserQuery,
  after: Place | null,
  count: number,
): Entry[] {
  const { column, descending } = query.sort;
  const direction = descending ? 'DESC' : 'ASC';
  const wanted = conditions(reading, query);
  // The database keeps only so many while it sorts.
  return reading.sql.all<Entry>(
    `SELECT u.n, u.${column} AS key FROM ${text} AND ${statusOf(query)} AND ${wanted.text}
     ${after ? `AND ${behind(query.sort)}` : ''}
     ORDER BY u.${column} ${direction}, u.n ${direction} LIMIT ?`,
    ...values,
    ...wanted.values,
    ...(after ?? []),
    count,
  );
}

/** How many of a source fit. */
export function counted(reading: Reading, source: Source, query: UserQuery): number {
  const wanted = conditions(reading, query);
  const { text, values } = source.part(1, source.size);
  const row = reading.sql.get<{ count: number }>(
    `SELECT count(*) AS count FROM ${text} AND ${statusOf(query)} AND ${wanted.text}`,
    ...values,
    ...wanted.values,
  );
  return row?.count ?? 0;
}

const statusOf = ({ statuses }: UserQuery): string =>
  statuses.length === 2 ? '1' : `u.active = ${statuses[0] === 1 ? 1 : 0}`;
