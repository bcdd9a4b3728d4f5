/** Pages of lists, as a view tells them. */

/** A page of a keyset-paginated list, in the order of the list. Pages continue behind (or before) the `cursor` of an item. */
export interface Page<T> {
  readonly items: readonly { readonly item: T; readonly cursor: string }[];
  /** True if there are more items in the direction of the page: behind the `first` ones, before the `last` ones. */
  readonly hasMore: boolean;
}

/** The first or the last items between two cursors. Zero items: a page that tells only if there are some. */
export type PageRequest = PageEnds &
  (
    | { readonly first: number; readonly last?: undefined }
    | { readonly last: number; readonly first?: undefined }
  );
interface PageEnds {
  /** A cursor from the same list. Throws InvalidCursorError for any other text. */
  readonly after?: string | null;
  readonly before?: string | null;
  /** True if the items of the cursors belong to the page. */
  readonly including?: boolean;
}
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
}

/** An order of a list. Items of equal value are by name, then in order of appearance; those without a value come last. */
interface Order<Field extends string> {
  readonly field: Field;
  readonly direction: 'ASC' | 'DESC';
}
export type RoleOrder = Order<'NAME' | 'USER_COUNT' | 'PERMISSION_COUNT' | 'SCOPE_COUNT' | 'UPDATED_AT'>;
export type UserOrder = Order<'NAME' | 'USERNAME' | 'LAST_LOGIN_AT'>;
export type MemberOrder = Order<UserOrder['field'] | 'ASSIGNED_AT'>;

/** Too much changed since the moment of a view to list it in an order that only the present has an index for. */
export class OrderNotAsOfError extends Error {
  override readonly name = 'OrderNotAsOfError';
}
