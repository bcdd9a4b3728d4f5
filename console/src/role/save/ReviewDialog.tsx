import type { ReactNode } from 'react';
import { takesAway, type Change } from '../../draft/changes';
import { nameOf } from '../../draft/role-draft';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Dialog } from '../../ui/surfaces/Dialog';
import { Note } from '../../ui/feedback/Note';
import { TextField } from '../../ui/controls/TextField';
import { useRoleForm } from '../form';
import { ChangeList } from './ChangeList';
import { effectsOf } from './effects';
import styles from './ReviewDialog.module.css';
import { PreviewEffects } from './PreviewEffects';
import { usePreview } from './use-preview';
import type { Save } from './use-save';

interface Props {
  readonly save: Pick<Save, 'review' | 'save' | 'reason' | 'setReason' | 'state' | 'isStale'>;
  readonly changes: readonly Change[];
  /** Users of the role as it is saved now. */
  readonly userCount: number;
}

/** Review of a save: what it does to the role, and to people. */
export function ReviewDialog({ save, changes, userCount }: Props): ReactNode {
  const { draft, sections } = useRoleForm();
  const creates = draft.base.id === null;
  const name = creates ? nameOf(draft) || t('role.unnamed') : draft.base.name;
  const close = (): void => save.review(false);
  const preview = usePreview(draft);
  const effects = effectsOf({ draft, changes, sections, userCount });
  const ofRole = changes.filter(({ kind }) => kind !== 'assign' && kind !== 'unassign');
  const ofUsers = changes.filter(({ kind }) => kind === 'assign' || kind === 'unassign');
  return (
    <Dialog
      wide
      title={creates ? t('review.titleNew', { name }) : t('review.title', { count: changes.length, name })}
      onClose={close}
      foot={
        <>
          {draft.base.version !== null && <p>{t('review.version', { version: draft.base.version })}</p>}
          <Button look="plain" onPress={close}>
            {t('review.back')}
          </Button>
          <Button
            look="primary"
            // Nobody agrees to what is not shown yet.
            isDisabled={preview.previewed === undefined && !preview.fault}
            isPending={save.state !== 'idle'}
            onPress={() => void save.save(preview.previewed?.basis)}
          >
            {creates ? t('roles.create') : t('bar.save', { count: changes.length })}
          </Button>
        </>
      }
    >
      {save.isStale && (
        <Note alert>
          <p>{t('preview.stale')}</p>
        </Note>
      )}
      <ChangeList title={t('review.role')} changes={ofRole} />
      <ChangeList title={t('review.users')} changes={ofUsers} />
      <PreviewEffects preview={preview} otherwise={<Sentences sentences={effects.sentences} />} />
      {effects.withheld.length > 0 && (
        <Note>
          {effects.withheld.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Note>
      )}
      <div className={styles.reason}>
        <TextField
          label={t('reason')}
          help={t(takesAway(changes) ? 'reason.helpRemoval' : 'reason.help')}
          value={save.reason}
          onChange={save.setReason}
        />
      </div>
    </Dialog>
  );
}

/** Consequences as the form knows them, of the role alone. */
function Sentences({ sentences }: { readonly sentences: readonly string[] }): ReactNode {
  if (sentences.length === 0) return null;
  return (
    <section className={styles.effects}>
      <h3>{t('review.effects')}</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
