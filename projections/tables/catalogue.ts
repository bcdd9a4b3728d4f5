import {
  CATALOGUE_LISTS,
  EMPTY_CATALOGUE,
  type CatalogueContent,
  type CatalogueList,
} from '../../src/domain/catalogue/catalogue';
import { catalogueKinds } from '../../src/domain/catalogue/entry-events';
import type { StagedCatalogueEvent } from '../../src/domain/catalogue/events';
import type { Ordinal } from '../numbers';
import type { CatalogueEntryRow, CatalogueStagedRow, Flag, PublicationRow } from './rows';
import { OPEN } from './schema';
import { jsonList } from './sqlite/json-list';
import type { Sql } from './sqlite/sql';

/** Rows of the catalogue: one per entry and interval, as JSON, with its index among its kind. */

export type EntryKind = CatalogueList | 'former';

const kinds = catalogueKinds('');
/** Id of an entry within its kind. */
export const ID_OF = {
  groups: kinds.group.id,
  features: kinds.feature.id,
  scopes: kinds.scope.id,
  sections: kinds.section.id,
  permissions: kinds.permission.id,
  defaultRoles: kinds.defaultRole.id,
  conflicts: kinds.conflict.id,
  roleTemplates: kinds.roleTemplate.id,
};

/** A retired default role: ordinal of its retirement, and its last permissions. */
export interface Former {
  readonly since: Ordinal;
  readonly permissions: readonly string[];
}

/** The last publication up to an ordinal. */
export const publicationAt = (sql: Sql, at: Ordinal): PublicationRow | undefined =>
  sql.get<PublicationRow>(
    'SELECT n, version, content_digest FROM publication WHERE n <= ? ORDER BY n DESC LIMIT 1',
    at,
  );

export function readContent(sql: Sql, publication: PublicationRow | undefined): CatalogueContent {
  if (!publication) return EMPTY_CATALOGUE.content;
  const { n, version, content_digest: contentDigest } = publication;
  const lists = CATALOGUE_LISTS.map((kind) => [kind, readEntries(sql, kind, n).map(({ entry }) => entry)]);
  return { version, contentDigest, ...Object.fromEntries(lists) } as CatalogueContent;
}

export const readFormer = (sql: Sql, at: Ordinal): ReadonlyMap<string, Former> =>
  new Map(readEntries(sql, 'former', at).map(({ key, entry }) => [key, entry as Former]));

const readEntries = (
  sql: Sql,
  kind: EntryKind,
  at: Ordinal,
): { readonly key: string; readonly entry: unknown }[] =>
  sql
    .all<Pick<CatalogueEntryRow, 'key' | 'json'>>(
      'SELECT key, json FROM catalogue_entry WHERE kind = ? AND valid_from <= ? AND valid_to > ? ORDER BY sort',
      kind,
      at,
      at,
    )
    .map(({ key, json }) => ({ key, entry: JSON.parse(json) as unknown }));

/** Keeps a definition until a publication names it. */
export const stage = (sql: Sql, ordinal: Ordinal, { type, data }: StagedCatalogueEvent): void =>
  sql.run(
    'INSERT INTO catalogue_staged (n, publication, type, data) VALUES (?, ?, ?, ?)',
    ordinal,
    data.publication,
    type,
    JSON.stringify(data),
  );

export const stagedOf = (sql: Sql, publication: string): StagedCatalogueEvent[] =>
  sql
    .all<Pick<CatalogueStagedRow, 'type' | 'data'>>(
      'SELECT type, data FROM catalogue_staged WHERE publication = ? ORDER BY n',
      publication,
    )
    .map(({ type, data }) => ({ type, data: JSON.parse(data) as unknown }) as StagedCatalogueEvent);

/** Adds a publication; staged events that none has named by then are void. */
export function addPublication(sql: Sql, { n, version, content_digest }: PublicationRow): void {
  sql.run(
    'INSERT INTO publication (n, version, content_digest) VALUES (?, ?, ?)',
    n,
    version,
    content_digest,
  );
  sql.exec('DELETE FROM catalogue_staged');
}

/** Brings the rows to the content that holds from here on; rows that already agree stay. */
export function replaceEntries(
  sql: Sql,
  at: Ordinal,
  kind: EntryKind,
  entries: ReadonlyMap<string, object>,
): void {
  const rows = sql.all<Pick<CatalogueEntryRow, 'key' | 'sort' | 'json'>>(
    'SELECT key, sort, json FROM catalogue_entry WHERE kind = ? AND valid_to = ?',
    kind,
    OPEN,
  );
  const held = new Map(rows.map((row) => [row.key, row]));
  for (const key of held.keys()) if (!entries.has(key)) endEntry(sql, at, kind, key);
  let sort = 0;
  for (const [key, entry] of entries) {
    const json = JSON.stringify(entry);
    const old = held.get(key);
    if (!old || old.sort !== sort || old.json !== json) {
      if (old) endEntry(sql, at, kind, key);
      sql.run(
        'INSERT INTO catalogue_entry (kind, key, valid_from, valid_to, sort, json) VALUES (?, ?, ?, ?, ?, ?)',
        kind,
        key,
        at,
        OPEN,
        sort,
        json,
      );
    }
    sort += 1;
  }
}

function endEntry(sql: Sql, at: Ordinal, kind: EntryKind, key: string): void {
  sql.run(
    'UPDATE catalogue_entry SET valid_to = ? WHERE kind = ? AND key = ? AND valid_to = ?',
    at,
    kind,
    key,
    OPEN,
  );
}

/** True if the catalogue ever defined a default role of that key. */
export const isDefaultRole = (sql: Sql, key: string): boolean =>
  sql.get(`SELECT 1 FROM catalogue_entry WHERE kind = 'defaultRoles' AND key = ? LIMIT 1`, key) !== undefined;

/** Definitions of entries that held at some ordinal from one on, up to another, as JSON. */
export const entriesDuring = (
  { sql, at }: { readonly sql: Sql; readonly at: Ordinal },
  from: Ordinal,
  kind: CatalogueList,
  keys: Iterable<string>,
): Omit<CatalogueEntryRow, 'sort'>[] =>
  sql.all(
    `SELECT e.kind, e.key, e.json, e.valid_from, e.valid_to FROM json_each(?) wanted
     CROSS JOIN catalogue_entry e ON e.kind = ? AND e.key = wanted.value AND e.valid_from <= ? AND e.valid_to > ?`,
    jsonList(keys),
    kind,
    at,
    from,
  );

/** Ordinals since which permissions are in the catalogue, by key: of the publications that took them up. */
export function permissionsTakenUp(sql: Sql, at: Ordinal): ReadonlyMap<string, Ordinal> {
  const rows = sql.all<Pick<CatalogueEntryRow, 'key' | 'valid_from'> & { readonly retired: Flag }>(
    `SELECT key, valid_from, json ->> 'retired' AS retired FROM catalogue_entry
     WHERE kind = 'permissions' AND valid_from <= ? ORDER BY key, valid_from`,
    at,
  );
  const found = new Map<string, Ordinal>();
  for (const { key, valid_from, retired } of rows) {
    if (retired) found.delete(key);
    else if (!found.has(key)) found.set(key, valid_from);
  }
  return found;
}
