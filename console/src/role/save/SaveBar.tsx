import type { ReactNode } from 'react';
import type { Change } from '../../draft/changes';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { RefusalNote } from '../../ui/feedback/RefusalNote';
import { MeanwhileNote } from './MeanwhileNote';
import { otherRefusals } from './refusals';
import styles from './SaveBar.module.css';
import { summaryOf } from './summary';
import type { Meanwhile } from './use-meanwhile';
import type { Save } from './use-save';

interface Props {
  readonly changes: readonly Change[];
  readonly save: Pick<Save, 'state' | 'refusals' | 'fault' | 'review' | 'save'>;
  readonly onDiscard: () => void;
  /** The role is being created: the bar stays, and says so. */
  readonly creates?: boolean;
  /** A save of somebody else since the draft was begun, and the way to look at it. */
  readonly meanwhile?: { readonly found: Meanwhile | null; readonly show: () => void };
}

/** The floating bar of what is not saved: only there while something is. */
export function SaveBar({ changes, save, onDiscard, creates = false, meanwhile }: Props): ReactNode {
  const { state, refusals, fault } = save;
  const busy = state !== 'idle';
  const others = otherRefusals(refusals);
  // While a save runs, a newer role may be its own.
  const found = busy ? null : (meanwhile?.found ?? null);
  return (
    <section className={styles.bar} aria-label={t('bar.label')}>
      {(others.length > 0 || fault || found) && (
        <div className={styles.problems}>
          {meanwhile && found && <MeanwhileNote meanwhile={found} onShow={meanwhile.show} />}
          <RefusalNote refusals={others} />
          {fault && <FaultNote fault={fault} onRetry={() => void save.save()} />}
        </div>
      )}
      <div className={styles.row}>
        <b>{creates ? t('bar.new') : t('bar.changes', { count: changes.length })}</b>
        <p className={styles.summary}>{state === 'waiting' ? t('bar.waiting') : summaryOf(changes)}</p>
        <Button look="plain" onPress={onDiscard} isDisabled={busy}>
          {t('bar.discard')}
        </Button>
        <Button onPress={() => save.review(true)} isDisabled={busy || changes.length === 0}>
          {t('bar.review')}
        </Button>
        <Button look="primary" isPending={busy} onPress={() => void save.save()}>
          {creates ? t('roles.create') : t('bar.save', { count: changes.length })}
        </Button>
      </div>
    </section>
  );
}
