import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { CreateUserDocument, type RegisterUserInput } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Checkbox } from '../ui/controls/Checkbox';
import { TextField } from '../ui/controls/TextField';
import { FaultNote } from '../ui/feedback/FaultNote';
import { announce } from '../ui/feedback/live';
import { RefusalNote } from '../ui/feedback/RefusalNote';
import { Dialog } from '../ui/surfaces/Dialog';
import { useCommand } from '../user/use-command';
import styles from './CreateUserDialog.module.css';
import { userAddressOf } from './user-address';

const FIELDS = ['name', 'username'] as const;

/** Registers a person or a service, then shows its page, where roles are assigned. */
export function CreateUserDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [username, setUsername] = useState('');
  const [isService, setService] = useState(false);
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const navigate = useNavigate();
  const { run, state, refusals, fault } = useCommand({
    document: CreateUserDocument,
    refusalsOf: (data) => data.registerUser?.errors,
  });
  const ofField = (field: (typeof FIELDS)[number]): string | null =>
    refusals.find((refusal) => refusal.field?.[0] === field)?.message ?? null;

  const save = async (): Promise<void> => {
    setMissing(username.trim() === '');
    if (username.trim() === '') return document.getElementsByName('username')[0]?.focus();
    const input: RegisterUserInput = {
      username,
      ...(name.trim() === '' ? {} : { name }),
      ...(isService ? { kind: 'SERVICE' } : {}),
      ...(reason.trim() === '' ? {} : { reason }),
    };
    const user = (await run(input))?.registerUser?.user;
    if (!user) return;
    onClose();
    announce(t('createUser.done', { name: user.name }));
    await navigate({ to: '/users/$userId', params: { userId: userAddressOf(user.id) } });
  };
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
          error={isMissing ? t('createUser.usernameRequired') : ofField('username')}
          name="username"
          value={username}
          onChange={setUsername}
          required
          autoFocus
        />
        <TextField
          label={t('users.name')}
          help={t('createUser.nameHelp')}
          error={ofField('name')}
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
      <RefusalNote refusals={refusals.filter(({ field }) => !FIELDS.some((own) => own === field?.[0]))} />
      {fault && <FaultNote fault={fault} onRetry={() => void save()} />}
    </Dialog>
  );
}
