import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import { RoleListDocument, type RoleListQuery, type RoleOrderInput } from '../generated/graphql';
import { isOrderRefused } from '../past/order-refused';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { pageOf } from '../ui/surfaces/place';
import { useKept } from '../ui/use-kept';
import { orderOf, type ListSearch } from './list-search';

/** Rows of a page: at most so many stand in the document, however many roles there are. */
export const PAGE_SIZE = 50;

const BY_NAME: RoleOrderInput = { field: 'NAME', direction: 'ASC' };

/** The list of roles that an address asks for. */
export interface RoleList {
  readonly data: RoleListQuery | null | undefined;
  readonly fault: Fault | null;
  /** True while other rows are on the way than those shown. */
  readonly searching: boolean;
  /** True if the order that was asked for is not to be had as of that moment: the list is by name. */
  readonly byName: boolean;
  readonly reload: () => void;
}

/** Asks for the page of the list that the address names. */
export function useRoleList(search: ListSearch): RoleList {
  const { tab = 'default', q, page = 1, after, before } = search;
  const asked = {
    kind: tab === 'custom' ? ('CUSTOM' as const) : ('DEFAULT' as const),
    search: q,
    ...pageOf({ page, after, before }, PAGE_SIZE),
    asOf: asOfArgument(useAsOf()),
  };
  const [ordered, askOrdered] = useQuery({
    query: RoleListDocument,
    variables: { ...asked, orderBy: orderOf(search) },
    requestPolicy: 'cache-and-network',
  });
  const byName = isOrderRefused(ordered.error);
  const [named, askNamed] = useQuery({
    query: RoleListDocument,
    variables: { ...asked, orderBy: BY_NAME },
    pause: !byName,
  });
  const [{ data, error, fetching }, ask] = byName ? [named, askNamed] : [ordered, askOrdered];
  return {
    data: useKept(data),
    fault: error && !data ? faultOf(error) : null,
    searching: fetching,
    byName,
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
}
