import { useRef, type ReactNode } from 'react';
import { t } from '../messages/i18n';
import { classes } from '../ui/classes';
import { OrderHeader } from '../ui/controls/OrderHeader';
import { Pager } from '../ui/surfaces/Pager';
import type { Place } from '../ui/surfaces/place';
import { PAGE_SIZE, type UserPage } from './use-user-list';
import { nextUserOrder, type UserListSearch, type UserOrderBy } from './user-search';
import { UserRow } from './UserRow';
import styles from './UserListTable.module.css';

interface Props {
  readonly users: UserPage;
  readonly search: UserListSearch;
  readonly dimmed: boolean;
  readonly onOrder: (order: Pick<UserListSearch, 'by' | 'desc'>) => void;
  readonly onTurn: (place: Place) => void;
}

/** A page of users. */
export function UserListTable({ users, search, dimmed, onOrder, onTurn }: Props): ReactNode {
  const top = useRef<HTMLTableElement>(null);
  const { by, desc, page = 1, after, before } = search;
  const head = (id: UserOrderBy, className: string | undefined): ReactNode => (
    <OrderHeader
      label={t(id === 'login' ? 'users.lastLogin' : `users.${id}`)}
      className={className}
      order={by === id ? (desc ? 'descending' : 'ascending') : null}
      onOrder={() => onOrder(nextUserOrder(id, search))}
    />
  );
  return (
    <>
      <table ref={top} className={classes(styles.table, dimmed && styles.dimmed)} aria-busy={dimmed}>
        <caption className="visually-hidden">{t('people.title')}</caption>
        <thead>
          <tr>
            {head('name', styles.name)}
            {head('username', styles.username)}
            <th scope="col" className={styles.status}>
              {t('people.status')}
            </th>
            <th scope="col">{t('people.roles')}</th>
            {head('login', styles.login)}
          </tr>
        </thead>
        <tbody>
          {users.nodes.map((user) => (
            <UserRow key={user.id} user={user} />
          ))}
        </tbody>
      </table>
      <Pager
        place={{ page, after, before }}
        size={PAGE_SIZE}
        total={users.totalCount}
        shown={users.nodes.length}
        info={users.pageInfo}
        onTurn={(place) => {
          onTurn(place);
          top.current?.scrollIntoView();
        }}
      />
    </>
  );
}
