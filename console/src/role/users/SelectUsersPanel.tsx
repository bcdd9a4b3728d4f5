import { useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import type { Person } from '../../draft/role-draft';
import { UsersToAddDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Dialog } from '../../ui/surfaces/Dialog';
import { FIRST_PAGE, pageOf } from '../../ui/surfaces/place';
import { SearchField } from '../../ui/controls/SearchField';
import { useKept } from '../../ui/use-kept';
import { useRoleForm } from '../form';
import { FoundUsers, PANEL_PAGE } from './FoundUsers';
import { PickList } from './PickList';
import styles from './SelectUsersPanel.module.css';

interface Props {
  readonly roleId: string | null;
  readonly roleName: string;
  readonly onClose: () => void;
  readonly onAdd: (people: readonly Person[]) => void;
}

/** The sidebar of all users who do not have the role: those who are chosen stay on top, whatever is searched for. */
export function SelectUsersPanel({ roleId, roleName, onClose, onAdd }: Props): ReactNode {
  const { draft } = useRoleForm();
  const [text, setText] = useState('');
  const [place, setPlace] = useState(FIRST_PAGE);
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [{ data, error, fetching }, ask] = useQuery({
    query: UsersToAddDocument,
    variables: { role: roleId, search: text || undefined, ...pageOf(place, PANEL_PAGE) },
  });
  const kept = useKept(data);
  const pending = draft.edits.assign;
  const isChosen = ({ id }: Person): boolean => chosen.some((one) => one.id === id);
  const flip = (person: Person, on: boolean): void =>
    setChosen(on ? [...chosen, person] : chosen.filter(({ id }) => id !== person.id));
  return (
    <Dialog
      look="panel"
      title={t('panel.title')}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" isDisabled={chosen.length === 0} onPress={() => onAdd(chosen)}>
            {t('panel.add', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <p className={styles.lede}>{t('panel.lede', { role: roleName })}</p>
      <div className={styles.search}>
        <SearchField
          label={t('panel.search')}
          value={text}
          autoFocus
          onSearch={(next) => {
            setText(next);
            setPlace(FIRST_PAGE);
          }}
        />
      </div>
      {chosen.length > 0 && (
        <PickList title={t('panel.chosen', { count: chosen.length })} people={chosen} checked onFlip={flip} />
      )}
      <FoundUsers
        users={kept?.users}
        fault={error && !kept ? faultOf(error) : null}
        searching={fetching}
        text={text}
        place={place}
        skip={(person) => person.id in pending || isChosen(person)}
        onFlip={flip}
        onTurn={setPlace}
        onRetry={() => ask()}
      />
    </Dialog>
  );
}
