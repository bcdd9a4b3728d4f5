import { useState, type ReactNode } from 'react';
import { CompareLink } from '../compare/CompareLink';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Menu, type MenuEntry } from '../ui/controls/Menu';
import { userAddressOf } from '../users/user-address';
import { EraseDialog } from './dialogs/EraseDialog';
import { RefusedDialog } from './dialogs/RefusedDialog';
import { RenameDialog } from './dialogs/RenameDialog';
import { useActivation } from './use-activation';
import type { UserOfPage } from './user-types';

/** Acts on a user: as `allowedActions` says, and nothing else. */
export function UserActions({ user }: { readonly user: UserOfPage }): ReactNode {
  const [open, setOpen] = useState<'rename' | 'erase' | null>(null);
  const activation = useActivation(user);
  const may = (action: UserOfPage['allowedActions'][number]): boolean => user.allowedActions.includes(action);
  const close = (): void => setOpen(null);
  const entries: MenuEntry[] = [];
  if (may('DEACTIVATE'))
    entries.push({ id: 'deactivate', label: t('user.deactivate'), act: activation.deactivate });
  if (may('REACTIVATE'))
    entries.push({ id: 'reactivate', label: t('user.reactivate'), act: activation.reactivate });
  if (may('ERASE'))
    entries.push({ id: 'erase', label: t('user.erase'), act: () => setOpen('erase'), removes: true });
  return (
    <>
      <CompareLink what="user" userId={userAddressOf(user.key)} />
      {may('EDIT_DETAILS') && <Button onPress={() => setOpen('rename')}>{t('user.rename')}</Button>}
      {entries.length > 0 && <Menu label={t('roles.actionsOf', { name: user.name })} entries={entries} />}
      {open === 'rename' && <RenameDialog user={user} onClose={close} />}
      {open === 'erase' && <EraseDialog userId={user.key} onClose={close} />}
      {activation.problem && <RefusedDialog {...activation.problem} onClose={activation.dismiss} />}
    </>
  );
}
