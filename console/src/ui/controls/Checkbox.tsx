import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox, type CheckboxProps } from 'react-aria-components/Checkbox';
import styles from './Checkbox.module.css';
import { classes } from '../classes';
import { Icon } from '../marks/icons';

interface Props extends Omit<CheckboxProps, 'className' | 'style' | 'children'> {
  /** Granted without effect: hatched, with the reason beside it. */
  readonly withheld?: boolean;
  readonly children?: ReactNode;
}

/** A box to tick, with its label. A mixed state shows a dash. */
export function Checkbox({ withheld = false, children, ...props }: Props): ReactNode {
  return (
    <AriaCheckbox {...props} className={styles.checkbox}>
      <span className={classes(styles.box, withheld && styles.withheld)}>
        <Icon name="check" className={styles.check} />
        <Icon name="minus" className={styles.dash} />
      </span>
      {children}
    </AriaCheckbox>
  );
}
