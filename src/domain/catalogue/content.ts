import type { CatalogueContent } from './catalogue';
import { contentDigest } from './digest';
import type { CatalogueFile } from './file';

/** Content of a catalogue file as published on an empty log: the same facts in the catalogue's own shape. */
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
    roleTemplates: file.roleTemplates ?? [],
  };
}
