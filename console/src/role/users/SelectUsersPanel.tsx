import { useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import type { Person } from '../../draft/role-draft';
import { UsersToAddDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { FaultNote } from '../../ui/FaultNote';
import { FIRST_PAGE, Pager, pageOf } from '../../ui/Pager';
import { SearchField } from '../../ui/SearchField';
import { Skeleton } from '../../ui/Skeleton';
import { useKept } from '../../ui/use-kept';
import { useRoleForm } from '../form';
import { PickList } from './PickList';
import styles from './SelectUsersPanel.module.css';

interface Props {
  readonly roleId: string | null;
  readonly roleName: string;
  readonly onClose: () => void;
  readonly onAdd: (people: readonly Person[]) => void;
}

const PAGE_SIZE = 50;

/** The sidebar of all users who do not have the role: those who are chosen stay on top, whatever is searched for. */
export function SelectUsersPanel({ roleId, roleName, onClose, onAdd }: Props): ReactNode {
  const { draft } = useRoleForm();
  const [text, setText] = useState('');
  const [place, setPlace] = useState(FIRST_PAGE);
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [{ data, error, fetching }, ask] = useQuery({
    query: UsersToAddDocument,
    variables: { role: roleId, search: text || undefined, ...pageOf(place, PAGE_SIZE) },
  });
  const kept = useKept(data);
  const pending = draft.edits.assign;
  const isChosen = ({ id }: Person): boolean => chosen.some((one) => one.id === id);
  const flip = (person: Person, on: boolean): void =>
    setChosen(on ? [...chosen, person] : chosen.filter(({ id }) => id !== person.id));
  const found = kept?.users?.nodes.filter((person) => !(person.id in pending) && !isChosen(person)) ?? [];
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
      <SearchField
        label={t('panel.search')}
        value={text}
        autoFocus
        onSearch={(next) => {
          setText(next);
          setPlace(FIRST_PAGE);
        }}
      />
      {chosen.length > 0 && (
        <PickList title={t('panel.chosen', { count: chosen.length })} people={chosen} checked onFlip={flip} />
      )}
      {error && !kept && <FaultNote fault={faultOf(error)} onRetry={() => ask()} />}
      {!kept && !error && <Skeleton rows={8} />}
      {kept?.users && (
        <PickList
          title={foundTitle(text, kept.users.totalCount)}
          people={found}
          checked={false}
          dimmed={fetching}
          onFlip={flip}
        />
      )}
      {kept?.users && (
        <Pager
          place={place}
          size={PAGE_SIZE}
          total={kept.users.totalCount}
          shown={kept.users.nodes.length}
          info={kept.users.pageInfo}
          onTurn={setPlace}
        />
      )}
      {kept && !kept.users && <p>{t('panel.forbidden')}</p>}
    </Dialog>
  );
}

function foundTitle(text: string, total: number | null): string {
  if (total === null) return t('panel.foundMany');
  return t(text === '' ? 'panel.all' : 'panel.found', { count: total });
}
