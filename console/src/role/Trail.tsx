import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import type { RoleOfPage } from './sections';

/** Way from the roles to a role, by the tab that lists it. */
export function Trail({ kind }: Pick<RoleOfPage, 'kind'>): ReactNode {
  return (
    <>
      <Link to="/roles">{t('roles.title')}</Link>
      {' / '}
      <Link to="/roles" search={{ tab: kind === 'CUSTOM' ? 'custom' : undefined }}>
        {t(kind === 'CUSTOM' ? 'roles.custom' : 'roles.default')}
      </Link>
    </>
  );
}
