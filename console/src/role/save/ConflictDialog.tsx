import type { ReactNode } from 'react';
import { changesOf } from '../../draft/changes';
import { NO_EDITS, type RoleDraft } from '../../draft/role-draft';
import { ago } from '../../format/dates';
import { t } from '../../messages/i18n';
import { Dialog } from '../../ui/surfaces/Dialog';
import { TwoActs } from '../../ui/surfaces/TwoActs';
import { Note } from '../../ui/feedback/Note';
import { ChangeList } from './ChangeList';
import { overlapSentences, theirSentences } from './conflict-sentences';
import styles from './ReviewDialog.module.css';
import { useRoleForm } from '../form';
import type { Conflict } from './use-save';

interface Props {
  readonly conflict: Conflict;
  readonly onSettle: (draft: RoleDraft) => void;
}

/** Somebody saved before: what they changed, what of the draft is left, and where both changed the same. */
export function ConflictDialog({ conflict, onSettle }: Props): ReactNode {
  const { sections } = useRoleForm();
  const { role, merge } = conflict;
  const left = changesOf(merge.draft);
  const overlaps = overlapSentences(merge, sections);
  const keepMine = (): void => onSettle(merge.draft);
  const dropMine = (): void => onSettle({ base: merge.draft.base, edits: NO_EDITS });
  return (
    <Dialog
      wide
      role="alertdialog"
      title={t('conflict.title')}
      onClose={keepMine}
      foot={
        <TwoActs
          first={{ label: t('conflict.drop'), act: dropMine }}
          second={{ label: t('conflict.keep', { count: left.length }), act: keepMine }}
        />
      }
    >
      <p>
        {t('conflict.text', {
          name: role.updatedBy?.name ?? t('conflict.somebody'),
          when: role.updatedAt ? ago(role.updatedAt, Date.now()) : '',
        })}
      </p>
      <section className={styles.effects}>
        <h3>{t('conflict.theirs')}</h3>
        <ul>
          {theirSentences(merge, sections).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <ChangeList title={t('conflict.yours')} changes={left} />
      {overlaps.length > 0 && (
        <Note>
          {overlaps.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Note>
      )}
    </Dialog>
  );
}
