import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { dayOf, fullMoment } from '../../format/dates';
import { count } from '../../format/numbers';
import { t } from '../../messages/i18n';
import { addressOf } from '../../roles/role-address';
import { classes } from '../../ui/classes';
import { Button } from '../../ui/controls/Button';
import { Icon } from '../../ui/marks/icons';
import { Tag } from '../../ui/marks/Tag';
import type { Assignment } from '../user-types';
import styles from './AssignmentTable.module.css';

interface Props {
  readonly assignments: readonly Assignment[];
  readonly dimmed: boolean;
  readonly mayUnassign: boolean;
  /** @returns true if the role is taken away */
  readonly onUnassign: (assignment: Assignment) => Promise<boolean>;
}

/** Roles held, one row each, which is one link to the role; beside it there is only the button that takes it away. */
export function AssignmentTable({ assignments, dimmed, mayUnassign, onUnassign }: Props): ReactNode {
  return (
    <table className={classes(styles.table, dimmed && styles.dimmed)} aria-busy={dimmed}>
      <caption className="visually-hidden">{t('user.roles')}</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.role}>
            {t('userRoles.role')}
          </th>
          <th scope="col" className={styles.number}>
            {t('role.permissions')}
          </th>
          <th scope="col">{t('userRoles.since')}</th>
          <th scope="col" className={styles.act}>
            <span className="visually-hidden">{t('roles.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {assignments.map((assignment) => (
          <Row
            key={assignment.id}
            assignment={assignment}
            onUnassign={
              mayUnassign && assignment.role.allowedActions.includes('EDIT_MEMBERSHIP') ? onUnassign : null
            }
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly assignment: Assignment;
  /** Null: the caller may not take this role away. */
  readonly onUnassign: Props['onUnassign'] | null;
}

function Row({ assignment, onUnassign }: RowProps): ReactNode {
  const { role, assignedAt, assignedBy, reason } = assignment;
  return (
    <tr className={styles.row}>
      <th scope="row" className={styles.role}>
        <Link to="/roles/$roleId" params={{ roleId: addressOf(role.key) }} className={styles.link}>
          {role.name}
        </Link>
        {role.kind === 'CUSTOM' && <Tag>{t('userRoles.custom')}</Tag>}
        {role.description && <small>{role.description}</small>}
      </th>
      <td className={styles.number}>
        {count(role.permissionCount)}{' '}
        <span className={styles.unit}>{t('fact.permissions', { count: role.permissionCount })}</span>
      </td>
      <td className={styles.since}>
        <time dateTime={assignedAt} title={fullMoment(assignedAt)}>
          {dayOf(assignedAt, Date.now())}
        </time>
        , {assignedBy.name}
        {reason && <q>{reason}</q>}
      </td>
      <td className={styles.act}>
        {onUnassign && (
          <Button
            look="icon"
            data-unassign
            aria-label={t('userRoles.unassign', { role: role.name })}
            onPress={({ target }) => void keepFocus(target, () => onUnassign(assignment))}
          >
            <Icon name="close" />
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Takes a row away, and leaves the focus at the button of the next row, else of the one before, else at Assign. */
async function keepFocus(button: Element, act: () => Promise<boolean>): Promise<void> {
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-unassign]')];
  const place = buttons.findIndex((one) => one === button);
  const next =
    buttons[place + 1] ?? buttons[place - 1] ?? document.querySelector<HTMLElement>('[data-assign]');
  if (await act()) next?.focus();
}
