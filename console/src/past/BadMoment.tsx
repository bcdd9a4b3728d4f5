import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Empty } from '../ui/feedback/Empty';
import { PageState } from '../ui/surfaces/PageState';
import { MomentLink } from './MomentLink';

interface Props {
  readonly state: 'unreadable' | 'ahead';
  readonly text: string;
}

/** An address whose moment is none: the present is not shown in its place, for somebody would take it for the past. */
export function BadMoment({ state, text }: Props): ReactNode {
  return (
    <PageState title={t('past.title')}>
      <Empty title={t(state === 'ahead' ? 'past.ahead' : 'past.unreadable', { text })}>
        <p>{t('past.form')}</p>
        <MomentLink at={undefined}>{t('past.back')}</MomentLink>
      </Empty>
    </PageState>
  );
}
