import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Note } from '../ui/feedback/Note';

/** Says why it is not told who made the differences. */
export function NoCauses(): ReactNode {
  return (
    <Note>
      <p>{t('compare.noCauses')}</p>
    </Note>
  );
}
