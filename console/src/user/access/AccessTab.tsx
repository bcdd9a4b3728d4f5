import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { UserAccessDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { asOfArgument, useAsOf } from '../../past/use-as-of';
import { Empty } from '../../ui/feedback/Empty';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import type { UserPageSearch } from '../user-page-search';
import { AccessList } from './AccessList';

interface Props {
  readonly userId: string;
  /** True if reasons of assignments may be asked for. */
  readonly reasons: boolean;
  readonly search: UserPageSearch;
  readonly onShow: (search: UserPageSearch) => void;
}

/** Effective permissions of a user, and why there are these: through which role, given by whom and when; and what has no effect. */
export function AccessTab({ userId, reasons, search, onShow }: Props): ReactNode {
  const asOf = useAsOf();
  const [{ data, error }, ask] = useQuery({
    query: UserAccessDocument,
    variables: { id: userId, reasons, asOf: asOfArgument(asOf) },
    requestPolicy: 'cache-and-network',
  });
  const access = data?.user?.effectivePermissions;
  if (access && access.granted.length + access.withheld.length > 0)
    return (
      <AccessList of={{ userId, mayViewHistory: reasons }} access={access} search={search} onShow={onShow} />
    );
  if (error && !data?.user) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (!data) return <Skeleton rows={10} />;
  return (
    <Empty title={t('access.none')}>
      <p>{t('access.noneHelp')}</p>
    </Empty>
  );
}
