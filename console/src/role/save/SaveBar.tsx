import type { ReactNode } from 'react';
import type { Change } from '../../draft/changes';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { RefusalNote } from '../../ui/feedback/RefusalNote';
import { otherRefusals } from './refusals';
import styles from './SaveBar.module.css';
import { summaryOf } from './summary';
import type { Save } from './use-save';

interface Props {
  readonly changes: readonly Change[];
  readonly save: Pick<Save, 'state' | 'refusals' | 'fault' | 'review' | 'save'>;
  readonly onDiscard: () => void;
  /** The role is being created: the bar stays, and says so. */
  readonly creates?: boolean;
}

/** The floating bar of what is not saved: only there while something is. */
export function SaveBar({ changes, save, onDiscard, creates = false }: Props): ReactNode {
  const { state, refusals, fault } = save;
  const busy = state !== 'idle';
  const others = otherRefusals(refusals);
  return (
    <section className={styles.bar} aria-label={t('bar.label')}>
      {(others.length > 0 || fault) && (
        <div className={styles.problems}>
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
