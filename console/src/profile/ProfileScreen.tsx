import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { ProfileDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { useAsOf } from '../past/use-as-of';
import { addressOf } from '../roles/role-address';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageHead } from '../ui/surfaces/PageHead';
import { PageState } from '../ui/surfaces/PageState';
import { useTitle } from '../ui/use-title';
import { AccessList } from '../user/access/AccessList';
import { useMayViewHistory } from '../user/use-may-view-history';
import { LastLogin } from '../user/user-facts';
import styles from './ProfileScreen.module.css';

const route = getRouteApi('/profile');

/** The person who is signed in: roles, and what they come to. Everybody may see their own. */
export function ProfileScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const asOf = useAsOf();
  const reasons = useMayViewHistory();
  const [{ data, error }, ask] = useQuery({
    query: ProfileDocument,
    variables: { reasons: reasons ?? false },
    pause: reasons === null || asOf !== undefined,
    requestPolicy: 'cache-and-network',
  });
  useTitle(t('nav.profile'));
  const me = data?.me;
  if (asOf !== undefined || !me)
    return (
      <PageState title={t('nav.profile')}>
        {/* The API tells people of their own access as of now alone. */}
        {asOf !== undefined ? (
          <Empty title={t('profile.nowOnly')} />
        ) : error ? (
          <FaultNote fault={faultOf(error)} onRetry={() => ask()} />
        ) : (
          <Skeleton rows={12} />
        )}
      </PageState>
    );
  const { name, username, lastLoginAt, assignments, effectivePermissions: access } = me;
  return (
    <>
      <PageHead
        trail={t('nav.profile')}
        title={name}
        lede={t('profile.lede')}
        facts={[username, ...(lastLoginAt ? [<LastLogin key="login" at={lastLoginAt} />] : [])]}
      />
      <section className={styles.part} aria-labelledby="own-roles">
        <h2 id="own-roles">{t('profile.roles')}</h2>
        {assignments && assignments.length > 0 ? (
          <ul>
            {assignments.map(({ id, role }) => (
              <li key={id}>
                <Link to="/roles/$roleId" params={{ roleId: addressOf(role.key) }}>
                  {role.name}
                </Link>
                <span>{role.description}</span>
              </li>
            ))}
          </ul>
        ) : (
          <p>{t('profile.noRoles')}</p>
        )}
      </section>
      <section className={styles.part} aria-labelledby="own-access">
        <h2 id="own-access">{t('profile.access')}</h2>
        {access && access.granted.length + access.withheld.length > 0 ? (
          <AccessList
            of={{ userId: me.id, mayViewHistory: reasons ?? false }}
            access={access}
            search={search}
            onShow={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
          />
        ) : (
          <p>{t('profile.noAccess')}</p>
        )}
      </section>
    </>
  );
}
