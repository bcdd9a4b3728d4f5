import { byKey, CATALOGUE_LISTS, type CatalogueContent } from '../../src/domain/catalogue/catalogue';
import { stagedDigest } from '../../src/domain/catalogue/digest';
import { catalogueChanges } from '../../src/domain/catalogue/changes';
import type { CatalogueEvent } from '../../src/domain/catalogue/events';
import { applyPublication } from '../../src/domain/catalogue/evolve';
import type { Ordinal } from '../numbers';
import {
  addPublication,
  ID_OF,
  publicationAt,
  readContent,
  readFormer,
  replaceEntries,
  stage,
  stagedOf,
  type EntryKind,
  type Former,
} from '../tables/catalogue';
import { addCatalogueChanges } from '../tables/catalogue-changes';
import type { TableWriter } from '../tables/table-writer';
import type { CheckedEvent } from './checked-event';

/** The catalogue: staged events are kept, and take effect as a whole where a publication names them. */

type Published = Extract<CatalogueEvent, { type: 'CataloguePublished' }>;

export function reduceCatalogue(writing: TableWriter, logged: CheckedEvent, event: CatalogueEvent): void {
  if (event.type === 'CataloguePublished') publish(writing, logged, event);
  else stage(writing.sql, logged.ordinal, event);
}

function publish(writing: TableWriter, logged: CheckedEvent, event: Published): void {
  const { sql } = writing;
  const { publication, version, count, digest, contentDigest } = event.data;
  const staged = stagedOf(sql, publication);
  if (staged.length !== count)
    throw logged.poison(`it counts ${count} staged events, the log has ${staged.length}`);
  if (stagedDigest(staged) !== digest) throw logged.poison('its digest is not that of the staged events');
  const { ordinal } = logged;
  const before = readContent(sql, publicationAt(sql, ordinal));
  const after = applyPublication(before, staged, event);
  for (const kind of CATALOGUE_LISTS) replaceEntries(sql, ordinal, kind, entriesOf(kind, after));
  replaceEntries(sql, ordinal, 'former', formerRoles(readFormer(sql, ordinal), before, after, ordinal));
  addPublication(sql, { n: ordinal, version, content_digest: contentDigest });
  addCatalogueChanges(writing, ordinal, catalogueChanges(before, after));
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

/** Last grants of retired default roles: users still hold these, and they are withheld. */
function formerRoles(
  known: ReadonlyMap<string, Former>,
  before: CatalogueContent,
  after: CatalogueContent,
  ordinal: Ordinal,
): Map<string, Former> {
  const last = byKey(before.defaultRoles);
  return new Map(
    after.defaultRoles
      .filter(({ retired }) => retired)
      .map(({ key }) => [
        key,
        known.get(key) ?? { since: ordinal, permissions: last.get(key)?.permissions ?? [] },
      ]),
  );
}
