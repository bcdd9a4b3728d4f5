import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { t } from '../../messages/i18n';
import { classes } from '../classes';
import { Icon } from '../marks/icons';
import styles from './FilterButton.module.css';

interface Props {
  readonly label: string;
  /** Value that is filtered by; null: none. */
  readonly value: string | null;
}

/** Button of a filter, which says what is filtered by: “Status: Inactive”. */
export function FilterButton({ label, value }: Props): ReactNode {
  return (
    <Button className={classes(styles.filter, value !== null && styles.on)}>
      <span className={styles.text}>{value === null ? label : t('filter.on', { label, value })}</span>
      <Icon name="chevron" className={styles.chevron} />
    </Button>
  );
}
