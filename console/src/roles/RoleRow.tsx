import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ago, fullMoment } from '../format/dates';
import { count } from '../format/numbers';
import type { RoleRowFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { momentShown, useAsOf } from '../past/use-as-of';
import { addressOf } from './role-address';
import { RoleMenu } from './RoleMenu';
import styles from './RoleRow.module.css';

interface Props {
  readonly role: RoleRowFragment;
  readonly onChanged: () => void;
}

/** A role in the list. The row is one link to its page; beside it there is only the menu. */
export function RoleRow({ role, onChanged }: Props): ReactNode {
  const asOf = useAsOf();
  return (
    <tr className={styles.row}>
      <th scope="row" className={styles.name}>
        <Link to="/roles/$roleId" params={{ roleId: addressOf(role.key) }} className={styles.link}>
          {role.name}
        </Link>
      </th>
      <td className={styles.description}>{role.description}</td>
      <Figure value={role.userCount} unit={t('fact.users', { count: role.userCount })} />
      <Figure value={role.permissionCount} unit={t('fact.permissions', { count: role.permissionCount })} />
      <Figure value={role.scopeCount} unit={t('fact.scopes', { count: role.scopeCount })} />
      <td className={styles.changed}>
        {role.updatedAt && (
          <time dateTime={role.updatedAt} title={fullMoment(role.updatedAt)}>
            {ago(role.updatedAt, momentShown(asOf))}
          </time>
        )}
        {role.updatedBy && <span>{role.updatedBy.name}</span>}
      </td>
      <td className={styles.menu}>{asOf === undefined && <RoleMenu role={role} onChanged={onChanged} />}</td>
    </tr>
  );
}

/** A count. On a narrow screen, where no header stands above it, its unit stands beside it. */
function Figure({ value, unit }: { readonly value: number; readonly unit: string }): ReactNode {
  return (
    <td className={styles.number}>
      {count(value)} <span className={styles.unit}>{unit}</span>
    </td>
  );
}
