import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import { RoleListDocument, type RoleListQuery } from '../generated/graphql';
import { pageOf } from '../ui/surfaces/Pager';
import { useKept } from '../ui/use-kept';
import { orderOf, type ListSearch } from './list-search';

/** Rows of a page: at most so many stand in the document, however many roles there are. */
export const PAGE_SIZE = 50;

/** The list of roles that an address asks for. */
export interface RoleList {
  readonly data: RoleListQuery | null | undefined;
  readonly fault: Fault | null;
  /** True while other rows are on the way than those shown. */
  readonly searching: boolean;
  readonly reload: () => void;
}

/** Asks for the page of the list that the address names. */
export function useRoleList(search: ListSearch): RoleList {
  const { tab = 'default', q, page = 1, after, before } = search;
  const [{ data, error, fetching }, ask] = useQuery({
    query: RoleListDocument,
    variables: {
      kind: tab === 'custom' ? 'CUSTOM' : 'DEFAULT',
      search: q,
      orderBy: orderOf(search),
      ...pageOf({ page, after, before }, PAGE_SIZE),
    },
    requestPolicy: 'cache-and-network',
  });
  return {
    data: useKept(data),
    fault: error && !data ? faultOf(error) : null,
    searching: fetching,
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
}
