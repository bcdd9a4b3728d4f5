import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import styles from './Rail.module.css';
import { SCREENS } from './screens';

/** The screens. */
export function Rail(): ReactNode {
  return (
    <nav aria-label={t('nav.label')} className={styles.rail}>
      {SCREENS.map(({ to, label }) => (
        <Link key={to} to={to} className={styles.link} activeProps={{ 'aria-current': 'page' }}>
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}
