import { useState, type FormEvent, type ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Checkbox } from '../ui/controls/Checkbox';
import { TextField } from '../ui/controls/TextField';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Dialog } from '../ui/surfaces/Dialog';
import { RefusalWords } from '../user/RefusalWords';
import { otherUserRefusals, userFieldRefusal } from '../user/user-fields';
import styles from './CreateUserDialog.module.css';
import { useCreateUser } from './use-create-user';

/** Registers a person or a service, then shows its page, where roles are assigned. */
export function CreateUserDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [username, setUsername] = useState('');
  const [isService, setService] = useState(false);
  const [reason, setReason] = useState('');
  const { create, isMissing, state, refusals, fault } = useCreateUser(onClose);
  const save = (): Promise<void> =>
    create({ username, name, kind: isService ? 'SERVICE' : 'PERSON', reason });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <Dialog
      title={t('people.create')}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" isPending={state !== 'idle'} onPress={() => void save()}>
            {t('people.create')}
          </Button>
        </>
      }
    >
      <form onSubmit={submit} className={styles.form}>
        <TextField
          label={t('users.username')}
          help={t('createUser.usernameHelp')}
          error={isMissing ? t('createUser.usernameRequired') : userFieldRefusal(refusals, 'username')}
          name="username"
          value={username}
          onChange={setUsername}
          required
          autoFocus
        />
        <TextField
          label={t('users.name')}
          help={t('createUser.nameHelp')}
          error={userFieldRefusal(refusals, 'name')}
          name="name"
          value={name}
          onChange={setName}
        />
        <Checkbox isSelected={isService} onChange={setService}>
          <span>
            {t('createUser.service')}
            <small>{t('createUser.serviceHelp')}</small>
          </span>
        </Checkbox>
        <TextField label={t('reason')} help={t('reason.help')} value={reason} onChange={setReason} />
        <input type="submit" hidden />
      </form>
      <RefusalWords refusals={otherUserRefusals(refusals)} />
      {fault && <FaultNote fault={fault} onRetry={() => void save()} />}
    </Dialog>
  );
}
