import { useState, type ReactNode } from 'react';
import { useMutation, useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { count } from '../../format/numbers';
import { DeleteQuestionDocument, DeleteRoleDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Dialog } from '../../ui/surfaces/Dialog';
import { TwoActs } from '../../ui/surfaces/TwoActs';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { announce } from '../../ui/feedback/live';
import { RefusalNote } from '../../ui/feedback/RefusalNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { TextField } from '../../ui/controls/TextField';

interface Props {
  readonly roleId: string;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before a role is deleted, and says what is lost, and by whom. */
export function DeleteDialog({ roleId, onClose, onDeleted }: Props): ReactNode {
  const [reason, setReason] = useState('');
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [{ data, error }] = useQuery({
    query: DeleteQuestionDocument,
    variables: { id: roleId },
    requestPolicy: 'network-only',
  });
  const [{ data: answer, error: failure, fetching }, remove] = useMutation(DeleteRoleDocument);
  const role = data?.role;
  const act = async (): Promise<void> => {
    if (!role) return;
    // The version that was shown: who was assigned since must not lose the role unseen.
    const input = {
      id: role.id,
      expectedVersion: role.version,
      idempotencyKey,
      reason: reason.trim() || null,
    };
    const { data: done } = await remove({ input });
    if (!done?.deleteRole?.deletedRoleId) return;
    announce(t('delete.done', { name: role.name }));
    onDeleted();
  };
  const fault = failure ?? error;
  return (
    <Dialog
      title={role ? t('delete.title', { name: role.name }) : t('delete')}
      role="alertdialog"
      onClose={onClose}
      foot={
        <TwoActs
          takesAway
          first={{ label: t('cancel'), act: onClose }}
          second={{
            label: t('delete.act'),
            act: () => void act(),
            isDisabled: !role,
            isPending: fetching,
          }}
        />
      }
    >
      {role ? (
        <>
          <p>{lossOf(role.userCount, role.users?.nodes.map(({ name }) => name) ?? [])}</p>
          <p>{t('delete.grants', { count: role.permissionCount })}</p>
          <br />
          <TextField label={t('reason')} help={t('reason.help')} value={reason} onChange={setReason} />
        </>
      ) : (
        !fault && <Skeleton rows={2} />
      )}
      <RefusalNote refusals={answer?.deleteRole?.errors ?? []} />
      {fault && <FaultNote fault={faultOf(fault)} />}
    </Dialog>
  );
}

/** The sentence that says who loses the role: the first by name, the others by number. */
function lossOf(users: number, names: readonly string[]): string {
  if (users === 0) return t('delete.nobody');
  const more = users - names.length;
  const list = [...names, ...(more > 0 ? [t('delete.more', { count: count(more) })] : [])];
  return t('delete.users', { count: users, names: new Intl.ListFormat('en').format(list) });
}
