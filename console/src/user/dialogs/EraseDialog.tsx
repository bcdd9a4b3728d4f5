import { useState, type FormEvent, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { EraseQuestionDocument, EraseUserDocument, type EraseQuestionQuery } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { TextField } from '../../ui/controls/TextField';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { announce } from '../../ui/feedback/live';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { Sign } from '../../ui/marks/Sign';
import { Dialog } from '../../ui/surfaces/Dialog';
import { RefusalWords } from '../RefusalWords';
import { useCommand } from '../use-command';
import styles from './EraseDialog.module.css';

interface Props {
  readonly userId: string;
  readonly onClose: () => void;
}

/** Asks before somebody is erased for ever: lists what is lost, and has the username typed. */
export function EraseDialog({ userId, onClose }: Props): ReactNode {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [{ data, error }] = useQuery({
    query: EraseQuestionDocument,
    variables: { id: userId },
    requestPolicy: 'network-only',
  });
  const { run, state, refusals, fault } = useCommand({
    document: EraseUserDocument,
    refusalsOf: (answer) => answer.eraseUser?.errors,
  });
  const user = data?.user;
  const isSure = user !== undefined && user !== null && typed.trim() === user.username;
  const act = async (): Promise<void> => {
    if (!isSure) return;
    const sent = await run({ id: userId, ...(reason.trim() === '' ? {} : { reason }) });
    if (!sent) return;
    announce(t('erase.done'));
    onClose();
    // The menu that opened this is gone with what it offered.
    document.getElementById('main')?.focus();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void act();
  };
  const problem = fault ?? (error && !user ? faultOf(error) : null);
  return (
    <Dialog
      role="alertdialog"
      title={user ? t('erase.title', { name: user.name }) : t('user.erase')}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose} autoFocus>
            {t('cancel')}
          </Button>
          <Button look="danger" isDisabled={!isSure} isPending={state !== 'idle'} onPress={() => void act()}>
            {t('erase.act')}
          </Button>
        </>
      }
    >
      {user ? (
        <>
          <Losses user={user} />
          <form onSubmit={submit} className={styles.form}>
            <TextField
              label={t('erase.type', { username: user.username })}
              value={typed}
              onChange={setTyped}
              name="confirm"
            />
            <TextField label={t('reason')} help={t('erase.reasonHelp')} value={reason} onChange={setReason} />
            <input type="submit" hidden />
          </form>
        </>
      ) : (
        !problem && <Skeleton rows={4} />
      )}
      <RefusalWords refusals={refusals} />
      {problem && <FaultNote fault={problem} />}
    </Dialog>
  );
}

/** Number of roles that are named. */
const NAMED = 5;

function Losses({ user }: { readonly user: NonNullable<EraseQuestionQuery['user']> }): ReactNode {
  const { name, username, kind, roles, effectivePermissions } = user;
  const named = roles.slice(0, NAMED).map((role) => role.name);
  const more = roles.length - named.length;
  const names = new Intl.ListFormat('en').format([
    ...named,
    ...(more > 0 ? [t('delete.more', { count: more })] : []),
  ]);
  const lines = [
    t('erase.names', { name, username }),
    ...(roles.length > 0 ? [t('erase.roles', { count: roles.length, names })] : []),
    t('erase.access', { count: effectivePermissions?.granted.length ?? 0 }),
    t(kind === 'SERVICE' ? 'erase.keys' : 'erase.signIn'),
  ];
  return (
    <>
      <p>{t('erase.text')}</p>
      <ul className={styles.losses}>
        {lines.map((line) => (
          <li key={line}>
            <Sign mark="removed" />
            <span>{line}</span>
          </li>
        ))}
      </ul>
      <p>{t('erase.kept')}</p>
    </>
  );
}
