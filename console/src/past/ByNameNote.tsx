import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Note } from '../ui/feedback/Note';

/** Remark of a list that is in another order than asked for. */
export function ByNameNote(): ReactNode {
  return (
    <Note>
      <p role="status">{t('past.byName')}</p>
    </Note>
  );
}
