import { markOf } from '../../draft/changes';
import { isGranted, type RoleDraft } from '../../draft/role-draft';
import type { RoleSearch } from '../role-search';
import type { FormPermission, FormSection } from '../sections';

/** A section, with those of its permissions that a filter leaves. */
export interface FilteredSection {
  readonly section: FormSection;
  readonly shown: readonly FormPermission[];
}

/** Sections and permissions that a filter leaves. A text is looked for in descriptions, keys and names of sections. */
export function filterSections(
  sections: readonly FormSection[],
  draft: RoleDraft,
  { q, only }: Pick<RoleSearch, 'q' | 'only'>,
  marks?: ReadonlyMap<string, unknown>,
): FilteredSection[] {
  if (q === undefined && only === undefined)
    return sections.map((section) => ({ section, shown: section.permissions }));
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string): boolean => words.every((word) => text.includes(word));
  const kept = ({ key }: FormPermission): boolean => {
    if (only === 'selected') return isGranted(draft, key);
    return only !== 'changed' || markOf(draft, key) !== null || marks?.has(key) === true;
  };
  return sections
    .map((section) => ({
      section,
      shown: section.permissions.filter(
        (permission) =>
          kept(permission) &&
          matches(`${permission.description} ${permission.key} ${section.name}`.toLowerCase()),
      ),
    }))
    .filter(({ shown }) => shown.length > 0);
}
