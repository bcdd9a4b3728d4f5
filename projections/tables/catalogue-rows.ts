import {
  CATALOGUE_LISTS,
  EMPTY_CATALOGUE,
  type CatalogueContent,
  type CatalogueList,
} from '../../src/domain/catalogue/catalogue';
import { catalogueKinds } from '../../src/domain/catalogue/entry-events';
import type { Sql } from './sql';
import type { Ordinal } from '../view';

/** Rows of the catalogue: one per entry and interval, as JSON, with its place among its kind. */

export type EntryKind = CatalogueList | 'former';

const kinds = catalogueKinds('');
/** By what an entry is known in its kind. */
export const ID_OF = {
  groups: kinds.group.id,
  features: kinds.feature.id,
  scopes: kinds.scope.id,
  sections: kinds.section.id,
  permissions: kinds.permission.id,
  defaultRoles: kinds.defaultRole.id,
  conflicts: kinds.conflict.id,
};

export interface Publication {
  readonly n: Ordinal;
  readonly version: number;
  readonly content_digest: string;
}
/** A retired default role: where it retired, and what it granted until then. */
export interface Former {
  readonly since: Ordinal;
  readonly permissions: readonly string[];
}

/** The last publication up to an ordinal. */
export const publicationAt = (sql: Sql, at: Ordinal): Publication | undefined =>
  sql.get<Publication>(
    'SELECT n, version, content_digest FROM publication WHERE n <= ? ORDER BY n DESC LIMIT 1',
    at,
  );

export function readContent(sql: Sql, publication: Publication | undefined): CatalogueContent {
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
    .all<{ key: string; json: string }>(
      'SELECT key, json FROM catalogue_entry WHERE kind = ? AND valid_from <= ? AND valid_to > ? ORDER BY sort',
      kind,
      at,
      at,
    )
    .map(({ key, json }) => ({ key, entry: JSON.parse(json) as unknown }));
