import { useState, type ReactNode } from 'react';
import { useClient } from 'urql';
import {
  ChangeRolesDocument,
  type RefusalFragment,
  type RoleChoiceFragment,
  type UpdateUserRolesInput,
} from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { SearchField } from '../../ui/controls/SearchField';
import { TextField } from '../../ui/controls/TextField';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { RefusalNote } from '../../ui/feedback/RefusalNote';
import { offerUndo } from '../../ui/feedback/undo';
import { Dialog } from '../../ui/surfaces/Dialog';
import { FIRST_PAGE } from '../../ui/surfaces/Pager';
import { useCommand } from '../use-command';
import type { UserOfPage } from '../user-types';
import styles from './AssignRolesPanel.module.css';
import { undoRoles } from './change-roles';
import { FoundRoles } from './FoundRoles';
import { RolePickList } from './RolePickList';

interface Props {
  readonly user: UserOfPage;
  readonly onClose: () => void;
}

/** The sidebar of all roles that a user does not hold. One that is refused stays in it, with the reason. */
export function AssignRolesPanel({ user, onClose }: Props): ReactNode {
  const [text, setText] = useState('');
  const [place, setPlace] = useState(FIRST_PAGE);
  const [chosen, setChosen] = useState<readonly RoleChoiceFragment[]>([]);
  const [reason, setReason] = useState('');
  const { assign, refused, sending, refusals, fault } = useAssign(user);
  const held = new Map((user.assignments ?? []).map(({ role }) => [role.key, role.name]));
  const names = new Map([...held, ...chosen.map(({ key, name }): [string, string] => [key, name])]);
  const flip = (role: RoleChoiceFragment, on: boolean): void =>
    setChosen(on ? [...chosen, role] : chosen.filter(({ key }) => key !== role.key));
  const act = async (): Promise<void> => {
    const left = await assign(chosen, reason);
    setChosen(left);
    if (left.length === 0) onClose();
  };
  return (
    <Dialog
      look="panel"
      title={t('rolesPanel.title')}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose}>
            {t('cancel')}
          </Button>
          <Button
            look="primary"
            isDisabled={chosen.length === 0}
            isPending={sending}
            onPress={() => void act()}
          >
            {t('rolesPanel.assign', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <p className={styles.lede}>{t('rolesPanel.lede', { name: user.name })}</p>
      <div className={styles.search}>
        <SearchField
          label={t('people.searchRoles')}
          value={text}
          autoFocus
          onSearch={(next) => {
            setText(next);
            setPlace(FIRST_PAGE);
          }}
        />
      </div>
      <RefusalNote refusals={refusals} />
      {fault && <FaultNote fault={fault} onRetry={() => void act()} />}
      {chosen.length > 0 && (
        <>
          <RolePickList
            title={t('panel.chosen', { count: chosen.length })}
            roles={chosen}
            checked
            refused={refused}
            names={names}
            onFlip={flip}
          />
          <div className={styles.reason}>
            <TextField label={t('reason')} help={t('reason.help')} value={reason} onChange={setReason} />
          </div>
        </>
      )}
      <FoundRoles
        text={text}
        place={place}
        skip={({ key }) => held.has(key) || chosen.some((one) => one.key === key)}
        onFlip={flip}
        onTurn={setPlace}
      />
    </Dialog>
  );
}

type Refused = ReadonlyMap<string, readonly RefusalFragment[]>;

/** Assigns roles, each for itself. */
function useAssign({ key, name }: UserOfPage) {
  const client = useClient();
  const [refused, setRefused] = useState<Refused>(new Map());
  const { run, state, refusals, fault } = useCommand({
    document: ChangeRolesDocument,
    refusalsOf: (data) => data.updateUserRoles?.errors,
  });
  /** @returns the roles that are not assigned */
  const assign = async (
    roles: readonly RoleChoiceFragment[],
    reason: string,
  ): Promise<readonly RoleChoiceFragment[]> => {
    const input: UpdateUserRolesInput = { userId: key, assignRoleIds: roles.map((role) => role.key) };
    const sent = await run(reason.trim() === '' ? input : { ...input, reason });
    if (!sent) return roles;
    const results = sent.updateUserRoles?.results ?? [];
    const fresh = new Map(results.map(({ roleId, errors }) => [roleId, errors]));
    setRefused(fresh);
    const changed = results.filter((result) => result.changed).map(({ roleId }) => roleId);
    const names = new Map(roles.map((role) => [role.key, role.name]));
    if (changed.length > 0)
      offerUndo({
        text: t('userRoles.assigned', {
          count: changed.length,
          role: names.get(changed[0] ?? '') ?? '',
          name,
        }),
        undo: () => undoRoles(client, { userId: key, unassignRoleIds: changed }, names),
      });
    return roles.filter((role) => (fresh.get(role.key) ?? []).length > 0);
  };
  return { assign, refused, sending: state !== 'idle', refusals, fault };
}
