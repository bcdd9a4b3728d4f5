import type {
  AsOf,
  HistoryFilter,
  MemberFilter,
  MemberOrder,
  Page,
  PageRequest,
  RoleFilter,
  RoleOrder,
  UserFilter,
  UserOrder,
  View,
} from '../../projections/view';

/** Lists as screens ask for them, and what they are asked with. */

export type Order = RoleOrder | UserOrder | MemberOrder | null;

export type Filtered =
  | { readonly list: 'roles'; readonly what: string; readonly filter: RoleFilter }
  | { readonly list: 'users'; readonly what: string; readonly filter: UserFilter }
  | { readonly list: 'members'; readonly what: string; readonly role: string; readonly filter: MemberFilter }
  | { readonly list: 'history'; readonly what: string; readonly filter: HistoryFilter };

export type Moment = AsOf | null;

export function pageOf(view: View, asked: Filtered, order: Order, page: PageRequest): Promise<Page<unknown>> {
  switch (asked.list) {
    case 'roles':
      return view.roleList(asked.filter, order as RoleOrder | null, page);
    case 'users':
      return view.userList(asked.filter, order as UserOrder | null, page);
    case 'members':
      return view.roleUsers(asked.role, asked.filter, order as MemberOrder | null, page);
    case 'history':
      return view.history(asked.filter, page);
  }
}

export function totalOf(view: View, asked: Filtered): Promise<number | null> {
  switch (asked.list) {
    case 'roles':
      return view.countRoles(asked.filter);
    case 'users':
      return view.countUsers(asked.filter);
    case 'members':
      return view.countRoleUsers(asked.role, asked.filter);
    case 'history':
      return view.countHistory(asked.filter);
  }
}
