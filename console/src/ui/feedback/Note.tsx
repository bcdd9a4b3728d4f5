import type { ReactNode } from 'react';
import styles from './Note.module.css';
import { classes } from '../classes';

interface Props {
  readonly look?: 'remark' | 'problem';
  /** Read out at once. */
  readonly alert?: boolean;
  readonly children: ReactNode;
}

/** A remark or a problem, set off by a bar at its left. */
export function Note({ look = 'remark', alert = false, children }: Props): ReactNode {
  return (
    <div className={classes(styles.note, styles[look])} role={alert ? 'alert' : undefined}>
      {children}
    </div>
  );
}
