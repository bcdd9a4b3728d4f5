import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import { RolePageDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { idOf } from '../roles/role-address';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageState } from '../ui/surfaces/PageState';
import { useKept } from '../ui/use-kept';
import { useTitle } from '../ui/use-title';
import { RolePage } from './RolePage';

const route = getRouteApi('/roles/$roleId');

/** A role as it is read. From moment to moment of the past it stays until the next one is there, so that controls keep the focus. */
function useRoleRead(roleId: string, asOf: string | undefined) {
  const [{ data, error, fetching }, ask] = useQuery({
    query: RolePageDocument,
    variables: { id: idOf(roleId), asOf: asOfArgument(asOf) },
    requestPolicy: 'cache-and-network',
  });
  const kept = useKept(data);
  const stays = asOf !== undefined && fetching && kept?.role?.key === idOf(roleId);
  const { role, account } = (stays ? kept : data) ?? {};
  return {
    role,
    account: account ?? null,
    error,
    fetching,
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
}

/** The page of a role: read, and edited by a draft. */
export function RoleScreen(): ReactNode {
  const { roleId } = route.useParams();
  const asOf = useAsOf();
  const { role, account, error, fetching, reload } = useRoleRead(roleId, asOf);
  useTitle(role?.name ?? t('roles.title'));
  if (role) {
    const key = asOf === undefined ? role.id : `${role.key}, past`;
    return <RolePage key={key} role={role} account={account} reload={reload} />;
  }
  return (
    <PageState title={t('roles.title')}>
      {error ? (
        <Problem fault={faultOf(error)} onRetry={reload} />
      ) : fetching ? (
        <Skeleton rows={12} />
      ) : (
        <Empty title={t(asOf === undefined ? 'role.none' : 'role.noneThen')}>
          <p>{t(asOf === undefined ? 'role.noneHelp' : 'role.noneThenHelp')}</p>
        </Empty>
      )}
    </PageState>
  );
}

/** The reason why there is no page of the role. */
function Problem({ fault, onRetry }: { readonly fault: Fault; readonly onRetry: () => void }): ReactNode {
  if (fault.kind === 'forbidden') return <Empty title={t('roles.forbidden')} />;
  return <FaultNote fault={fault} onRetry={onRetry} />;
}
