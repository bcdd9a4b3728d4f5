import type { ReactNode } from 'react';
import { markOf } from '../../draft/changes';
import { tick } from '../../draft/edit';
import { isGranted, scopeCountOf } from '../../draft/role-draft';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Checkbox } from '../../ui/controls/Checkbox';
import { classes } from '../../ui/classes';
import { Sign } from '../../ui/marks/Sign';
import { StateBox } from '../../ui/marks/StateBox';
import { useRoleForm } from '../form';
import type { FormPermission } from '../sections';
import styles from './PermissionRow.module.css';
import { PermissionTags } from './PermissionTags';

interface Props {
  readonly permission: FormPermission;
  readonly onScopes: (permission: FormPermission) => void;
}

/** A permission: its box, what it allows in plain words, its key, its scopes. */
export function PermissionRow({ permission, onScopes }: Props): ReactNode {
  const { draft, edit, rights, marks } = useRoleForm();
  const { key, description, available, grantable, retired, totalScopeCount } = permission;
  const granted = isGranted(draft, key);
  const mark = markOf(draft, key) ?? marks?.get(key);
  // Granted or not, the caller can change neither: it is privileged, or left the catalogue.
  const fixed = !grantable || retired;
  const scopes = granted
    ? t('scopes.some', { selected: scopeCountOf(draft, key, totalScopeCount), total: totalScopeCount })
    : t('scopes.count', { count: totalScopeCount });
  const label = (
    <span className={styles.label}>
      <span className={classes(retired && styles.retired)}>{description}</span>
      <code className={styles.key}>{key}</code>
      <PermissionTags permission={permission} />
    </span>
  );
  return (
    <li className={classes(styles.row, mark && styles[mark])}>
      {mark && (
        <span className={styles.sign}>
          <Sign mark={mark} />
        </span>
      )}
      {rights.permissions ? (
        <Checkbox
          isSelected={granted}
          isDisabled={fixed}
          withheld={!available}
          onChange={(on) => edit((now) => tick(now, [key], on))}
        >
          {label}
        </Checkbox>
      ) : (
        <span className={styles.read}>
          <StateBox state={granted ? (available ? 'granted' : 'withheld') : 'none'} />
          {label}
        </span>
      )}
      {totalScopeCount > 0 && (
        <span className={styles.scopes}>
          <Button
            look="link"
            aria-label={t('scopes.openOf', { scopes, permission: description })}
            onPress={() => onScopes(permission)}
          >
            {scopes}
          </Button>
        </span>
      )}
    </li>
  );
}
