import type { HistoryNumber } from '../../src/shared/position-codec';
import {
  lastPlaceOf,
  mirrored,
  NOWHERE,
  ordinalFrom,
  ordinalOf,
  placeBefore,
  placeOf,
  type HistoryPlace,
  type Ordinal,
  type Sense,
} from '../numbers';
import { entriesPerType, historyRows, placesBetween, placesInHistory } from '../tables/history';
import { appendAround } from '../tables/timeline';
import { EXACT_COUNT_LIMIT, type Append, type ChangeRow, type HistoryFilter, type HistoryRow } from '../view';
import type { Page, PageRequest } from '../view';
import type { Asking, AsOfContext } from './as-of-context';
import { decodeCursor, encodeCursor, pageOf, walkOf } from './cursor';
import { COUNTED, historyWalk, type HistoryWalk } from './history-list';
import { meet, Union } from './postings';

/**
 * Pages of changes, newest first: the entries of one append are one change. A change is listed if one of its entries matches,
 * and has all of them.
 */

const LIST = 'changes';
/** Entries read in one step. */
const AT_ONCE = 200;

type Cursor = readonly [first: Ordinal, last: Ordinal];

export async function listChanges(
  asking: Asking,
  filter: HistoryFilter,
  page: PageRequest,
): Promise<Page<ChangeRow>> {
  const { reading, question } = asking;
  const walk = walkOf<Append>(
    page,
    (cursor) => {
      const [first, last] = decodeCursor<Cursor>(LIST, cursor, ['number', 'number'])!;
      return { first, last };
    },
    // Along the list ordinals fall.
    ({ first, last }, by) => (by === 1 ? single(ordinalFrom(first, -1)) : single(ordinalFrom(last, 1))),
  );
  const sense = walk.backward ? -1 : 1;
  const found: Append[] = [];
  for await (const append of appends(asking, filter, { sense, expected: walk.size + 1, start: walk.start })) {
    if (walk.end && isBeyond(append, walk.end, sense)) break;
    found.push(append);
    if (found.length > walk.size) break;
  }
  const rows = await question.step(
    () => changeRows(reading, found),
    (some) => some.reduce((sum, { others }) => sum + 1 + others.size, 0),
  );
  return pageOf(
    walk,
    rows.map((item) => ({ item, cursor: encodeCursor(LIST, [item.first, item.last]) })),
  );
}

/** Null above the limit, and where the lists of a filter meet so seldom that counting would take long. */
export async function countChanges(asking: Asking, filter: HistoryFilter): Promise<number | null> {
  const walk = await historyWalk(asking, filter, { sense: 1, expected: 0 });
  const all = new Union(walk.lists);
  let count = 0;
  for await (const _append of along(asking, walk, 1, walk.to)) {
    count += 1;
    if (count > EXACT_COUNT_LIMIT || all.fetched > COUNTED) return null;
  }
  return count;
}

const single = (ordinal: Ordinal): Append => ({ first: ordinal, last: ordinal });

const isBeyond = ({ first, last }: Append, end: Append, sense: Sense): boolean =>
  sense === 1 ? first <= end.last : last >= end.first;

/** The last place of an append along a walk, as the walk counts it. */
const endOf = ({ first, last }: Append, sense: Sense): HistoryPlace =>
  sense === 1 ? placeOf(first) : mirrored(lastPlaceOf(last), sense);

interface Begin {
  readonly sense: Sense;
  readonly expected: number;
  readonly start: Append | null;
}

/** Appends with an entry that matches, along a walk. */
async function* appends(
  asking: Asking,
  filter: HistoryFilter,
  { sense, expected, start }: Begin,
): AsyncGenerator<Append> {
  const walk = await historyWalk(asking, filter, { sense, expected });
  const first = sense === 1 ? walk.to : mirrored(walk.from, sense);
  const behind = start === null ? first : placeBefore(endOf(start, sense));
  yield* along(asking, walk, sense, first < behind ? first : behind);
}

/** Appends with a place in each list. */
export async function* along(
  { reading, question }: Asking,
  { from, to, lists }: HistoryWalk,
  sense: Sense,
  begin: HistoryPlace,
): AsyncGenerator<Append> {
  const last = sense === 1 ? from : mirrored(to, sense);
  for (let at = begin; (at = await meet(lists, at, question)) >= last && at !== NOWHERE;) {
    const ordinal = ordinalOf(mirrored(at, sense));
    const append = await question.step(
      () => appendAround(reading.sql, ordinal),
      () => 2,
    );
    yield append;
    at = placeBefore(endOf(append, sense));
  }
}

/** Changes by the number of one of their entries, in the order asked; null where the history has none of that number. */
export function changesOfEntries(
  reading: AsOfContext,
  numbers: readonly HistoryNumber[],
): readonly (ChangeRow | null)[] {
  const known = new Set(placesInHistory(reading, numbers).map(ordinalOf));
  const rows = new Map(
    changeRows(
      reading,
      [...known].map((ordinal) => appendAround(reading.sql, ordinal)),
    ).map((row) => [row.first, row]),
  );
  return numbers.map(({ ordinal }) => {
    const n = ordinal as Ordinal;
    return known.has(n) ? (rows.get(appendAround(reading.sql, n).first) ?? null) : null;
  });
}

/** Entries of a change, oldest first. */
export async function changeEntries(
  { reading, question }: Asking,
  append: Append,
): Promise<readonly HistoryRow[]> {
  const places = await question.step(
    () => placesBetween(reading, append),
    ({ length }) => length,
  );
  const rows: HistoryRow[] = [];
  for (let at = 0; at < places.length; at += AT_ONCE) {
    // Read newest first, as all of history is.
    const some = places.slice(at, at + AT_ONCE).reverse();
    const read = await question.step(
      () => historyRows(reading.sql, some),
      ({ length }) => length,
    );
    rows.push(...read.reverse());
  }
  return rows;
}

function changeRows(reading: AsOfContext, found: readonly Append[]): ChangeRow[] {
  const types = entriesPerType(reading, found);
  const begins = [...found.map((_, index) => types[index]!.begin)];
  const rows = new Map(
    historyRows(
      reading.sql,
      begins.map((ordinal) => placeOf(ordinal)),
    ).map((row) => [row.ordinal, row]),
  );
  return found.map((append, index) => {
    const { begin, counts } = types[index]!;
    const entry = rows.get(begin)!;
    const others = new Map(counts);
    const more = (others.get(entry.type) ?? 1) - 1;
    if (more > 0) others.set(entry.type, more);
    else others.delete(entry.type);
    return { ...append, entry, others };
  });
}
