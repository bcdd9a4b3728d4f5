import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import { CompareLink } from '../compare/CompareLink';
import { AuditLogDocument, type AuditLogQuery } from '../generated/graphql';
import { HistoryDays } from '../history/HistoryDays';
import { t } from '../messages/i18n';
import { useAsOf } from '../past/use-as-of';
import { classes } from '../ui/classes';
import { Button } from '../ui/controls/Button';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageHead } from '../ui/surfaces/PageHead';
import { Pager } from '../ui/surfaces/Pager';
import { pageOf, type Place } from '../ui/surfaces/place';
import { useKept } from '../ui/use-kept';
import { useTitle } from '../ui/use-title';
import { AuditFilters } from './AuditFilters';
import { filterOf, isFiltered, type AuditSearch } from './audit-search';
import { ExportButton } from './ExportButton';
import styles from './AuditScreen.module.css';
import { usePermissionNames } from './use-permission-names';
import { WaysFrom } from './WaysFrom';

const route = getRouteApi('/audit');

/** Entries of a page: at most so many stand in the document. */
const PAGE_SIZE = 50;

/** The audit log: the record of the account, newest first. */
export function AuditScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = filterOf(search, useAsOf());
  const [{ data, error, fetching }, ask] = useQuery({
    query: AuditLogDocument,
    variables: { filter, ...pageOf(placeOf(search), PAGE_SIZE) },
    requestPolicy: 'cache-and-network',
  });
  const nameOf = usePermissionNames();
  const kept = useKept(data);
  const history = kept?.history;
  const fault = error && !data?.history ? faultOf(error) : null;
  useTitle(t('audit.title'));
  const show = (next: AuditSearch, resetScroll = false): void => void navigate({ search: next, resetScroll });
  return (
    <>
      <PageHead
        trail={t('settings.title')}
        title={t('audit.title')}
        lede={t('audit.lede')}
        actions={
          <>
            <CompareLink />
            {history && history.nodes.length > 0 && <ExportButton filter={filter} nameOf={nameOf} />}
          </>
        }
      />
      <AuditFilters search={search} entries={history?.nodes ?? []} onFilter={show} />
      <Log
        search={search}
        nameOf={nameOf}
        log={{
          history,
          isLoaded: Boolean(kept),
          fault,
          dimmed: fetching && data !== kept,
          reload: () => ask({ requestPolicy: 'network-only' }),
        }}
        onShow={show}
      />
    </>
  );
}

const placeOf = ({ page = 1, after, before }: AuditSearch): Place => ({ page, after, before });

interface LogProps {
  readonly search: AuditSearch;
  readonly nameOf: (permission: string) => string;
  readonly log: {
    readonly history: AuditLogQuery['history'] | undefined;
    readonly isLoaded: boolean;
    readonly fault: Fault | null;
    /** True while other entries are on the way than those shown. */
    readonly dimmed: boolean;
    readonly reload: () => void;
  };
  readonly onShow: (search: AuditSearch, resetScroll?: boolean) => void;
}

function Log({ search, nameOf, log, onShow }: LogProps): ReactNode {
  const { history, isLoaded, fault, dimmed, reload } = log;
  if (fault?.kind === 'forbidden') return <Empty title={t('history.forbidden')} />;
  if (fault) return <FaultNote fault={fault} onRetry={reload} />;
  if (!isLoaded) return <Skeleton rows={12} />;
  if (!history) return <Empty title={t('history.forbidden')} />;
  if (history.nodes.length === 0)
    return (
      <Empty title={t(isFiltered(search) ? 'audit.noMatch' : 'history.none')}>
        {isFiltered(search) && <Button onPress={() => onShow({})}>{t('audit.clear')}</Button>}
      </Empty>
    );
  return (
    <div className={classes(styles.log, dimmed && styles.dimmed)} aria-busy={dimmed}>
      <HistoryDays
        entries={history.nodes}
        nameOf={nameOf}
        waysFrom={(entry) => <WaysFrom entry={entry} search={search} />}
      />
      <Pager
        place={placeOf(search)}
        size={PAGE_SIZE}
        total={history.totalCount}
        shown={history.nodes.length}
        info={history.pageInfo}
        onTurn={({ page, after, before }) =>
          onShow({ ...search, page: page > 1 ? page : undefined, after, before }, true)
        }
      />
    </div>
  );
}
