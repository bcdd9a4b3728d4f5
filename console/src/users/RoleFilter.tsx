import { useState, type ReactNode } from 'react';
import { DialogTrigger } from 'react-aria-components/Dialog';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { RoleChoicesDocument, type RoleChoiceFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { addressOf } from '../roles/role-address';
import { FilterButton } from '../ui/controls/FilterButton';
import menu from '../ui/controls/Menu.module.css';
import { SearchField } from '../ui/controls/SearchField';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { Icon } from '../ui/marks/icons';
import { useKept } from '../ui/use-kept';
import styles from './RoleFilter.module.css';

interface Props {
  /** Address of the role that is filtered by. */
  readonly chosen: string | undefined;
  /** Its name, once that is known. */
  readonly name: string | null;
  readonly onChoose: (address: string | undefined) => void;
}

/** Filter of the list by a role, which is looked for by name. */
export function RoleFilter({ chosen, name, onChoose }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <FilterButton
        label={t('people.filterRole')}
        value={chosen === undefined ? null : (name ?? t('people.filterRoleUnknown'))}
      />
      {/* The popover is the dialog: around another one, its buttons that close it would stand outside of that. */}
      <Popover
        className={menu.popover}
        placement="bottom start"
        offset={4}
        aria-label={t('people.filterRole')}
      >
        <div className={styles.dialog}>
          <Choices
            chosen={chosen}
            onChoose={(address) => {
              onChoose(address);
              setOpen(false);
            }}
          />
        </div>
      </Popover>
    </DialogTrigger>
  );
}

const ANY = '*';
const SHOWN = 20;

function Choices({ chosen, onChoose }: Omit<Props, 'name'>): ReactNode {
  const [text, setText] = useState('');
  const asOf = useAsOf();
  const [{ data, error }, ask] = useQuery({
    query: RoleChoicesDocument,
    variables: { search: text || undefined, first: SHOWN, asOf: asOfArgument(asOf) },
  });
  const roles = useKept(data)?.roles;
  const selected = chosen ?? ANY;
  const entries = entriesOf(roles?.nodes ?? [], text === '');
  const more = (roles?.totalCount ?? 0) - SHOWN;
  return (
    <>
      <div className={styles.search}>
        <SearchField label={t('people.searchRoles')} value={text} autoFocus onSearch={setText} />
      </div>
      {error && !data && <FaultNote fault={faultOf(error)} onRetry={() => ask()} />}
      {roles === undefined && !error && <Skeleton rows={4} />}
      {roles === null && <p className={styles.note}>{t('people.rolesForbidden')}</p>}
      {roles && (
        <ListBox
          className={styles.list}
          aria-label={t('people.filterRole')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[selected]}
          onSelectionChange={(keys) => onChoose(addressIn(keys))}
          renderEmptyState={() => <p className={styles.note}>{t('roles.noMatch', { text })}</p>}
        >
          {entries.map((entry) => (
            <ListBoxItem key={entry.id} id={entry.id} className={menu.item} textValue={entry.name}>
              {entry.name}
              {entry.id === selected && <Icon name="check" className={menu.mark} />}
            </ListBoxItem>
          ))}
        </ListBox>
      )}
      {more > 0 && <p className={styles.note}>{t('people.filterRoleMore', { count: more })}</p>}
    </>
  );
}

const entriesOf = (
  roles: readonly Pick<RoleChoiceFragment, 'key' | 'name'>[],
  withAny: boolean,
): { readonly id: string; readonly name: string }[] => [
  ...(withAny ? [{ id: ANY, name: t('people.filterRoleAny') }] : []),
  ...roles.map(({ key, name }) => ({ id: addressOf(key), name })),
];

/** Address of the role that is chosen in the list; undefined: any. */
function addressIn(keys: 'all' | ReadonlySet<string | number>): string | undefined {
  const [id] = keys;
  return id === ANY ? undefined : String(id);
}
