import { isDeepStrictEqual } from 'node:util';
import type { CatalogueContent, DefaultRole } from './catalogue';
import { contentOf } from './content';
import { contentDigest, stagedDigest } from './digest';
import type { CatalogueEvent, StagedCatalogueEvent } from './events';
import type { CatalogueFile } from './file';
import { catalogueKinds, grantKind, type EntryKind } from './entry-events';

type Published = Extract<CatalogueEvent, { type: 'CataloguePublished' }>;

/**
 * The fewest staged events that turn the present catalogue into the file's: definitions of entries that are new,
 * changed or moved, and retirements. Retirements come first, in reverse order; then definitions, in the order in which
 * they build on each other.
 *
 * `order` is the plain index in the file, so every entry after an insertion is defined again.
 */
export function diffCatalogue(
  current: CatalogueContent,
  file: CatalogueFile,
  publication: string,
): StagedCatalogueEvent[] {
  const wanted = contentOf(file);
  const kinds = catalogueKinds(publication);
  const differences = [
    compare(current.groups, wanted.groups, kinds.group),
    compare(current.features, wanted.features, kinds.feature),
    compare(current.scopes, wanted.scopes, kinds.scope),
    compare(current.sections, wanted.sections, kinds.section),
    compare(current.permissions, wanted.permissions, kinds.permission),
    compare(current.defaultRoles, wanted.defaultRoles, kinds.defaultRole),
    ...compareGrants(current.defaultRoles, wanted.defaultRoles, publication),
    compare(current.conflicts, wanted.conflicts, kinds.conflict),
    compare(current.roleTemplates, wanted.roleTemplates, kinds.roleTemplate),
  ];
  const left = differences.toReversed().flatMap((difference) => difference.left);
  return [...left, ...differences.flatMap((difference) => difference.came)];
}

interface Difference {
  readonly left: readonly StagedCatalogueEvent[];
  readonly came: readonly StagedCatalogueEvent[];
}

/** An entry has changed exactly when its definition would differ; its order is a part of that. */
function compare<T>(current: readonly T[], wanted: readonly T[], kind: EntryKind<T>): Difference {
  const present = current.filter((item) => !(item as { retired?: boolean }).retired);
  const before = new Map(present.map((item, order) => [kind.id(item), kind.defined(item, order)]));
  const kept = new Set(wanted.map(kind.id));
  return {
    left: present.filter((item) => !kept.has(kind.id(item))).map(kind.left),
    came: wanted.flatMap((item, order) => {
      const definition = kind.defined(item, order);
      return isDeepStrictEqual(before.get(kind.id(item)), definition) ? [] : [definition];
    }),
  };
}

/** Grants are numbered within their role. A retired role loses its grants first, so each of them ends on record. */
function compareGrants(
  current: readonly DefaultRole[],
  wanted: readonly DefaultRole[],
  publication: string,
): Difference[] {
  const before = new Map(current.map((role) => [role.key, role.retired ? [] : role.permissions]));
  const after = new Map(wanted.map((role) => [role.key, role.permissions]));
  return [...new Set([...before.keys(), ...after.keys()])].map((role) =>
    compare(before.get(role) ?? [], after.get(role) ?? [], grantKind(publication, role)),
  );
}

/** The event that puts the staged events, a difference to `current`, into force, all at once. */
export function publishedEvent(
  current: Pick<CatalogueContent, 'version'>,
  file: CatalogueFile,
  publication: string,
  staged: readonly StagedCatalogueEvent[],
): Published {
  return {
    type: 'CataloguePublished',
    data: {
      publication,
      version: file.version,
      previousVersion: current.version || null,
      count: staged.length,
      digest: stagedDigest(staged),
      contentDigest: contentDigest(file),
    },
  };
}
