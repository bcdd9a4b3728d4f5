import type { Client } from '@urql/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useClient } from 'urql';
import { RenameUserDocument, type UpdateUserInput } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { send } from '../../role/save/send';
import { Button } from '../../ui/controls/Button';
import { TextField } from '../../ui/controls/TextField';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Note } from '../../ui/feedback/Note';
import { offerUndo } from '../../ui/feedback/undo';
import { Dialog } from '../../ui/surfaces/Dialog';
import { refusalWords } from '../refusal-words';
import { useCommand } from '../use-command';
import type { UserOfPage } from '../user-types';
import styles from './RenameDialog.module.css';

interface Props {
  readonly user: Pick<UserOfPage, 'key' | 'name' | 'username'>;
  readonly onClose: () => void;
}

const FIELDS = ['name', 'username'] as const;

/** Changes the name and the username of a user, and only what differs. It can be taken back for a while. */
export function RenameDialog({ user, onClose }: Props): ReactNode {
  const [name, setName] = useState(user.name);
  const [username, setUsername] = useState(user.username);
  const client = useClient();
  const { run, state, refusals, fault } = useCommand({
    document: RenameUserDocument,
    refusalsOf: (data) => data.updateUser?.errors,
  });
  const ofField = (field: (typeof FIELDS)[number]): string | null =>
    refusals.find((refusal) => refusal.field?.[0] === field)?.message ?? null;
  const rest = refusals.filter(({ field }) => !FIELDS.some((own) => own === field?.[0]));

  const save = async (): Promise<void> => {
    const next = {
      ...(name === user.name ? {} : { name }),
      ...(username === user.username ? {} : { username }),
    };
    if (Object.keys(next).length === 0) return onClose();
    const sent = await run({ id: user.key, ...next });
    if (!sent) return;
    onClose();
    const back: UpdateUserInput = {
      id: user.key,
      ...('name' in next ? { name: user.name } : {}),
      ...('username' in next ? { username: user.username } : {}),
    };
    offerUndo({
      text: t('rename.done', { name: sent.updateUser?.user?.name ?? name }),
      undo: () => renameBack(client, back),
    });
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
          error={ofField('name')}
          required
          autoFocus
        />
        <TextField
          label={t('users.username')}
          help={t('createUser.usernameHelp')}
          name="username"
          value={username}
          onChange={setUsername}
          error={ofField('username')}
          required
        />
        <input type="submit" hidden />
      </form>
      {rest.length > 0 && (
        <Note look="problem" alert>
          {rest.map((refusal) => (
            <p key={refusal.code}>{refusalWords(refusal, new Map())}</p>
          ))}
        </Note>
      )}
      {fault && <FaultNote fault={fault} onRetry={() => void save()} />}
    </Dialog>
  );
}

async function renameBack(client: Client, change: UpdateUserInput): Promise<string | null> {
  const input = { ...change, idempotencyKey: crypto.randomUUID() };
  const { data, fault } = await send(client, RenameUserDocument, { input }, () => undefined);
  if (fault) return fault.message;
  const [refusal] = data.updateUser?.errors ?? [];
  return refusal ? refusalWords(refusal, new Map()) : null;
}
