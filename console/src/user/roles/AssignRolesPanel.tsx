import { useState, type ReactNode } from 'react';
import type { RoleChoiceFragment } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { SearchField } from '../../ui/controls/SearchField';
import { TextField } from '../../ui/controls/TextField';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { RefusalNote } from '../../ui/feedback/RefusalNote';
import { Dialog } from '../../ui/surfaces/Dialog';
import { FIRST_PAGE } from '../../ui/surfaces/place';
import type { RoleNames } from '../refusal-words';
import type { UserOfPage } from '../user-types';
import styles from './AssignRolesPanel.module.css';
import { FoundRoles } from './FoundRoles';
import { RolePickList } from './RolePickList';
import { useAssign } from './use-assign';

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
  const names = namesOf(user, chosen);
  const held = new Set((user.assignments ?? []).map(({ role }) => role.key));
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
      foot={<Foot count={chosen.length} sending={sending} onCancel={onClose} onAssign={() => void act()} />}
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
        <RolePickList
          title={t('panel.chosen', { count: chosen.length })}
          roles={chosen}
          checked
          refused={refused}
          names={names}
          onFlip={flip}
        />
      )}
      {chosen.length > 0 && (
        <div className={styles.reason}>
          <TextField label={t('reason')} help={t('reason.help')} value={reason} onChange={setReason} />
        </div>
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

/** Names of the roles that a refusal may speak of: those that are held, and those that are chosen. */
const namesOf = ({ assignments }: UserOfPage, chosen: readonly RoleChoiceFragment[]): RoleNames =>
  new Map([...(assignments ?? []).map(({ role }) => role), ...chosen].map(({ key, name }) => [key, name]));

interface FootProps {
  readonly count: number;
  readonly sending: boolean;
  readonly onCancel: () => void;
  readonly onAssign: () => void;
}

function Foot({ count, sending, onCancel, onAssign }: FootProps): ReactNode {
  return (
    <>
      <Button look="plain" onPress={onCancel}>
        {t('cancel')}
      </Button>
      <Button look="primary" isDisabled={count === 0} isPending={sending} onPress={onAssign}>
        {t('rolesPanel.assign', { count })}
      </Button>
    </>
  );
}
