import { useState, type ReactNode } from 'react';
import { DisableFeatureDocument, type FeatureLineFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { useCommand } from '../user/use-command';
import { TextField } from '../ui/controls/TextField';
import { FaultNote } from '../ui/feedback/FaultNote';
import { announce } from '../ui/feedback/live';
import { RefusalNote } from '../ui/feedback/RefusalNote';
import { Dialog } from '../ui/surfaces/Dialog';
import { TwoActs } from '../ui/surfaces/TwoActs';
import type { BoundPermission } from './bounds';
import { BoundList } from './BoundList';

interface Props {
  readonly feature: FeatureLineFragment;
  readonly bounds: readonly BoundPermission[];
  readonly onClose: () => void;
  readonly onDisabled: () => void;
}

/** Asks before a feature is disabled, and lists what has no effect then. */
export function DisableDialog({ feature, bounds, onClose, onDisabled }: Props): ReactNode {
  const { key, name } = feature;
  const [reason, setReason] = useState('');
  const { run, state, refusals, fault } = useCommand({
    document: DisableFeatureDocument,
    refusalsOf: (data) => data.disableFeature?.errors,
  });
  const disable = async (): Promise<void> => {
    if (!(await run({ feature: key, reason: reason.trim() || null }))) return;
    announce(t('feature.disabled', { feature: name }));
    onDisabled();
  };
  return (
    <Dialog
      title={t('feature.disableTitle', { feature: name })}
      role="alertdialog"
      onClose={onClose}
      foot={
        <TwoActs
          takesAway
          first={{ label: t('cancel'), act: onClose }}
          second={{
            label: t('feature.disableOf', { feature: name }),
            act: () => void disable(),
            isPending: state !== 'idle',
          }}
        />
      }
    >
      <p>{t('feature.disableText', { count: bounds.length })}</p>
      <br />
      <BoundList permissions={bounds} />
      <TextField label={t('reason')} help={t('reason.helpRemoval')} value={reason} onChange={setReason} />
      <RefusalNote refusals={refusals} />
      {fault && <FaultNote fault={fault} />}
    </Dialog>
  );
}
