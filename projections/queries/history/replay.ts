import { mirrored, placeOf, type HistoryPlace, type Sense } from '../../numbers';
import { historyRows } from '../../tables/history';
import type { HistoryRow, Page, PageRequest, ReplayRow, Replayed } from '../../view';
import type { Asking } from '../as-of-context';
import { listChanges } from '../change-list';
import { historyWalk } from '../history-list';
import { meet } from '../postings';

/** Changes of one role or user, oldest first: the list of changes from its other end, each with its first entry about it. */

const TO_NEWER: Sense = -1;

export async function listReplay(
  asking: Asking,
  of: Replayed,
  { after, before, including, ...size }: PageRequest,
): Promise<Page<ReplayRow>> {
  const wanted = size.last === undefined ? { last: size.first } : { first: size.last };
  const { items, hasMore } = await listChanges(asking, of, {
    ...wanted,
    after: before ?? null,
    before: after ?? null,
    ...(including === undefined ? {} : { including }),
  });
  const oldestFirst = items.toReversed();
  const entries = await firstEntries(
    asking,
    of,
    oldestFirst.map(({ item }) => item),
  );
  return {
    items: oldestFirst.map(({ item: change, cursor }, index) => ({
      item: { change, entry: entries[index]! },
      cursor,
    })),
    hasMore,
  };
}

/** The first entry of each change that a filter matches. `changes`: those that it lists, oldest first. */
async function firstEntries(
  { reading, question }: Asking,
  of: Replayed,
  changes: readonly ReplayRow['change'][],
): Promise<readonly HistoryRow[]> {
  if (changes.length === 0) return [];
  const { lists } = await historyWalk({ reading, question }, of, {
    sense: TO_NEWER,
    expected: changes.length,
  });
  const places: HistoryPlace[] = [];
  for (const { first } of changes)
    places.push(mirrored(await meet(lists, mirrored(placeOf(first), TO_NEWER), question), TO_NEWER));
  const rows = await question.step(
    // Read newest first, as all of history is.
    () => historyRows(reading.sql, places.toReversed()),
    ({ length }) => length,
  );
  return rows.reverse();
}
