import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Tabs } from '../ui/controls/Tabs';
import { Note } from '../ui/feedback/Note';
import { PageHead } from '../ui/surfaces/PageHead';
import { AccessTab } from './access/AccessTab';
import { UserHistoryTab } from './history/UserHistoryTab';
import { UserRolesTab } from './roles/UserRolesTab';
import { UserActions } from './UserActions';
import { userFacts } from './user-facts';
import type { UserPageSearch } from './user-page-search';
import type { UserOfPage } from './user-types';

const route = getRouteApi('/users/$userId');

interface Props {
  readonly user: UserOfPage;
  readonly mayViewHistory: boolean;
}

/** A user who is or was registered. */
export function UserPage({ user, mayViewHistory }: Props): ReactNode {
  const search = route.useSearch();
  const navigate = useNavigate();
  const show = (next: UserPageSearch, replace = true): void =>
    void navigate({ to: '.', search: next, replace, resetScroll: false });
  const { tab = 'roles' } = search;
  const { name, username, status, assignments, effectivePermissions } = user;
  return (
    <>
      <PageHead
        trail={<Link to="/users">{t('people.title')}</Link>}
        title={name}
        lede={username}
        facts={userFacts(user)}
        actions={<UserActions user={user} />}
      />
      {status === 'INACTIVE' && (
        <Note>
          <p>{t('user.inactiveNote')}</p>
        </Note>
      )}
      <Tabs
        label={name}
        tabs={[
          { id: 'roles', label: t('user.roles'), count: assignments?.length ?? 0 },
          { id: 'access', label: t('user.access'), count: effectivePermissions?.granted.length },
          { id: 'history', label: t('role.history') },
        ]}
        selected={tab}
        onSelect={(next) => show({ tab: next }, false)}
      >
        {tab === 'roles' && <UserRolesTab user={user} search={search} onShow={show} />}
        {tab === 'access' && (
          <AccessTab userId={user.key} reasons={mayViewHistory} search={search} onShow={show} />
        )}
        {tab === 'history' && (
          <UserHistoryTab userId={user.key} allowed={mayViewHistory} search={search} onShow={show} />
        )}
      </Tabs>
    </>
  );
}
