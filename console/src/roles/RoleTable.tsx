import { useRef, type ReactNode } from 'react';
import type { RoleListQuery, RoleRowFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { nextOrder } from '../ui/address';
import { classes } from '../ui/classes';
import { OrderHeader } from '../ui/controls/OrderHeader';
import { Pager } from '../ui/surfaces/Pager';
import type { Place } from '../ui/surfaces/place';
import { type ListSearch, type OrderBy } from './list-search';
import { RoleRow } from './RoleRow';
import styles from './RoleTable.module.css';
import { PAGE_SIZE } from './use-role-list';

interface Props {
  readonly connection: NonNullable<RoleListQuery['roles']>;
  readonly search: ListSearch;
  readonly dimmed: boolean;
  readonly onOrder: (order: Pick<ListSearch, 'by' | 'desc'>) => void;
  readonly onTurn: (place: Place) => void;
  readonly onChanged: () => void;
}

/** A page of roles. In the catalogue's order, default roles stand under the names of their groups. */
export function RoleTable({ connection, search, dimmed, onOrder, onTurn, onChanged }: Props): ReactNode {
  const top = useRef<HTMLTableElement>(null);
  const { by, desc, page = 1 } = search;
  const head = (id: OrderBy, className?: string): ReactNode => (
    <OrderHeader
      label={t(`roles.column.${id}`)}
      className={className}
      order={by === id ? (desc ? 'descending' : 'ascending') : null}
      // Counts and dates are asked for from the top: who has most, which changed last.
      onOrder={() => onOrder(nextOrder(id, search, id !== 'name'))}
    />
  );
  return (
    <>
      <table ref={top} className={classes(styles.table, dimmed && styles.dimmed)} aria-busy={dimmed}>
        <thead>
          <tr>
            {head('name', styles.name)}
            <th scope="col">{t('roles.column.description')}</th>
            {head('users', styles.number)}
            {head('permissions', styles.number)}
            {head('scopes', styles.number)}
            {head('changed', styles.changed)}
            <th scope="col" className={styles.menu}>
              <span className="visually-hidden">{t('roles.column.actions')}</span>
            </th>
          </tr>
        </thead>
        {inGroups(connection.nodes, by === undefined).map(({ name, roles }) => (
          <tbody key={name ?? ''}>
            {name && (
              <tr className={styles.group}>
                <th scope="rowgroup" colSpan={7}>
                  {name}
                </th>
              </tr>
            )}
            {roles.map((role) => (
              <RoleRow key={role.id} role={role} onChanged={onChanged} />
            ))}
          </tbody>
        ))}
      </table>
      <Pager
        place={{ page }}
        size={PAGE_SIZE}
        total={connection.totalCount}
        shown={connection.nodes.length}
        info={connection.pageInfo}
        onTurn={(place) => {
          onTurn(place);
          top.current?.scrollIntoView();
        }}
      />
    </>
  );
}

interface Group {
  readonly name: string | null;
  readonly roles: RoleRowFragment[];
}

function inGroups(roles: readonly RoleRowFragment[], grouped: boolean): Group[] {
  const groups: Group[] = [];
  for (const role of roles) {
    const name = grouped ? (role.group?.name ?? null) : null;
    const last = groups.at(-1);
    if (last && last.name === name) last.roles.push(role);
    else groups.push({ name, roles: [role] });
  }
  return groups;
}
