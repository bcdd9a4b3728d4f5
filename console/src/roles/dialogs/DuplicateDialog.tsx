import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { faultOf } from '../../api/fault';
import { DuplicateRoleDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Checkbox } from '../../ui/controls/Checkbox';
import { Dialog } from '../../ui/surfaces/Dialog';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { announce } from '../../ui/feedback/live';
import { RefusalNote } from '../../ui/feedback/RefusalNote';
import { TextField } from '../../ui/controls/TextField';
import { addressOf } from '../role-address';

interface Props {
  readonly role: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Makes a custom role of another role, with its users if that is wished. */
export function DuplicateDialog({ role, onClose }: Props): ReactNode {
  const [name, setName] = useState(t('duplicate.name', { name: role.name }));
  const [withUsers, setWithUsers] = useState(false);
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID());
  const [{ data, error, fetching }, duplicate] = useMutation(DuplicateRoleDocument);
  const navigate = useNavigate();
  const refusals = data?.duplicateRole?.errors ?? [];
  const ofName = refusals.find(({ field }) => field?.includes('name'));

  const save = async (): Promise<void> => {
    // Left out, nobody is copied, and no right to assign is needed.
    const input = { id: role.id, name, idempotencyKey, ...(withUsers ? { withUsers } : {}) };
    const { data: answer } = await duplicate({ input });
    const made = answer?.duplicateRole;
    if (made && made.errors.length > 0) setKey(crypto.randomUUID());
    if (!made?.role) return;
    onClose();
    announce(t('duplicate.done', { name: made.role.name }));
    await navigate({ to: '/roles/$roleId', params: { roleId: addressOf(made.role.id) } });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <Dialog
      title={t('duplicate.title', { name: role.name })}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" isPending={fetching} onPress={() => void save()}>
            {t('duplicate.act')}
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <p>{t('duplicate.text')}</p>
        <br />
        <TextField
          label={t('role.name')}
          value={name}
          onChange={setName}
          error={ofName?.message}
          required
          autoFocus
        />
        <br />
        <Checkbox isSelected={withUsers} onChange={setWithUsers}>
          {t('duplicate.withUsers')}
        </Checkbox>
      </form>
      <RefusalNote refusals={refusals.filter((refusal) => refusal !== ofName)} />
      {error && <FaultNote fault={faultOf(error)} onRetry={() => void save()} />}
    </Dialog>
  );
}
