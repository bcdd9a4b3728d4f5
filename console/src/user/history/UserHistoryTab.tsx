import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { UserHistoryDocument } from '../../generated/graphql';
import { HistoryDays } from '../../history/HistoryDays';
import { t } from '../../messages/i18n';
import { useAsOf } from '../../past/use-as-of';
import { Empty } from '../../ui/feedback/Empty';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { Pager } from '../../ui/surfaces/Pager';
import { pageOf, type Place } from '../../ui/surfaces/place';
import { useKept } from '../../ui/use-kept';
import type { UserPageSearch } from '../user-page-search';

interface Props {
  readonly userId: string;
  /** True if the caller may see who changed what. */
  readonly allowed: boolean;
  readonly search: UserPageSearch;
  readonly onShow: (search: UserPageSearch) => void;
}

const PAGE_SIZE = 30;

/** History of a user: by day, newest first, one line a change. */
export function UserHistoryTab({ userId, allowed, search, onShow }: Props): ReactNode {
  const { page = 1, after, before } = search;
  const place: Place = { page, after, before };
  const asOf = useAsOf();
  const [{ data, error }, ask] = useQuery({
    query: UserHistoryDocument,
    variables: { id: userId, until: asOf, ...pageOf(place, PAGE_SIZE) },
    pause: !allowed,
    requestPolicy: 'cache-and-network',
  });
  const history = useKept(data)?.history;
  if (!allowed) return <Empty title={t('history.forbidden')} />;
  if (error && !history) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (!history) return <Skeleton rows={8} />;
  if (history.nodes.length === 0) return <Empty title={t('history.none')} />;
  return (
    <>
      <HistoryDays entries={history.nodes} nameOf={(key) => key} />
      <Pager
        place={place}
        size={PAGE_SIZE}
        total={history.totalCount}
        shown={history.nodes.length}
        info={history.pageInfo}
        onTurn={({ page: next, after: behind, before: ahead }) =>
          onShow({ tab: 'history', page: next > 1 ? next : undefined, after: behind, before: ahead })
        }
      />
    </>
  );
}
