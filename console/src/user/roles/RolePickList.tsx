import type { ReactNode } from 'react';
import type { RefusalFragment, RoleChoiceFragment } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { classes } from '../../ui/classes';
import { Checkbox } from '../../ui/controls/Checkbox';
import { Icon } from '../../ui/marks/icons';
import { Tag } from '../../ui/marks/Tag';
import { refusalWords, type RoleNames } from '../refusal-words';
import styles from './RolePickList.module.css';

interface Props {
  readonly title: string;
  readonly roles: readonly RoleChoiceFragment[];
  readonly checked: boolean;
  readonly dimmed?: boolean;
  /** Refusals of the last try, by role. */
  readonly refused?: ReadonlyMap<string, readonly RefusalFragment[]>;
  readonly names?: RoleNames;
  readonly onFlip: (role: RoleChoiceFragment, on: boolean) => void;
}

/** Roles to choose, or that are chosen. Those that the caller may not assign stand there too, and say why. */
export function RolePickList(props: Props): ReactNode {
  const { title, roles, checked, dimmed = false, refused, names = new Map(), onFlip } = props;
  return (
    <section className={classes(styles.list, dimmed && styles.dimmed)} aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {roles.map((role) => {
          const isMine = role.allowedActions.includes('EDIT_MEMBERSHIP');
          return (
            <li key={role.key}>
              <Checkbox isSelected={checked} isDisabled={!isMine} onChange={(on) => onFlip(role, on)}>
                <span className={styles.role}>
                  {role.name} {role.kind === 'CUSTOM' && <Tag>{t('userRoles.custom')}</Tag>}
                  {!isMine && (
                    <Tag>
                      <Icon name="key" />
                      {t('rolesPanel.notYours')}
                    </Tag>
                  )}
                  {role.description && <small>{role.description}</small>}
                </span>
              </Checkbox>
              {(refused?.get(role.key) ?? []).map((refusal) => (
                <p key={refusal.code} role="alert" className={styles.refusal}>
                  {refusalWords(refusal, names)}
                </p>
              ))}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
