import type { ReactNode } from 'react';
import type { BoundPermission } from './bounds';
import styles from './BoundList.module.css';

/** Permissions that a feature bounds, in plain words. */
export function BoundList({ permissions }: { readonly permissions: readonly BoundPermission[] }): ReactNode {
  return (
    <ul className={styles.list}>
      {permissions.map(({ key, description }) => (
        <li key={key}>
          {description} <code>{key}</code>
        </li>
      ))}
    </ul>
  );
}
