import { searchKey, sortKey } from '../../src/domain/text';
import { BEFORE_FIRST, type Ordinal } from '../numbers';
import type { RoleCount } from '../tables/counts';
import { recorded, type Recorded } from '../tables/history';
import { roleIds } from '../tables/roles';
import type { Flag, RoleFactRow } from '../tables/rows';
import { compareText } from '../tables/sqlite/collation';
import { patternOf } from '../tables/user-search/user-search-index';
import {
  EXACT_COUNT_LIMIT,
  type Page,
  type PageRequest,
  type RoleFilter,
  type RoleOrder,
  type RoleRow,
} from '../view';
import type { Asking, AsOfContext, RoleAt } from './as-of-context';
import { decodeCursor, encodeCursor, pageOf, walkOf } from './cursor';

/** The list of roles: default roles from the catalogue, custom ones from their index by name, merged. */

/** Sort key of a role in a list. Default roles have negative numbers, so they come first among roles of one name. */
type Place = readonly [segment: number, key: string, n: number];
interface Entry {
  readonly place: Place;
  readonly id: string;
}

export async function listRoles(
  asking: Asking,
  filter: RoleFilter,
  order: RoleOrder,
  page: PageRequest,
): Promise<Page<RoleRow>> {
  const { reading, question } = asking;
  const list = `roles:${order}`;
  const grows = order === 'NAME_DESC' ? -1 : 1;
  const walk = walkOf<Place>(
    page,
    (cursor) => decodeCursor<Place>(list, cursor, ['number', 'string', 'number'])!,
    ([segment, key, n], by) => [segment, key, n + by * grows],
  );
  const direction = walk.backward ? -grows : grows;
  const compare = (a: Place, b: Place): number =>
    (a[0] - b[0] || compareText(a[1], b[1]) || a[2] - b[2]) * direction;
  const { start, end } = walk;
  const custom = await customEntries(asking, filter, direction, { after: start, count: walk.size + 1 });
  const found = [...defaultEntries(reading, filter, order), ...custom]
    .filter(({ place }) => (!start || compare(place, start) > 0) && (!end || compare(place, end) < 0))
    .sort((a, b) => compare(a.place, b.place))
    .slice(0, walk.size + 1);
  const wanted = found.slice(0, walk.size).map(({ id }) => id);
  const rows = await question.step(
    () => roleRows(reading, wanted),
    ({ size }) => size,
  );
  return pageOf(
    walk,
    found.map(({ id, place }) => ({ item: rows.get(id)!, cursor: encodeCursor(list, place) })),
  );
}

function defaultEntries(reading: AsOfContext, filter: RoleFilter, order: RoleOrder): Entry[] {
  const pattern = patternOf(filter.search);
  if (filter.kind === 'CUSTOM' || pattern === '') return [];
  const { content } = reading.snapshot.catalogue;
  return content.defaultRoles.flatMap((role, index) => {
    if (role.retired && !filter.includeDeleted) return [];
    if (pattern !== null && !searchKey(role.name).includes(pattern)) return [];
    const n = index - content.defaultRoles.length;
    return [{ id: role.key, place: order === 'DEFAULT_FIRST' ? [0, '', n] : [1, sortKey(role.name), n] }];
  });
}

type Row = Pick<RoleFactRow, 'n' | 'name_key' | 'valid_from'> & { readonly fits: Flag };

/** Rows read in one step. */
const STEP = 1_000;

interface Slice {
  readonly after: Place | null;
  readonly count: number;
}

async function customEntries(
  asking: Asking,
  filter: RoleFilter,
  direction: number,
  { after, count }: Slice,
): Promise<Entry[]> {
  if (filter.kind === 'DEFAULT' || patternOf(filter.search) === '') return [];
  const found: Row[] = [];
  for (const deleted of filter.includeDeleted ? [0, 1] : [0]) {
    let fitting = 0;
    for await (const rows of walkRoles(asking, filter, {
      deleted,
      descending: direction < 0,
      after,
      count,
    })) {
      const some = rows.filter(({ fits }) => fits).slice(0, count - fitting);
      found.push(...some);
      fitting += some.length;
      if (fitting >= count) break;
    }
  }
  const ids = roleIds(
    asking.reading,
    found.map(({ n }) => n),
  );
  return found.map(({ n, name_key }) => ({ id: ids.get(n)!, place: [1, name_key, n] }));
}

interface RoleWalk extends Slice {
  readonly deleted: number;
  readonly descending: boolean;
}

/**
 * Current and former names of custom roles, in order, chunk by chunk; each row is flagged if it fits. A role has a row
 * for each change, so a chunk continues behind a row, not behind a role: the row that holds may come after an earlier
 * one.
 */
async function* walkRoles(
  { reading: { sql, account, at }, question }: Asking,
  filter: RoleFilter,
  { deleted, descending, after, count }: RoleWalk,
): AsyncGenerator<Row[], void, undefined> {
  const pattern = patternOf(filter.search) ?? '';
  const [sign, direction] = descending ? ['<', 'DESC'] : ['>', 'ASC'];
  // A place among the default roles that come first is before all custom ones, or behind all in a walk back.
  if (after?.[0] === 0 && descending) return;
  let place: readonly (string | number)[] = after?.[0] === 1 ? after.slice(1) : [];
  for (let size = Math.min(count, STEP); ; size = STEP) {
    const behind = BEHIND[place.length] ? `AND ${BEHIND[place.length]!(sign)}` : '';
    const text = `SELECT n, name_key, valid_from, (valid_from <= ? AND valid_to > ? AND instr(search_key, ?)) AS fits
       FROM role_fact INDEXED BY role_by_name WHERE account = ? AND deleted = ? ${behind}
       ORDER BY name_key ${direction}, n ${direction}, valid_from ${direction} LIMIT ?`;
    const values = [at, at, pattern, account, deleted, ...place, size];
    const rows = await question.step(
      () => sql.all<Row>(text, ...values),
      ({ length }) => length,
    );
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    place = [last.name_key, last.n, last.valid_from];
  }
}

/** Conditions for rows after a role of a page, and after a row of a role, by number of values. */
const BEHIND: Readonly<Record<number, (sign: string) => string>> = {
  2: (sign) => `(name_key, n) ${sign} (?, ?)`,
  3: (sign) => `(name_key, n, valid_from) ${sign} (?, ?, ?)`,
};

export async function countRoles(asking: Asking, filter: RoleFilter): Promise<number | null> {
  const { reading } = asking;
  const defaults = defaultEntries(reading, filter, 'DEFAULT_FIRST').length;
  if (filter.kind === 'DEFAULT') return defaults;
  const { roles, deleted } = reading.counts();
  const pattern = patternOf(filter.search);
  if (pattern === '') return 0;
  if (pattern === null) return defaults + roles + (filter.includeDeleted ? deleted : 0);
  let [looked, found] = [0, 0];
  for (const deletedToo of filter.includeDeleted ? [0, 1] : [0]) {
    const walk = { deleted: deletedToo, descending: false, after: null, count: STEP };
    for await (const rows of walkRoles(asking, filter, walk)) {
      looked += rows.length;
      // The walk is bounded, wherever the matches are.
      if (looked >= 2 * EXACT_COUNT_LIMIT) return null;
      found += rows.filter(({ fits }) => fits).length;
    }
  }
  return defaults + found;
}

/** Roles by id, deleted ones included. */
export function roleRows(reading: AsOfContext, ids: readonly string[]): ReadonlyMap<string, RoleRow> {
  const roles = reading.roles(ids);
  const countOf = reading.roleCounts(roles.values());
  const ordinals = [...roles.values()].flatMap((role) =>
    [role.created, lastChange(reading, role, countOf(role)), role.ended].filter(
      (ordinal) => ordinal !== null,
    ),
  );
  const events = recorded(reading.sql, ordinals);
  return new Map([...roles].map(([id, role]) => [id, roleRow(reading, role, countOf(role), events)]));
}

/** Ordinal of a role’s last change: of a default role in the account, or by a publication. */
function lastChange({ snapshot }: AsOfContext, { id, fact }: RoleAt, { n }: Readonly<RoleCount>): Ordinal {
  const published = fact ? BEFORE_FIRST : snapshot.changedAt(id);
  return published > n ? published : n;
}

/** Written out: spreading one object into another of so many fields would cost more than reading the row. */
function roleRow(
  reading: AsOfContext,
  role: RoleAt,
  count: Readonly<RoleCount>,
  events: ReadonlyMap<Ordinal, Recorded>,
): RoleRow {
  const { snapshot } = reading;
  const { id, fact, created, ended } = role;
  const entry = fact ? null : snapshot.catalogue.defaultRole.get(id)!;
  const granted = entry ? snapshot.countsOf(entry) : count;
  const stored = (fact ?? entry)!;
  const creation = changeAt(events, created);
  const change = changeAt(events, lastChange(reading, role, count));
  return {
    id,
    kind: fact ? 'CUSTOM' : 'DEFAULT',
    name: stored.name,
    description: stored.description,
    group: entry?.group ?? null,
    userCount: ended === null ? count.users : 0,
    permissionCount: granted.permissions,
    scopeCount: granted.scopes,
    version: count.version,
    createdAt: creation.at,
    createdBy: creation.by,
    updatedAt: change.at,
    updatedBy: change.by,
    deletedAt: changeAt(events, ended).at,
  };
}

const NEVER = { at: null, by: null } as const;
const changeAt = (
  events: ReadonlyMap<Ordinal, Recorded>,
  ordinal: Ordinal | null,
): Recorded | typeof NEVER => (ordinal === null ? NEVER : (events.get(ordinal) ?? NEVER));
