import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { NewRolePageDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { useAsOf } from '../past/use-as-of';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { useTitle } from '../ui/use-title';
import { NewRolePage } from './NewRolePage';

/** The form of a new role. */
export function NewRoleScreen(): ReactNode {
  useTitle(t('roles.create'));
  const asOf = useAsOf();
  const [{ data, error }, ask] = useQuery({ query: NewRolePageDocument, pause: asOf !== undefined });
  if (asOf !== undefined) return <Empty title={t('past.noCreate')} />;
  if (error && !data?.permissionCatalogue) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (!data?.permissionCatalogue) return <Skeleton rows={12} />;
  const actions = data.account?.allowedActions ?? [];
  if (!actions.includes('CREATE_ROLE')) return <Empty title={t('role.noRight')} />;
  return <NewRolePage catalogue={data.permissionCatalogue} mayAssign={actions.includes('ASSIGN_USERS')} />;
}
