import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import styles from './OldNote.module.css';

/** Tells that what is on the screen may be old, as long as the server does not answer. */
export function OldNote({ shown }: { readonly shown: boolean }): ReactNode {
  return <div role="status">{shown && <p className={styles.note}>{t('live.old')}</p>}</div>;
}
