import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { RoleRowFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Menu, type MenuEntry } from '../ui/controls/Menu';
import { DeleteDialog } from './dialogs/DeleteDialog';
import { DuplicateDialog } from './dialogs/DuplicateDialog';
import { addressOf } from './role-address';

interface Props {
  readonly role: Pick<RoleRowFragment, 'id' | 'name' | 'allowedActions'>;
  readonly onChanged: () => void;
}

const EDITS = ['EDIT_DETAILS', 'EDIT_PERMISSIONS', 'EDIT_MEMBERSHIP'] as const;

/** The three-dot menu of a role: what its `allowedActions` allow, and nothing else. */
export function RoleMenu({ role, onChanged }: Props): ReactNode {
  const [open, setOpen] = useState<'duplicate' | 'delete' | null>(null);
  const navigate = useNavigate();
  const { allowedActions, id, name } = role;
  const edit = (): void => void navigate({ to: '/roles/$roleId', params: { roleId: addressOf(id) } });
  const entries: MenuEntry[] = [
    EDITS.some((action) => allowedActions.includes(action))
      ? { id: 'edit', label: t('edit'), act: edit }
      : { id: 'view', label: t('view'), act: edit },
  ];
  if (allowedActions.includes('DUPLICATE'))
    entries.push({ id: 'duplicate', label: t('duplicate'), act: () => setOpen('duplicate') });
  if (allowedActions.includes('DELETE'))
    entries.push({ id: 'delete', label: t('delete'), act: () => setOpen('delete'), removes: true });
  const close = (): void => setOpen(null);
  return (
    <div>
      <Menu label={t('roles.actionsOf', { name })} entries={entries} />
      {open === 'duplicate' && <DuplicateDialog role={role} onClose={close} />}
      {open === 'delete' && (
        <DeleteDialog
          roleId={id}
          onClose={close}
          onDeleted={() => {
            close();
            onChanged();
          }}
        />
      )}
    </div>
  );
}
