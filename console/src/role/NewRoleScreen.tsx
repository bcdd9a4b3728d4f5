import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { NewRolePageDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { useAsOf } from '../past/use-as-of';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageState } from '../ui/surfaces/PageState';
import { useTitle } from '../ui/use-title';
import { NewRolePage } from './NewRolePage';

/** The form of a new role. */
export function NewRoleScreen(): ReactNode {
  useTitle(t('roles.create'));
  const asOf = useAsOf();
  const [{ data, error }, ask] = useQuery({ query: NewRolePageDocument, pause: asOf !== undefined });
  const actions = data?.account?.allowedActions ?? [];
  const catalogue = data?.permissionCatalogue;
  if (asOf === undefined && catalogue && actions.includes('CREATE_ROLE'))
    return <NewRolePage catalogue={catalogue} mayAssign={actions.includes('ASSIGN_USERS')} />;
  const fault = error && !catalogue ? faultOf(error) : null;
  const mayNot = Boolean(catalogue) || fault?.kind === 'forbidden';
  return (
    <PageState title={t('roles.create')}>
      {asOf !== undefined ? (
        <Empty title={t('past.noCreate')} />
      ) : mayNot ? (
        <Empty title={t('role.noRight')} />
      ) : fault ? (
        <FaultNote fault={fault} onRetry={() => ask()} />
      ) : (
        <Skeleton rows={12} />
      )}
    </PageState>
  );
}
