import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Person } from '../../draft/role-draft';
import { ago, fullMoment } from '../../format/dates';
import { t } from '../../messages/i18n';
import { userAddressOf } from '../../users/user-address';
import { Button } from '../../ui/controls/Button';
import { classes } from '../../ui/classes';
import { Icon } from '../../ui/marks/icons';
import { Sign } from '../../ui/marks/Sign';
import { Tag } from '../../ui/marks/Tag';
import styles from './UserTable.module.css';

/** A row of the list, with its place in the draft. */
export interface UserRow {
  readonly person: Person;
  /** Id of the user as of now, whose page the row leads to. */
  readonly userId: string;
  readonly mark: 'added' | 'removed' | null;
  readonly inactive?: boolean;
  /** Unassigns, or takes that back; null: the caller may not. */
  readonly act: (() => void) | null;
}

interface Props {
  readonly caption: string;
  readonly rows: readonly UserRow[];
  readonly dimmed?: boolean;
  /** Goes on with the columns of the table above it. */
  readonly continues?: boolean;
}

/**
 * Users of a role: name, username, last login, and the button that takes the role away. A row is one link to the user’s
 * page; beside it there is only that button.
 */
export function UserTable({ caption, rows, dimmed = false, continues = false }: Props): ReactNode {
  return (
    <table className={classes(styles.table, dimmed && styles.dimmed)} aria-busy={dimmed}>
      <caption className="visually-hidden">{caption}</caption>
      <thead className={classes(continues && 'visually-hidden')}>
        <tr>
          <th scope="col">{t('users.name')}</th>
          <th scope="col">{t('users.username')}</th>
          <th scope="col" className={styles.login}>
            {t('users.lastLogin')}
          </th>
          <th scope="col" className={styles.act}>
            <span className="visually-hidden">{t('roles.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ person, userId, mark, inactive, act }) => (
          <tr key={person.id} className={classes(mark && styles[mark])}>
            <th scope="row">
              {mark && (
                <span className={styles.sign}>
                  <Sign mark={mark} />
                </span>
              )}
              <Link
                to="/users/$userId"
                params={{ userId: userAddressOf(userId) }}
                className={classes(styles.name, mark === 'removed' && styles.struck)}
              >
                {person.name}
              </Link>
              {inactive && <Tag>{t('users.inactive')}</Tag>}
            </th>
            <td>{person.username}</td>
            <td className={styles.login}>
              <LastLogin at={person.lastLoginAt} />
            </td>
            <td className={styles.act}>{act && <Act person={person} mark={mark} act={act} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Act({
  person,
  mark,
  act,
}: Pick<UserRow, 'person' | 'mark'> & { readonly act: () => void }): ReactNode {
  const label = t(mark === 'removed' ? 'users.keep' : 'users.unassign', { name: person.name });
  return (
    <Button look="icon" aria-label={label} onPress={act}>
      <Icon name={mark === 'removed' ? 'undo' : 'close'} />
    </Button>
  );
}

/** Time since somebody signed in; the exact moment is a hover away. */
export function LastLogin({ at }: { readonly at: string | null }): ReactNode {
  if (at === null) return t('users.never');
  return (
    <time dateTime={at} title={fullMoment(at)}>
      {ago(at, Date.now())}
    </time>
  );
}
