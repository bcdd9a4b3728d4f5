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
