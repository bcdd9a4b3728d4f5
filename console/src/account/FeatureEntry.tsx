import { useId, useState, type ReactNode } from 'react';
import type { FeatureLineFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Icon } from '../ui/marks/icons';
import { Tag } from '../ui/marks/Tag';
import type { BoundPermission } from './bounds';
import { BoundList } from './BoundList';
import styles from './FeatureEntry.module.css';

interface Props {
  readonly feature: FeatureLineFragment;
  /** Null: the caller may not see permissions. */
  readonly bounds: readonly BoundPermission[] | null;
  /** Null: the caller may not change features. */
  readonly onFlip: (() => void) | null;
}

/** A feature: on or off, and the permissions that it bounds. */
export function FeatureEntry({ feature, bounds, onFlip }: Props): ReactNode {
  const { key, name, enabled, required } = feature;
  const [open, setOpen] = useState(false);
  const list = useId();
  const label = (
    <span className={styles.label}>
      <span>{name}</span> <code>{key}</code>
      {required && <Tag>{t('feature.required')}</Tag>}
    </span>
  );
  return (
    <li className={styles.entry}>
      <div className={styles.row}>
        {bounds && bounds.length > 0 ? (
          <button type="button" aria-expanded={open} aria-controls={list} onClick={() => setOpen(!open)}>
            <Icon name="chevron" className={styles.chevron} />
            {label}
            <span className={styles.bounds}>{t('feature.bounds', { count: bounds.length })}</span>
          </button>
        ) : (
          <span className={styles.plain}>{label}</span>
        )}
        <span className={styles.state}>{t(enabled ? 'feature.on' : 'feature.off')}</span>
        {onFlip && (
          <span className={styles.act}>
            {!required && (
              <Button
                look="link"
                aria-label={t(enabled ? 'feature.disableOf' : 'feature.enableOf', { feature: name })}
                onPress={onFlip}
              >
                {t(enabled ? 'feature.disable' : 'feature.enable')}
              </Button>
            )}
          </span>
        )}
      </div>
      {bounds && (
        <div id={list} hidden={!open}>
          {open && <BoundList permissions={bounds} />}
        </div>
      )}
    </li>
  );
}
