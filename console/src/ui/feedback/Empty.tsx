import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface Props {
  /** Reason why there is nothing, in a few words. */
  readonly title: string;
  readonly children?: ReactNode;
}

/** An empty list, which says why it is empty, and what to do about it. */
export function Empty({ title, children }: Props): ReactNode {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  );
}
