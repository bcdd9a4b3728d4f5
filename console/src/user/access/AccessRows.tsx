import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { dayOf, fullMoment } from '../../format/dates';
import { t } from '../../messages/i18n';
import { addressOf } from '../../roles/role-address';
import { classes } from '../../ui/classes';
import { Button } from '../../ui/controls/Button';
import { Icon } from '../../ui/marks/icons';
import { StateBox } from '../../ui/marks/StateBox';
import { Tag } from '../../ui/marks/Tag';
import type { AccessSection, Held } from './access';
import styles from './AccessRows.module.css';
import { Why, type WhyOf } from './Why';

interface Props {
  readonly of: WhyOf;
  readonly section: AccessSection;
  /** Number of permissions of the section without the filter. */
  readonly total: number;
  readonly open: boolean;
  /** Null while a filter is on: then it stays open. */
  readonly onFlip: (() => void) | null;
}

/** A section of what a user may do. */
export function AccessRows({ of, section, total, open, onFlip }: Props): ReactNode {
  const { name, held } = section;
  return (
    <tbody>
      <tr className={styles.head}>
        <th scope="rowgroup" colSpan={3}>
          <button type="button" aria-expanded={open} onClick={onFlip ?? undefined}>
            <Icon name="chevron" className={styles.chevron} />
            {name}
            <span className={styles.count}>
              {held.length === total ? total : t('section.count', { selected: held.length, total })}
            </span>
          </button>
        </th>
      </tr>
      {open && held.map((one) => <AccessRow key={one.id} of={of} held={one} />)}
    </tbody>
  );
}

function AccessRow({ of, held }: { readonly of: WhyOf; readonly held: Held }): ReactNode {
  const { permission, scopes, withheld } = held;
  const [showsScopes, showScopes] = useState(false);
  const [explains, explain] = useState(false);
  const { description, key, privileged, retired, totalScopeCount, feature } = permission;
  return (
    <>
      <tr className={styles.row}>
        <th scope="row" className={styles.may}>
          <span className={styles.text}>
            <StateBox state={withheld === null ? 'granted' : 'withheld'} />
            <span>
              <span className={classes(styles.what, retired && styles.retired)}>{description}</span>
              <span className={styles.small}>
                <code className={styles.key}>{key}</code>
                {privileged && (
                  <Tag>
                    <Icon name="key" />
                    {t('tag.privileged')}
                  </Tag>
                )}
                {withheld === null && totalScopeCount > 0 && (
                  <ScopeCount
                    permission={permission}
                    count={scopes.length}
                    open={showsScopes}
                    onFlip={showScopes}
                  />
                )}
              </span>
              {withheld !== null && (
                <span className={styles.withheld}>
                  {t(`access.withheld.${withheld}`, { feature: feature.name })}
                </span>
              )}
              {showsScopes && (
                <ul className={styles.scopes} aria-label={t('scopes.openOf', { permission: description })}>
                  {scopes.map((scope) => (
                    <li key={scope}>
                      <code>{scope}</code>
                    </li>
                  ))}
                </ul>
              )}
            </span>
          </span>
        </th>
        <Through held={held} explains={explains} onExplain={explain} />
      </tr>
      {explains && (
        <tr className={styles.why}>
          <td colSpan={3}>
            <Why of={of} held={held} />
          </td>
        </tr>
      )}
    </>
  );
}

interface ThroughProps {
  readonly held: Held;
  readonly explains: boolean;
  readonly onExplain: (on: boolean) => void;
}

/** Roles that grant a permission, since when, by whom and why; and the way to what that rests on. */
function Through({ held: { permission, via }, explains, onExplain }: ThroughProps): ReactNode {
  return (
    <>
      <td className={styles.through}>
        {via.map(({ id, role }) => (
          <span key={id} className={styles.line}>
            <Link to="/roles/$roleId" params={{ roleId: addressOf(role.key) }}>
              {role.name}
            </Link>
          </span>
        ))}
      </td>
      <td className={styles.since}>
        {via.map(({ id, assignedAt, assignedBy, reason }) => (
          <span key={id} className={styles.line}>
            <time dateTime={assignedAt} title={fullMoment(assignedAt)}>
              {dayOf(assignedAt, Date.now())}
            </time>
            , {assignedBy.name}
            {reason && <q>{reason}</q>}
          </span>
        ))}
        <Button
          look="link"
          aria-expanded={explains}
          aria-label={t('access.whyOf', { permission: permission.description })}
          onPress={() => onExplain(!explains)}
        >
          {t('access.why')}
        </Button>
      </td>
    </>
  );
}

interface ScopeCountProps {
  readonly permission: Held['permission'];
  readonly count: number;
  readonly open: boolean;
  readonly onFlip: (open: boolean) => void;
}

/** Number of scopes that some role kept, which opens their list. */
function ScopeCount({ permission, count, open, onFlip }: ScopeCountProps): ReactNode {
  const { description, totalScopeCount } = permission;
  if (count === 0) return <span>{t('access.noScope', { total: totalScopeCount })}</span>;
  const label = t('scopes.some', { selected: count, total: totalScopeCount });
  return (
    <Button
      look="link"
      aria-expanded={open}
      aria-label={t('access.scopesOf', { scopes: label, permission: description })}
      onPress={() => onFlip(!open)}
    >
      {label}
    </Button>
  );
}
