import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { RoleHistoryDocument } from '../generated/graphql';
import { HistoryDays } from '../history/HistoryDays';
import { t } from '../messages/i18n';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Pager } from '../ui/surfaces/Pager';
import { pageOf } from '../ui/surfaces/place';
import { Skeleton } from '../ui/feedback/Skeleton';
import { useKept } from '../ui/use-kept';
import { LifeLink } from './life/LifeLink';
import { placeOf, turned, type RoleSearch } from './role-search';
import type { RoleOfPage } from './sections';

interface Props {
  readonly search: RoleSearch;
  readonly onShow: (search: RoleSearch) => void;
  readonly role: RoleOfPage;
  /** True if the caller may see who changed what. */
  readonly allowed: boolean;
}

const PAGE_SIZE = 30;

/** History of a role: by day, newest first, one line a change. */
export function HistoryTab({ search, onShow, role, allowed }: Props): ReactNode {
  const [{ data, error }, ask] = useQuery({
    query: RoleHistoryDocument,
    variables: { id: role.id, ...pageOf(placeOf(search), PAGE_SIZE) },
    pause: !allowed,
    requestPolicy: 'cache-and-network',
  });
  const history = useKept(data)?.role?.history;
  if (!allowed) return <Empty title={t('history.forbidden')} />;
  if (error && !history) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (!history) return <Skeleton rows={8} />;
  if (history.nodes.length === 0) return <Empty title={t('history.none')} />;
  const names = new Map(
    role.sections.flatMap(({ permissions }) =>
      permissions.map(({ permission }) => [permission.key, permission.description]),
    ),
  );
  return (
    <>
      <LifeLink role={role.key} />
      <HistoryDays entries={history.nodes} nameOf={(key) => names.get(key) ?? key} />
      <Pager
        place={placeOf(search)}
        size={PAGE_SIZE}
        total={history.totalCount}
        shown={history.nodes.length}
        info={history.pageInfo}
        onTurn={(place) => onShow(turned(search, place))}
      />
    </>
  );
}
