import { useState, type FormEvent, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { TextField } from '../../ui/controls/TextField';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Dialog } from '../../ui/surfaces/Dialog';
import { RefusalWords } from '../RefusalWords';
import { otherUserRefusals, userFieldRefusal } from '../user-fields';
import type { UserOfPage } from '../user-types';
import styles from './RenameDialog.module.css';
import { useRename } from './use-rename';

interface Props {
  readonly user: Pick<UserOfPage, 'key' | 'name' | 'username'>;
  readonly onClose: () => void;
}

/** Changes the name and the username of a user, and only what differs. */
export function RenameDialog({ user, onClose }: Props): ReactNode {
  const [name, setName] = useState(user.name);
  const [username, setUsername] = useState(user.username);
  const { rename, state, refusals, fault } = useRename(user);
  const save = async (): Promise<void> => {
    if (await rename({ name, username })) onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <Dialog
      title={t('rename.title', { name: user.name })}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" isPending={state !== 'idle'} onPress={() => void save()}>
            {t('rename.act')}
          </Button>
        </>
      }
    >
      <form onSubmit={submit} className={styles.form}>
        <TextField
          label={t('users.name')}
          name="name"
          value={name}
          onChange={setName}
          error={userFieldRefusal(refusals, 'name')}
          required
          autoFocus
        />
        <TextField
          label={t('users.username')}
          help={t('createUser.usernameHelp')}
          name="username"
          value={username}
          onChange={setUsername}
          error={userFieldRefusal(refusals, 'username')}
          required
        />
        <input type="submit" hidden />
      </form>
      <RefusalWords refusals={otherUserRefusals(refusals)} />
      {fault && <FaultNote fault={fault} onRetry={() => void save()} />}
    </Dialog>
  );
}
