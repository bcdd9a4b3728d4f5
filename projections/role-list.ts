import { searchKey, sortKey } from '../src/domain/text';
import type { RoleCount } from './counts';
import { compareText, decodeCursor, encodeCursor, pageOf } from './cursor';
import { recorded, type Recorded } from './history';
import type { Reading, RoleAt } from './reading';
import { patternOf } from './user-search';
import {
  EXACT_COUNT_LIMIT,
  type Ordinal,
  type Page,
  type PageRequest,
  type RoleFilter,
  type RoleOrder,
  type RoleRow,
} from './view';

/** The list of roles: default roles from the catalogue, custom ones from their index by name, merged. */

/** Where a role stands in a list. Numbers of default roles are negative, so that of one name they come first. */
type Place = readonly [segment: number, key: string, n: number];
interface Entry {
  readonly place: Place;
  readonly id: string;
}

export function listRoles(
  reading: Reading,
  filter: RoleFilter,
  order: RoleOrder,
  page: PageRequest,
): Page<RoleRow> {
  const list = `roles:${order}`;
  const after = decodeCursor<Place>(list, page.after, ['number', 'string', 'number']);
  const direction = order === 'NAME_DESC' ? -1 : 1;
  const compare = (a: Place, b: Place): number =>
    (a[0] - b[0] || compareText(a[1], b[1]) || a[2] - b[2]) * direction;
  const defaults = defaultEntries(reading, filter, order).filter(
    ({ place }) => !after || compare(place, after) > 0,
  );
  const found = [...defaults, ...customEntries(reading, filter, order, after, page.first + 1)]
    .sort((a, b) => compare(a.place, b.place))
    .slice(0, page.first + 1);
  const rows = roleRows(
    reading,
    found.map(({ id }) => id),
  );
  return pageOf(
    found.map(({ id, place }) => ({ item: rows.get(id)!, cursor: encodeCursor(list, place) })),
    page.first,
  );
}

function defaultEntries(reading: Reading, filter: RoleFilter, order: RoleOrder): Entry[] {
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

interface Row {
  readonly id: string;
  readonly n: number;
  readonly name_key: string;
}

function customEntries(
  { sql, account, at }: Reading,
  filter: RoleFilter,
  order: RoleOrder,
  after: Place | null,
  count: number,
): Entry[] {
  const pattern = patternOf(filter.search);
  if (filter.kind === 'DEFAULT' || pattern === '') return [];
  const [sign, direction] = order === 'NAME_DESC' ? ['<', 'DESC'] : ['>', 'ASC'];
  const place = after && after[0] === 1 ? after.slice(1) : [];
  const rows = (filter.includeDeleted ? [0, 1] : [0]).flatMap((deleted) =>
    sql.all<Row>(
      `SELECT k.id, r.n, r.name_key FROM (
         SELECT n, name_key FROM role_fact INDEXED BY role_by_name
         WHERE account = ? AND deleted = ? ${place.length > 0 ? `AND (name_key, n) ${sign} (?, ?)` : ''}
           AND valid_from <= ? AND valid_to > ? AND instr(search_key, ?)
         ORDER BY name_key ${direction}, n ${direction} LIMIT ?) r
       CROSS JOIN role_key k ON k.account = ? AND k.n = r.n`,
      account,
      deleted,
      ...place,
      at,
      at,
      pattern ?? '',
      count,
      account,
    ),
  );
  return rows.map(({ id, n, name_key }) => ({ id, place: [1, name_key, n] }));
}

export function countRoles(reading: Reading, filter: RoleFilter): number | null {
  const defaults = defaultEntries(reading, filter, 'DEFAULT_FIRST').length;
  if (filter.kind === 'DEFAULT') return defaults;
  const { roles, deleted } = reading.counts();
  const pattern = patternOf(filter.search);
  if (pattern === '') return 0;
  if (pattern === null) return defaults + roles + (filter.includeDeleted ? deleted : 0);
  const { sql, account, at } = reading;
  // Every role has a fact; the inner limit bounds the walk, wherever its matches are.
  const row = sql.get<{ seen: number; found: number }>(
    `SELECT count(*) AS seen, count(CASE WHEN instr(search_key, ?) THEN 1 END) AS found FROM (
       SELECT search_key FROM role_fact INDEXED BY role_by_name
       WHERE account = ? AND deleted <= ? AND valid_from <= ? AND valid_to > ? LIMIT ?)`,
    pattern,
    account,
    filter.includeDeleted ? 1 : 0,
    at,
    at,
    2 * EXACT_COUNT_LIMIT,
  );
  if (!row || row.seen >= 2 * EXACT_COUNT_LIMIT) return null;
  return defaults + row.found;
}

/** Roles by id, deleted ones included. */
export function roleRows(reading: Reading, ids: readonly string[]): ReadonlyMap<string, RoleRow> {
  const roles = reading.roles(ids);
  const countOf = reading.roleCounts(roles.values());
  const ordinals = [...roles.values()].flatMap((role) => [role.created, countOf(role).n, role.ended ?? 0]);
  const events = recorded(reading.sql, ordinals);
  return new Map([...roles].map(([id, role]) => [id, roleRow(reading, role, countOf(role), events)]));
}

/** Written out: spreading one object into another of so many fields would cost more than reading the row. */
function roleRow(
  { snapshot }: Reading,
  { id, fact, created, ended }: RoleAt,
  count: Readonly<RoleCount>,
  events: ReadonlyMap<Ordinal, Recorded>,
): RoleRow {
  const entry = fact ? null : snapshot.catalogue.defaultRole.get(id)!;
  const granted = entry ? snapshot.countsOf(entry) : count;
  const creation = fact ? events.get(created) : undefined;
  return {
    id,
    kind: fact ? 'CUSTOM' : 'DEFAULT',
    name: (fact ?? entry)!.name,
    description: (fact ?? entry)!.description,
    group: entry?.group ?? null,
    userCount: ended === null ? count.users : 0,
    permissionCount: granted.permissions,
    scopeCount: granted.scopes,
    version: count.version,
    createdAt: creation?.at ?? null,
    createdBy: creation?.by ?? null,
    updatedAt: events.get(count.n)?.at ?? null,
    deletedAt: ended === null ? null : (events.get(ended)?.at ?? null),
  };
}
