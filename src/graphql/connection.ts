import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import type { Page, PageRequest } from '../../projections/view';
import { badInput } from './errors';
import { ListPages, type EdgeCursor, type PageReader } from './list-pages';
import { Moment, SHOWN_AS_OF } from './moment.type';
import type { PinnedView } from './pinned-view';

export const DEFAULT_PAGE = 20;
export const MAX_PAGE = 200;

/** Longest search text, in UTF-16 units: the longest name in its longest normal form has 3,600. */
const MAX_SEARCH = 4_000;

/** Looks beside a page. */
type Beside = () => Promise<boolean>;

@ObjectType({ simpleResolvers: true, description: 'Information about a page of a connection.' })
export class PageInfo {
  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null on an empty page.' })
  readonly endCursor: string | null;

  constructor(
    cursors: readonly EdgeCursor[],
    private readonly next: Beside,
    private readonly previous: Beside,
  ) {
    this.startCursor = cursors[0]?.() ?? null;
    this.endCursor = cursors.at(-1)?.() ?? null;
  }

  @Field(() => Boolean, {
    description:
      'True if there are edges behind this page. Continue with `first` and `after: endCursor`. Paging with `last` and no `before`: false.',
  })
  hasNextPage(): Promise<boolean> {
    return this.next();
  }

  @Field(() => Boolean, {
    description:
      'True if there are edges before this page. Continue with `last` and `before: startCursor`. Paging with `first` and no `after`: false.',
  })
  hasPreviousPage(): Promise<boolean> {
    return this.previous();
  }
}

/** Arguments of every connection. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Maximum number of edges to return, from the beginning of the list or from behind \`after\`: 0 to ${MAX_PAGE}; ${DEFAULT_PAGE} when \`last\` is left out too. With 0 a page is empty, and its \`pageInfo\` and \`totalCount\` are those of the list.`,
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the same list in the same order. Edges are those behind it.',
  })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `Maximum number of edges to return, from the end of the list or from before \`before\`, in the same order as with \`first\`: 0 to ${MAX_PAGE}. Not together with \`first\`.`,
  })
  last?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the same list in the same order. Edges are those before it; with `after` those between the two.',
  })
  before?: string | null;
}

/** @throws GraphQLError `BAD_USER_INPUT` */
export function pageRequest({ first, after, last, before }: PageArgs): PageRequest {
  if (first != null && last != null)
    throw badInput('A page is the `first` or the `last` edges, not both: leave one of the two out.');
  for (const [name, size] of Object.entries({ first, last }))
    if (size != null && (size < 0 || size > MAX_PAGE))
      throw badInput(`\`${name}\` is from 0 to ${MAX_PAGE}.`);
  const ends = { after: after ?? null, before: before ?? null };
  return last == null ? { first: first ?? DEFAULT_PAGE, ...ends } : { last, ...ends };
}

/**
 * Search text without white space around it; null if that is empty, for no search.
 * @throws GraphQLError `BAD_USER_INPUT`
 */
export function searchText(search: string | null | undefined): string | null {
  if (search != null && search.length > MAX_SEARCH)
    throw badInput(`\`search\` has at most ${MAX_SEARCH} characters.`);
  const trimmed = search?.trim() ?? '';
  // The store would end the text at a NUL and search for another text.
  if (/\p{Cc}/u.test(trimmed)) throw badInput('`search` has control characters.');
  if (!trimmed.isWellFormed()) throw badInput('`search` is not well-formed Unicode.');
  return trimmed === '' ? null : trimmed;
}

const TOTAL_COUNT =
  'Number of edges over all pages; counted only when asked for. Exact where at most 10,000 have to be counted, and where it is known without counting; null: more would have to be counted, as in searches that find more.';

/** The questions behind a connection. */
export interface PageSource<Item, Edge> extends PageReader<Item> {
  readonly count: () => Promise<number | null>;
  readonly edge: (item: Item, cursor: EdgeCursor) => Edge;
}

/**
 * The base of a connection over edges and nodes of two classes. It reads its page only if something of it is selected,
 * counts only if the count is, and looks beside its page only if that is asked for.
 */
export function connectionOf<Item, Edge extends { readonly node: Node }, Node extends object>(
  edgeClass: () => ClassType<Edge>,
  nodeClass: () => ClassType<Node>,
) {
  @ObjectType({ simpleResolvers: true })
  abstract class Connection {
    private page: Promise<Page<Item>> | undefined;
    private total: Promise<number | null> | undefined;
    private made: Promise<readonly Edge[]> | undefined;
    private readonly beside: { before?: Promise<boolean>; behind?: Promise<boolean> } = {};

    private readonly pages: ListPages<Item>;

    /** `view`: the one that the source reads. */
    constructor(
      private readonly view: Pick<PinnedView, 'asOf' | 'request'>,
      private readonly request: PageRequest,
      private readonly source: PageSource<Item, Edge>,
    ) {
      this.pages = new ListPages(view, source);
    }

    @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
    get asOf(): Moment | null {
      return this.view.asOf;
    }

    @Field(() => [edgeClass()], { description: 'Edges of this page.' })
    edges(): Promise<readonly Edge[]> {
      return (this.made ??= this.load().then(({ items }) =>
        items.map(({ item, cursor }) => this.source.edge(item, this.pages.cursorOf(item, cursor))),
      ));
    }

    @Field(() => [nodeClass()], { description: 'The nodes of the edges of this page.' })
    async nodes(): Promise<readonly Node[]> {
      return (await this.edges()).map(({ node }) => node);
    }

    @Field(() => PageInfo, {
      description:
        'First and last cursor of this page, and whether there are more edges on either side of it.',
    })
    async pageInfo(): Promise<PageInfo> {
      const { items } = await this.load();
      return new PageInfo(
        items.map(({ item, cursor }) => this.pages.cursorOf(item, cursor)),
        () => this.hasNext(),
        () => this.hasPrevious(),
      );
    }

    @Field(() => Int, { nullable: true, description: TOTAL_COUNT })
    totalCount(): Promise<number | null> {
      return (this.total ??= this.source.count());
    }

    private async hasNext(): Promise<boolean> {
      const { last, before } = this.request;
      if (last === undefined && (await this.load()).hasMore) return true;
      return before == null ? false : (this.beside.behind ??= this.has({ first: 0, after: before }));
    }

    private async hasPrevious(): Promise<boolean> {
      const { last, after } = this.request;
      if (last !== undefined && (await this.load()).hasMore) return true;
      return after == null ? false : (this.beside.before ??= this.has({ last: 0, before: after }));
    }

    /** The edge of a cursor may have left the list since the cursor was given, so that it takes another look. */
    private async has(ends: PageRequest): Promise<boolean> {
      return (await this.pages.read({ ...ends, including: true })).hasMore;
    }

    private load(): Promise<Page<Item>> {
      return (this.page ??= this.pages.read(this.request));
    }
  }
  return Connection;
}
