import { useState, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { TextField } from '../../ui/controls/TextField';
import { Dialog } from '../../ui/surfaces/Dialog';

interface Props {
  readonly role: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly onUnassign: (reason: string) => void;
}

/** Asks before a role is taken from an inactive user, which no Undo could give back. */
export function UnassignDialog({ role, name, onClose, onUnassign }: Props): ReactNode {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      role="alertdialog"
      title={t('unassign.title', { role, name })}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose} autoFocus>
            {t('cancel')}
          </Button>
          <Button look="danger" onPress={() => onUnassign(reason)}>
            {t('unassign.act')}
          </Button>
        </>
      }
    >
      <p>{t('unassign.inactive')}</p>
      <br />
      <TextField label={t('reason')} help={t('reason.help')} value={reason} onChange={setReason} />
    </Dialog>
  );
}
