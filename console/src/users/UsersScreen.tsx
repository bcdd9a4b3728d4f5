import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { count } from '../format/numbers';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { FilterMenu } from '../ui/controls/FilterMenu';
import { SearchField } from '../ui/controls/SearchField';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageHead } from '../ui/surfaces/PageHead';
import { NO_PLACE } from '../ui/address';
import { useTitle } from '../ui/use-title';
import { CreateUserDialog } from './CreateUserDialog';
import { NoUsers } from './NoUsers';
import { RoleFilter } from './RoleFilter';
import { useUserList, type UserList } from './use-user-list';
import { STATUSES, type UserListSearch } from './user-search';
import { UserListTable } from './UserListTable';
import styles from './UsersScreen.module.css';

const route = getRouteApi('/users');

/** The list of users: search, filters, order and page are in the address. */
export function UsersScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useUserList(search);
  const [creating, setCreating] = useState(false);
  useTitle(t('people.title'));
  const show = (next: UserListSearch, replace = false): void => void navigate({ search: next, replace });
  const filter = (next: UserListSearch, replace = false): void =>
    show({ ...search, ...NO_PLACE, ...next }, replace);
  const mayCreate = list.account?.allowedActions.includes('MANAGE_USERS');
  return (
    <>
      <PageHead
        trail={t('settings.title')}
        title={t('people.title')}
        lede={t('people.lede')}
        facts={factsOf(list)}
        actions={
          mayCreate && (
            <Button look="primary" onPress={() => setCreating(true)}>
              {t('people.create')}
            </Button>
          )
        }
      />
      <div className={styles.tools}>
        <SearchField
          label={t('panel.search')}
          value={search.q ?? ''}
          shortcut
          onSearch={(text) => filter({ q: text || undefined }, true)}
        />
        <FilterMenu
          label={t('people.status')}
          any={t('people.status.any')}
          choices={STATUSES.map((id) => ({ id, label: t(`people.status.${id}`) }))}
          chosen={search.status}
          onChoose={(status) => filter({ status })}
        />
        <RoleFilter chosen={search.role} name={list.roleName} onChoose={(role) => filter({ role })} />
      </div>
      <Rows list={list} search={search} onShow={show} />
      {creating && <CreateUserDialog onClose={() => setCreating(false)} />}
    </>
  );
}

/** Number of all users, where it is known. */
const factsOf = ({ total }: UserList): ReactNode[] =>
  total === null
    ? []
    : [
        <span key="users">
          <b>{count(total)}</b> {t('fact.users', { count: total })}
        </span>,
      ];

interface RowsProps {
  readonly list: UserList;
  readonly search: UserListSearch;
  readonly onShow: (search: UserListSearch) => void;
}

function Rows({ list, search, onShow }: RowsProps): ReactNode {
  const { page: users, forbidden, fault, searching, reload } = list;
  if (fault) return <FaultNote fault={fault} onRetry={reload} />;
  if (users === undefined) return <Skeleton rows={10} />;
  if (forbidden) return <Empty title={t('people.forbidden')} />;
  if (users === null) return <Empty title={t('people.noSuchRole')} />;
  if (users.nodes.length === 0) return <NoUsers search={search} onShow={onShow} />;
  return (
    <UserListTable
      users={users}
      search={search}
      dimmed={searching}
      onOrder={(order) => onShow({ ...search, ...NO_PLACE, ...order })}
      onTurn={(place) =>
        onShow({ ...search, ...NO_PLACE, ...place, page: place.page > 1 ? place.page : undefined })
      }
    />
  );
}
