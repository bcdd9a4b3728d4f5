import type { ReactNode } from 'react';
import styles from './Tag.module.css';

/** A short remark beside a name, as “feature is off”. */
export function Tag({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className={styles.tag}>{children}</span>;
}
