import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { classes } from '../classes';
import { Icon } from './icons';
import styles from './StateBox.module.css';

/** State of a permission where it cannot be changed: granted, granted without effect, or not granted. */
export function StateBox({ state }: { readonly state: 'granted' | 'withheld' | 'none' }): ReactNode {
  return (
    <span role="img" aria-label={t(`state.${state}`)} className={classes(styles.box, styles[state])}>
      {state === 'granted' && <Icon name="check" />}
    </span>
  );
}
