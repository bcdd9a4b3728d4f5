import { InvalidCursorError, OrderNotAsOfError, type Page, type PageRequest } from '../../projections/view';
import { requestError } from './errors';
import type { PinnedView } from './pinned-view';

/** Cursor of an edge, which is made when it is asked for: most pages need that of their last edge alone. */
export type EdgeCursor = () => string;

/** Cursors of pages between their form in the read models and the one that clients see. */
export interface PageCursors<Item> {
  seal(cursor: string, item: Item): string;
  /** @throws InvalidCursorError for a text that is no cursor of the account */
  open(text: string): string;
}

export interface PageReader<Item> {
  readonly read: (request: PageRequest) => Promise<Page<Item>>;
  /** Form of the cursors that clients see; left out: that of all lists. */
  readonly cursors?: PageCursors<Item>;
}

const ORDER_NOT_AS_OF =
  'The list is too long for this order as of that moment: too much has changed since. Order by `NAME`, which works as of any moment, or ask for a later one.';

/** Pages of one list, asked for by the cursors that clients see. */
export class ListPages<Item> {
  private readonly cursors: PageCursors<Item>;

  constructor(
    view: Pick<PinnedView, 'request'>,
    private readonly source: PageReader<Item>,
  ) {
    this.cursors = source.cursors ?? cursorsOf(view);
  }

  /** @throws GraphQLError `ORDER_NOT_AS_OF`, and InvalidCursorError */
  async read({ after, before, ...page }: PageRequest): Promise<Page<Item>> {
    const opened = (text: string | null | undefined): string | null =>
      text == null ? null : this.cursors.open(text);
    try {
      return await this.source.read({ ...page, after: opened(after), before: opened(before) });
    } catch (error) {
      if (error instanceof OrderNotAsOfError) throw requestError('ORDER_NOT_AS_OF', ORDER_NOT_AS_OF);
      throw error;
    }
  }

  cursorOf(item: Item, cursor: string): EdgeCursor {
    return () => this.cursors.seal(cursor, item);
  }
}

const cursorsOf = ({ request: { cursors } }: Pick<PinnedView, 'request'>): PageCursors<unknown> => ({
  seal: (cursor) => cursors.seal(cursor),
  open(text) {
    const cursor = cursors.open(text);
    if (cursor === null) throw new InvalidCursorError('the cursor is not one of this account');
    return cursor;
  },
});
