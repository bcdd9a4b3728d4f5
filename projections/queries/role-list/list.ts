import { sortKey } from '../../../src/domain/text';
import { roleIds } from '../../tables/roles';
import {
  EXACT_COUNT_LIMIT,
  type Page,
  type PageRequest,
  type RoleFilter,
  type RoleOrder,
  type RoleRow,
} from '../../view';
import type { Asking, AsOfContext } from '../as-of-context';
import { pageOf, walkOf } from '../cursor';
import { defaultRoles, wantedRoles, type Wanted } from './filter';
import { alongRoles, columnOf, comparePlaces, cursorOf, placeIn, valueOf, type Place } from './order';
import { lastChange, roleRows } from './rows';
import { countCollected, customRoles, FROM_THE_BEGINNING, walkByName } from './walk';

/** The list of roles: default roles from the catalogue, which are some hundred at most, and custom ones, merged. */

/** @throws InvalidCursorError, OrderNotAsOfError */
export async function listRoles(
  asking: Asking,
  filter: RoleFilter,
  order: RoleOrder | null,
  page: PageRequest,
): Promise<Page<RoleRow>> {
  const { reading, question } = asking;
  const grows = alongRoles(order, false).key;
  const walk = walkOf<Place>(
    page,
    (cursor) => placeIn(order, cursor),
    ({ n, ...place }, by) => ({ ...place, n: n + by * grows }),
  );
  const { start, end } = walk;
  const wanted = await wantedRoles(asking, filter);
  const along = alongRoles(order, walk.backward);
  const compare = comparePlaces(along);
  const custom = await customRoles(asking, wanted, { order, along, after: start, count: walk.size + 1 });
  const defaults = await question.step(
    () => defaultEntries(reading, wanted, order),
    ({ length }) => length,
  );
  const ids = roleIds(
    reading,
    custom.map(({ n }) => n),
  );
  const found = [...defaults, ...custom.map((place) => ({ id: ids.get(place.n)!, place }))]
    .filter(({ place }) => (!start || compare(place, start) > 0) && (!end || compare(place, end) < 0))
    .sort((a, b) => compare(a.place, b.place))
    .slice(0, walk.size + 1);
  const shown = found.slice(0, walk.size).map(({ id }) => id);
  const rows = await question.step(
    () => roleRows(reading, shown),
    ({ size }) => size,
  );
  return pageOf(
    walk,
    found.map(({ id, place }) => ({ item: rows.get(id)!, cursor: cursorOf(order, place) })),
  );
}

interface DefaultEntry {
  readonly id: string;
  readonly place: Place;
}

function defaultEntries(reading: AsOfContext, wanted: Wanted, order: RoleOrder | null): DefaultEntry[] {
  const { snapshot } = reading;
  const found = defaultRoles(reading, wanted);
  const roles = columnOf(order) ? reading.roles(found.map(([{ key }]) => key)) : new Map<string, never>();
  const countOf = reading.roleCounts(roles.values());
  return found.map(([role, index]) => {
    const n = index - snapshot.catalogue.content.defaultRoles.length;
    if (order === null) return { id: role.key, place: { segment: 0, value: null, key: '', n } };
    const at = roles.get(role.key);
    const count = at && countOf(at);
    const value = count
      ? valueOf(order, {
          ...snapshot.countsOf(role),
          users: at.ended === null ? count.users : 0,
          changed: lastChange(reading, at, count),
        })
      : null;
    return { id: role.key, place: { segment: 1, value, key: sortKey(role.name), n } };
  });
}

/** Null above the limit, where roles would have to be walked. */
export async function countRoles(asking: Asking, filter: RoleFilter): Promise<number | null> {
  const { reading } = asking;
  const wanted = await wantedRoles(asking, filter);
  const defaults = defaultRoles(reading, wanted).length;
  if (wanted.few) return defaults + (await countCollected(asking, wanted, wanted.few));
  if (wanted.pattern === null && wanted.permission === null) {
    const { roles, deleted } = reading.counts();
    return defaults + roles + (filter.includeDeleted ? deleted : 0);
  }
  let [looked, found] = [0, 0];
  for (const deleted of wanted.deleted) {
    for await (const rows of walkByName(asking, wanted, deleted, FROM_THE_BEGINNING)) {
      looked += rows.length;
      // The walk is bounded, wherever the matches are.
      if (looked >= 2 * EXACT_COUNT_LIMIT) return null;
      found += rows.filter(({ fits }) => fits).length;
    }
  }
  return defaults + found;
}
