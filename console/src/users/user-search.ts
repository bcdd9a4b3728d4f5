import type { UserOrderInput, UserStatus } from '../generated/graphql';
import { nextOrder, placeIn, textIn, typedIn } from '../ui/address';
import type { Place } from '../ui/surfaces/place';

export const STATUSES = ['ACTIVE', 'INACTIVE', 'ERASED'] as const satisfies readonly UserStatus[];

/** Columns by which the list may be ordered, as the address names them. */
export const USER_ORDERS = {
  name: 'NAME',
  username: 'USERNAME',
  login: 'LAST_LOGIN_AT',
} as const satisfies Record<string, UserOrderInput['field']>;
export type UserOrderBy = keyof typeof USER_ORDERS;

/** State of the list of users that the address holds: the filters, the order, the page. */
export interface UserListSearch extends Partial<Place> {
  readonly q?: string;
  readonly status?: UserStatus;
  /** Address of the role whose users are shown. */
  readonly role?: string;
  readonly by?: UserOrderBy;
  readonly desc?: true;
}

/** State of the list that an address asks for; what it does not know is left out. */
export function userListSearch(raw: Record<string, unknown>): UserListSearch {
  const by = textIn(raw.by);
  return {
    q: typedIn(raw.q),
    status: STATUSES.find((status) => status === raw.status),
    role: typedIn(raw.role),
    by: by !== undefined && by in USER_ORDERS ? (by as UserOrderBy) : undefined,
    desc: raw.desc === true ? true : undefined,
    ...placeIn(raw),
  };
}

/** Order that the API is asked for; none: by name. */
export const userOrderOf = ({ by, desc }: UserListSearch) =>
  by && ({ field: USER_ORDERS[by], direction: desc ? 'DESC' : 'ASC' } as const);

/** Order after a click on a column. */
export const nextUserOrder = (id: UserOrderBy, search: UserListSearch): Pick<UserListSearch, 'by' | 'desc'> =>
  // Sign-ins are asked for from the top: who was here last.
  nextOrder(id, search, id === 'login');
