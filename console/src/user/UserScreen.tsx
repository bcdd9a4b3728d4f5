import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import { UserPageDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageState } from '../ui/surfaces/PageState';
import { useTitle } from '../ui/use-title';
import { userIdOf } from '../users/user-address';
import { useMayViewHistory } from './use-may-view-history';
import { UserPage } from './UserPage';

const route = getRouteApi('/users/$userId');

/** The page of a user: the roles held, what they come to, what changed. */
export function UserScreen(): ReactNode {
  const { userId } = route.useParams();
  const asOf = useAsOf();
  const reasons = useMayViewHistory();
  const [{ data, error, fetching }, ask] = useQuery({
    query: UserPageDocument,
    variables: { id: userIdOf(userId), reasons: reasons ?? false, asOf: asOfArgument(asOf) },
    pause: reasons === null,
    requestPolicy: 'cache-and-network',
  });
  const user = data?.user;
  useTitle(user?.name ?? t('people.title'));
  const reload = (): void => ask({ requestPolicy: 'network-only' });
  if (user) return <UserPage key={user.key} user={user} mayViewHistory={reasons ?? false} />;
  return (
    <PageState title={t('people.title')}>
      {error ? (
        <Problem fault={faultOf(error)} onRetry={reload} />
      ) : fetching || reasons === null ? (
        <Skeleton rows={12} />
      ) : (
        <Empty title={t('user.none')}>
          <p>{t('user.noneHelp')}</p>
        </Empty>
      )}
    </PageState>
  );
}

/** The reason why there is no page of the user. */
function Problem({ fault, onRetry }: { readonly fault: Fault; readonly onRetry: () => void }): ReactNode {
  if (fault.kind === 'forbidden') return <Empty title={t('user.forbidden')} />;
  return <FaultNote fault={fault} onRetry={onRetry} />;
}
