import type { RoleDifferenceFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { groupsOf, type CauseGroup, type DiffLine } from './cause-groups';
import { lastOf, ROLE_ENDS, type RoleEntry } from './role-lines';

/** Name and description, as lines: what was, what is. */
export function detailLines({ name, description }: RoleDifferenceFragment): DiffLine[] {
  const line = (mark: 'added' | 'removed', field: 'name' | 'description', text: string | null): DiffLine[] =>
    text === null
      ? []
      : [
          {
            id: `${mark} ${field}`,
            mark,
            text: t('history.field', { field: t(`field.${field}`), value: text }),
            gained: [],
            lost: [],
          },
        ];
  const both = (field: 'name' | 'description', diff: RoleDifferenceFragment['name']): DiffLine[] =>
    diff === null ? [] : [...line('removed', field, diff.base), ...line('added', field, diff.target)];
  return [...both('name', name), ...both('description', description)];
}

/** Name and description that differ, by the entries that made it so. */
export const detailGroups = (diff: RoleDifferenceFragment, entries: readonly RoleEntry[]): CauseGroup[] =>
  groupsOf(
    detailLines(diff).map((line) => ({
      line,
      causes: lastOf(entries, ({ type, changes }) => {
        const field = line.id.endsWith('description') ? 'description' : 'name';
        return ROLE_ENDS.has(type) || changes.some((change) => change.field === field);
      }),
    })),
  );
