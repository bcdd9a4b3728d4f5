import { useId, type ReactNode } from 'react';
import type { BoxFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { PermissionTags } from '../role/permissions/PermissionTags';
import { classes } from '../ui/classes';
import { Icon } from '../ui/marks/icons';
import { Holders } from './Holders';
import styles from './PermissionEntry.module.css';

interface Props {
  readonly permission: BoxFragment;
  readonly open: boolean;
  readonly onFlip: (open: boolean) => void;
}

/** A permission: what it allows, its key, its scopes; it opens to who has it, and through what. */
export function PermissionEntry({ permission, open, onFlip }: Props): ReactNode {
  const { id, key, description, retired, totalScopeCount } = permission;
  const details = useId();
  return (
    <li className={styles.entry}>
      <button type="button" aria-expanded={open} aria-controls={details} onClick={() => onFlip(!open)}>
        <Icon name="chevron" className={styles.chevron} />
        <span className={styles.label}>
          <span className={classes(retired && styles.retired)}>{description}</span> <code>{key}</code>{' '}
          <PermissionTags permission={{ ...permission, scopesId: id }} />
        </span>
        {totalScopeCount > 0 && (
          <span className={styles.scopes}>{t('scopes.count', { count: totalScopeCount })}</span>
        )}
      </button>
      <div id={details} hidden={!open}>
        {open && <Holders permission={permission} />}
      </div>
    </li>
  );
}
