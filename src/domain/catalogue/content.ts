import type { CatalogueContent } from './catalogue';
import { contentDigest } from './digest';
import type { CatalogueFile } from './file';

/** What a catalogue file says, once published on an empty log: the same in the words of the catalogue. */
export function contentOf(file: CatalogueFile): CatalogueContent {
  return {
    version: file.version,
    contentDigest: contentDigest(file),
    groups: file.groups.map((group) => ({ ...group, retired: false })),
    features: file.features.map((feature) => ({
      ...feature,
      required: feature.required ?? false,
      retired: false,
    })),
    scopes: file.scopes.map((scope) => ({ ...scope, includes: scope.includes ?? [], retired: false })),
    sections: file.sections.map((section) => ({ ...section, retired: false })),
    permissions: file.permissions.map((permission) => ({ ...permission, retired: false })),
    defaultRoles: file.defaultRoles.map((role) => ({ ...role, retired: false })),
    conflicts: file.conflicts,
  };
}
