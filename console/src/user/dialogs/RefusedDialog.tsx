import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Dialog } from '../../ui/surfaces/Dialog';
import { refusalWords } from '../refusal-words';
import type { Problem } from '../use-activation';

interface Props extends Problem {
  readonly onClose: () => void;
}

/** Tells of a command that was given by a menu, and changed nothing: why, and what to do about it. */
export function RefusedDialog({ refusals, fault, onClose }: Props): ReactNode {
  return (
    <Dialog
      role="alertdialog"
      title={t('refused')}
      onClose={onClose}
      foot={
        <Button onPress={onClose} autoFocus>
          {t('close')}
        </Button>
      }
    >
      {refusals.map((refusal) => (
        <p key={refusal.code}>{refusalWords(refusal, new Map())}</p>
      ))}
      {fault && <FaultNote fault={fault} />}
    </Dialog>
  );
}
