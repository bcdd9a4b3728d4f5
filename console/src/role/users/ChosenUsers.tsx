import type { ReactNode } from 'react';
import { unassign } from '../../draft/edit';
import { t } from '../../messages/i18n';
import { useRoleForm } from '../form';
import { UserTable } from './UserTable';

/** Users who join with the next save. */
export function ChosenUsers(): ReactNode {
  const { draft, edit } = useRoleForm();
  const people = Object.values(draft.edits.assign);
  if (people.length === 0) return null;
  return (
    <UserTable
      caption={t('users.chosen')}
      rows={people.map((person) => ({
        person,
        userId: person.id,
        mark: 'added',
        act: () => edit((now) => unassign(now, person)),
      }))}
    />
  );
}
