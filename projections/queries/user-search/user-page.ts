import type { UserNumber } from '../../numbers';
import type { Page, PageRequest } from '../../view';
import type { Asking } from '../as-of-context';
import { decodeCursor, encodeCursor, pageOf, walkOf } from '../cursor';
import { orderOf, type Entry, type UserQuery } from './candidates';
import { compareEntries, firstEach } from './sort';
import { findThese, findUsers } from './planner';

/** A page of users in the order of a query. */

export interface UserList<Item> {
  /** Name of the list and its order, for its cursors. */
  readonly name: string;
  readonly query: UserQuery;
  /** Number of memberships that the wanted roles have, as far as it matters. */
  readonly members?: number;
  /** More users, beside those of the query, as far as they fit its pattern and statuses. */
  readonly also?: readonly UserNumber[];
  /** Reads the items of users, by number. */
  readonly read: (users: readonly UserNumber[]) => ReadonlyMap<UserNumber, Item>;
}

type Place = readonly [value: number | null, key: string, n: UserNumber];

/** @throws InvalidCursorError */
export async function pageOfUsers<Item>(
  asking: Asking,
  { name, query, members, also = [], read }: UserList<Item>,
  page: PageRequest,
): Promise<Page<Item>> {
  const grows = orderOf(query.sort).key;
  const walk = walkOf<Entry>(
    page,
    (cursor) => {
      const [value, key, n] = decodeCursor<Place>(name, cursor, ['number?', 'string', 'number'])!;
      return { value, key, n };
    },
    ({ n, ...place }, by) => ({ ...place, n: (n + by * grows) as UserNumber }),
  );
  const sort = { ...query.sort, backward: walk.backward };
  const compare = compareEntries(sort);
  const slice = { after: walk.start, count: walk.size + 1 };
  const those = await findUsers(asking, { ...query, sort }, slice, members);
  const others = await findThese(asking, { ...query, sort }, slice, also);
  const found = firstEach([...those, ...others], { sort }, slice).filter(
    (entry) => walk.end === null || compare(entry, walk.end) < 0,
  );
  const wanted = found.slice(0, walk.size).map(({ n }) => n);
  const items = await asking.question.step(
    () => read(wanted),
    ({ size }) => size,
  );
  // The entry after the wanted ones counts, and is not read.
  return pageOf(
    walk,
    found.map(({ n, key, value }) => ({ item: items.get(n)!, cursor: encodeCursor(name, [value, key, n]) })),
  );
}
