import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ago, fullMoment } from '../format/dates';
import type { UserListRowFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Tag } from '../ui/marks/Tag';
import { classes } from '../ui/classes';
import { namedRoles } from './role-names';
import { userAddressOf } from './user-address';
import styles from './UserRow.module.css';

/** A user in the list. The row is one link to the user’s page. */
export function UserRow({ user }: { readonly user: UserListRowFragment }): ReactNode {
  const { key, name, username, kind, status, lastLoginAt, roles } = user;
  return (
    <tr className={styles.row}>
      <th scope="row" className={styles.name}>
        <Link to="/users/$userId" params={{ userId: userAddressOf(key) }} className={styles.link}>
          {name}
        </Link>
        {kind === 'SERVICE' && <Tag>{t('people.service')}</Tag>}
      </th>
      <td className={styles.username}>{username}</td>
      <td className={classes(styles.status, status !== 'ACTIVE' && styles.off)}>
        {t(`people.status.${status}`)}
      </td>
      <td className={classes(styles.roles, roles.length === 0 && styles.quiet)}>{rolesInLine(roles)}</td>
      <td className={styles.login}>
        {/* On a narrow screen no header stands above it. */}
        {kind === 'PERSON' && <span className={styles.unit}>{t('users.lastLogin').toLowerCase()} </span>}
        {lastLoginAt === null ? (
          t(kind === 'SERVICE' ? 'people.noLogin' : 'users.never')
        ) : (
          <time dateTime={lastLoginAt} title={fullMoment(lastLoginAt)}>
            {ago(lastLoginAt, Date.now())}
          </time>
        )}
      </td>
    </tr>
  );
}

function rolesInLine(roles: UserListRowFragment['roles']): string {
  if (roles.length === 0) return t('people.noRoles');
  const { names, more } = namedRoles(roles);
  return more === 0 ? names : t('people.rolesMore', { names, more });
}
