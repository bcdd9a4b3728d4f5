import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import { UserListDocument, type UserListQuery } from '../generated/graphql';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { idOf } from '../roles/role-address';
import { pageOf } from '../ui/surfaces/place';
import { useKept } from '../ui/use-kept';
import { userOrderOf, type UserListSearch } from './user-search';

/** Rows of a page: at most so many stand in the document, however many users there are. */
export const PAGE_SIZE = 50;

/** A page of users. */
export type UserPage = NonNullable<UserListQuery['users']>;

/** The list of users that an address asks for. */
export interface UserList {
  readonly account: UserListQuery['account'];
  /** Number of users over all filters; null where it is not known. */
  readonly total: number | null;
  /** Name of the role that the list is filtered by. */
  readonly roleName: string | null;
  /** True if the caller may not see users. */
  readonly forbidden: boolean;
  /** Undefined: not there yet. Null: the role is not there, or the caller may not see who has it. */
  readonly page: UserPage | null | undefined;
  readonly fault: Fault | null;
  /** True while other rows are on the way than those shown. */
  readonly searching: boolean;
  readonly reload: () => void;
}

/** Asks for the page of the list that the address names. */
export function useUserList(search: UserListSearch): UserList {
  const { q, status, role, page = 1, after, before } = search;
  const asOf = useAsOf();
  const [{ data: fresh, error, fetching }, ask] = useQuery({
    query: UserListDocument,
    variables: {
      ofRole: role !== undefined,
      role: idOf(role ?? ''),
      search: q,
      status,
      orderBy: userOrderOf(search),
      roleOrderBy: userOrderOf(search),
      ...pageOf({ page, after, before }, PAGE_SIZE),
      asOf: asOfArgument(asOf),
    },
    requestPolicy: 'cache-and-network',
  });
  const data = useKept(fresh);
  return {
    ...partsOf(data),
    fault: error && !fresh ? faultOf(error) : null,
    searching: fetching,
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
}

type Parts = Pick<UserList, 'account' | 'total' | 'roleName' | 'forbidden' | 'page'>;
const NOT_THERE: Parts = { account: null, total: null, roleName: null, forbidden: false, page: undefined };

function partsOf(data: UserListQuery | null | undefined): Parts {
  if (!data) return NOT_THERE;
  const { account, all, users, role } = data;
  return {
    account,
    total: all?.totalCount ?? null,
    roleName: role?.name ?? null,
    forbidden: all === null,
    page: users ?? role?.users ?? null,
  };
}
