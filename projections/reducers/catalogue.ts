import {
  CATALOGUE_LISTS,
  type CatalogueContent,
  type DefaultRole,
} from '../../src/domain/catalogue/catalogue';
import { stagedDigest } from '../../src/domain/catalogue/digest';
import type { CatalogueEvent, StagedCatalogueEvent } from '../../src/domain/catalogue/events';
import { applyPublication } from '../../src/domain/catalogue/evolve';
import {
  readContent,
  readFormer,
  publicationAt,
  ID_OF,
  type EntryKind,
  type Former,
} from '../tables/catalogue-rows';
import type { CheckedEvent } from '../projector/checked-event';
import { OPEN } from '../tables/schema';
import type { Sql } from '../tables/sql';
import type { Ordinal } from '../view';
import type { TableWriter } from '../tables/table-writer';

/** The catalogue: staged events are kept, and take effect as a whole where a publication names them. */

type Published = Extract<CatalogueEvent, { type: 'CataloguePublished' }>;

export function reduceCatalogue(writing: TableWriter, logged: CheckedEvent, event: CatalogueEvent): void {
  if (event.type === 'CataloguePublished') return publish(writing.sql, logged, event);
  writing.sql.run(
    'INSERT INTO catalogue_staged (n, publication, type, data) VALUES (?, ?, ?, ?)',
    logged.ordinal,
    event.data.publication,
    event.type,
    JSON.stringify(event.data),
  );
}

function publish(sql: Sql, logged: CheckedEvent, event: Published): void {
  const { publication, version, count, digest, contentDigest } = event.data;
  const staged = sql
    .all<{ type: string; data: string }>(
      'SELECT type, data FROM catalogue_staged WHERE publication = ? ORDER BY n',
      publication,
    )
    .map(({ type, data }) => ({ type, data: JSON.parse(data) as unknown }) as StagedCatalogueEvent);
  if (staged.length !== count)
    throw logged.poison(`it counts ${count} staged events, the log has ${staged.length}`);
  if (stagedDigest(staged) !== digest) throw logged.poison('its digest is not that of the staged events');
  const { ordinal } = logged;
  const before = readContent(sql, publicationAt(sql, ordinal));
  const after = applyPublication(before, staged, event);
  for (const kind of CATALOGUE_LISTS) replaceEntries(sql, ordinal, kind, entriesOf(kind, after));
  replaceEntries(sql, ordinal, 'former', formerRoles(readFormer(sql, ordinal), before, after, ordinal));
  sql.run(
    'INSERT INTO publication (n, version, content_digest) VALUES (?, ?, ?)',
    ordinal,
    version,
    contentDigest,
  );
  // What no publication names by now is void.
  sql.exec('DELETE FROM catalogue_staged');
}

const entriesOf = <K extends Exclude<EntryKind, 'former'>>(
  kind: K,
  content: CatalogueContent,
): Map<string, object> =>
  new Map(
    (content[kind] as CatalogueContent[K][number][]).map((item) => [
      (ID_OF[kind] as (entry: typeof item) => string)(item),
      item,
    ]),
  );

/** What retired default roles last granted: it is still held, and withheld. */
function formerRoles(
  known: ReadonlyMap<string, Former>,
  before: CatalogueContent,
  after: CatalogueContent,
  ordinal: Ordinal,
): Map<string, Former> {
  const last = new Map(before.defaultRoles.map((role): [string, DefaultRole] => [role.key, role]));
  return new Map(
    after.defaultRoles
      .filter(({ retired }) => retired)
      .map(({ key }) => [
        key,
        known.get(key) ?? { since: ordinal, permissions: last.get(key)?.permissions ?? [] },
      ]),
  );
}

/** Makes rows say what holds from here on; rows that say it already stay. */
function replaceEntries(sql: Sql, at: Ordinal, kind: EntryKind, entries: ReadonlyMap<string, object>): void {
  const rows = sql.all<{ key: string; sort: number; json: string }>(
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

/** Whether the catalogue ever defined a default role of that key. */
export const isDefaultRole = (sql: Sql, key: string): boolean =>
  sql.get(`SELECT 1 FROM catalogue_entry WHERE kind = 'defaultRoles' AND key = ? LIMIT 1`, key) !== undefined;
