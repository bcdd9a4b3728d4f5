import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Empty } from '../ui/feedback/Empty';
import { PageState } from '../ui/surfaces/PageState';

/** An address that leads nowhere. */
export function NotFound(): ReactNode {
  return (
    <PageState title={t('notFound.title')}>
      <Empty title={t('notFound.title')}>
        <p>{t('notFound.text')}</p>
        <Link to="/roles">{t('nav.roles')}</Link>
      </Empty>
    </PageState>
  );
}
