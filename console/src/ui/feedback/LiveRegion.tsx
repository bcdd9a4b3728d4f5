import type { ReactNode } from 'react';
import { useAnnouncement } from './live';
import styles from './LiveRegion.module.css';

/** The one live region of the page. */
export function LiveRegion(): ReactNode {
  const text = useAnnouncement();
  return (
    <div role="status" aria-live="polite" className={styles.region}>
      {text && <p>{text}</p>}
    </div>
  );
}
