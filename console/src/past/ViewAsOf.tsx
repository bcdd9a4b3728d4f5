import { lazy, Suspense, useState, type ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Icon } from '../ui/marks/icons';
import styles from './ViewAsOf.module.css';

const AsOfDialog = lazy(() => import('./AsOfDialog').then(({ AsOfDialog: dialog }) => ({ default: dialog })));

/** The way into the past, from every page. */
export function ViewAsOf(): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.way}>
      <Button look="plain" onPress={() => setOpen(true)}>
        <Icon name="past" />
        <span>{t('past.view')}</span>
      </Button>
      {open && (
        <Suspense>
          <AsOfDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
