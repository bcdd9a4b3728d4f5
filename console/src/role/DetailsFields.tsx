import { useState, type ReactNode } from 'react';
import { describe, rename } from '../draft/edit';
import { descriptionOf, nameOf } from '../draft/role-draft';
import type { RefusalFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { TextField } from '../ui/controls/TextField';
import styles from './DetailsFields.module.css';
import { useRoleForm } from './form';
import { refusalOf } from './save/refusals';

/** Name and description. Of a role that exists they are text, until somebody wants to change them. */
export function DetailsFields({ refusals }: { readonly refusals: readonly RefusalFragment[] }): ReactNode {
  const { draft, edit } = useRoleForm();
  const isNew = draft.base.id === null;
  const [opened, setOpened] = useState(false);
  const { name, description } = draft.edits;
  if (!isNew && !opened && name === undefined && description === undefined)
    return (
      <p className={styles.opener}>
        <Button look="link" onPress={() => setOpened(true)}>
          {t('role.editDetails')}
        </Button>
      </p>
    );
  return (
    <div className={styles.fields}>
      <TextField
        label={t('role.name')}
        name="name"
        value={nameOf(draft)}
        onChange={(text) => edit((now) => rename(now, text))}
        error={refusalOf(refusals, 'name')}
        help={t('role.nameHelp')}
        required
        autoFocus={isNew || opened}
      />
      <TextField
        label={t('role.description')}
        name="description"
        value={descriptionOf(draft)}
        onChange={(text) => edit((now) => describe(now, text))}
        error={refusalOf(refusals, 'description')}
        help={t('role.descriptionHelp')}
        lines={2}
      />
    </div>
  );
}
