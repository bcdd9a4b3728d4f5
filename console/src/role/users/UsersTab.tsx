import { useState, type ReactNode } from 'react';
import { assign } from '../../draft/edit';
import { nameOf } from '../../draft/role-draft';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { SearchField } from '../../ui/controls/SearchField';
import { useRoleForm } from '../form';
import styles from '../permissions/PermissionsTab.module.css';
import type { RoleSearch } from '../role-search';
import { ChosenUsers } from './ChosenUsers';
import { RoleUserList } from './RoleUserList';
import { SelectUsersPanel } from './SelectUsersPanel';

interface Props {
  readonly search: RoleSearch;
  readonly onShow: (search: RoleSearch) => void;
  /** Null: the role is not created yet. */
  readonly roleId: string | null;
  readonly userCount: number;
}

/** Users of a role: those who are to join stand on top, then those who have it. */
export function UsersTab({ search, onShow, roleId, userCount }: Props): ReactNode {
  const { draft, edit, rights } = useRoleForm();
  const [selecting, setSelecting] = useState(false);
  return (
    <>
      <div className={styles.tools}>
        {userCount > 0 && (
          <SearchField
            label={t('users.search')}
            value={search.q ?? ''}
            shortcut
            onSearch={(text) => onShow({ tab: 'users', q: text || undefined })}
          />
        )}
        {rights.users && <Button onPress={() => setSelecting(true)}>{t('users.select')}</Button>}
      </div>
      <ChosenUsers />
      <RoleUserList roleId={roleId} search={search} onShow={onShow} />
      {selecting && (
        <SelectUsersPanel
          roleId={roleId}
          roleName={nameOf(draft) || t('role.unnamed')}
          onClose={() => setSelecting(false)}
          onAdd={(people) => {
            edit((now) => assign(now, people));
            setSelecting(false);
          }}
        />
      )}
    </>
  );
}
