import { useEffect, useState, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import styles from './Skeleton.module.css';

/** Rows of grey, of the height that rows will have, once loading takes longer than 150 ms. */
export function Skeleton({ rows }: { readonly rows: number }): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.skeleton} aria-busy="true">
      <span className="visually-hidden">{t('loading')}</span>
      {late && Array.from({ length: rows }, (_, row) => <div key={row} className={styles.row} />)}
    </div>
  );
}
