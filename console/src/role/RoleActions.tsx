import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import { leaveFreely } from '../app/leaving';
import { CompareLink } from '../compare/CompareLink';
import { changesOf } from '../draft/changes';
import { nameOf, type RoleDraft } from '../draft/role-draft';
import { t } from '../messages/i18n';
import { DeleteDialog } from '../roles/dialogs/DeleteDialog';
import { DuplicateDialog } from '../roles/dialogs/DuplicateDialog';
import { addressOf } from '../roles/role-address';
import { Button } from '../ui/controls/Button';
import { Menu } from '../ui/controls/Menu';
import { copyOf, handOver } from './copy-draft';
import type { FormSection, RoleOfPage } from './sections';

interface Props {
  readonly role: RoleOfPage;
  readonly draft: RoleDraft;
  readonly sections: readonly FormSection[];
}

/** Duplicate and delete. With changes pending, Duplicate takes them along into a new form, and leaves these here. */
export function RoleActions({ role, draft, sections }: Props): ReactNode {
  const [open, setOpen] = useState<'duplicate' | 'delete' | null>(null);
  const navigate = useNavigate();
  const client = useClient();
  const close = (): void => setOpen(null);
  const duplicate = async (): Promise<void> => {
    if (changesOf(draft).length === 0) return setOpen('duplicate');
    handOver(await copyOf(client, draft, sections, t('duplicate.name', { name: nameOf(draft) })));
    await leaveFreely(() => navigate({ to: '/roles/new' }));
  };
  return (
    <>
      <CompareLink what="role" roleId={addressOf(role.key)} />
      {role.allowedActions.includes('DUPLICATE') && (
        <Button onPress={() => void duplicate()}>{t('duplicate')}</Button>
      )}
      {role.allowedActions.includes('DELETE') && (
        <Menu
          label={t('roles.actionsOf', { name: role.name })}
          entries={[{ id: 'delete', label: t('delete'), act: () => setOpen('delete'), removes: true }]}
        />
      )}
      {open === 'duplicate' && <DuplicateDialog role={role} onClose={close} />}
      {open === 'delete' && (
        <DeleteDialog
          roleId={role.id}
          onClose={close}
          onDeleted={() => void leaveFreely(() => navigate({ to: '/roles', search: { tab: 'custom' } }))}
        />
      )}
    </>
  );
}
