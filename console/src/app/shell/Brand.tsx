import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './Brand.module.css';

/** The seal and the name, which lead to the first screen. */
export function Brand(): ReactNode {
  return (
    <Link to="/roles" className={styles.brand}>
      <i className={styles.seal} />
      Rolebook
    </Link>
  );
}
