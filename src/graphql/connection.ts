import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import type { Page, PageRequest } from '../../projections/view';
import { badInput } from './errors';
import { Moment, SHOWN_AS_OF } from './moment.type';
import type { PinnedView } from './pinned-view';

export const DEFAULT_PAGE = 20;
export const MAX_PAGE = 200;

/** Longest search text, in UTF-16 units: the longest name in its longest normal form has 3,600. */
const MAX_SEARCH = 4_000;

@ObjectType({ simpleResolvers: true, description: 'Information about a page of a connection.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'True if more edges follow. Continue with `after: endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True if this page began behind a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null on an empty page.' })
  endCursor!: string | null;
}

/** Arguments of every connection. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Maximum number of edges to return: 1 to ${MAX_PAGE}, ${DEFAULT_PAGE} when left out.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the same list. The page begins behind it.' })
  after?: string | null;
}

/** @throws GraphQLError `BAD_USER_INPUT` */
export function pageRequest({ first, after }: PageArgs): PageRequest {
  const size = first ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) throw badInput(`\`first\` is from 1 to ${MAX_PAGE}.`);
  return { first: size, after: after ?? null };
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
  'Number of edges over all pages; counted only when asked for. Exact up to 10,000; above that, null where it would have to be counted, as in searches.';

/** The questions behind a connection. */
export interface PageSource<Item, Edge> {
  readonly read: (request: PageRequest) => Promise<Page<Item>>;
  readonly count: () => Promise<number | null>;
  readonly edge: (item: Item, cursor: string) => Edge;
}

/**
 * The base of a connection over edges of a class. It reads its page only if edges or page are selected, and counts only
 * if the count is.
 */
export function connectionOf<Item, Edge extends object>(edgeClass: () => ClassType<Edge>) {
  @ObjectType({ simpleResolvers: true })
  abstract class Connection {
    private page: Promise<Page<Item>> | undefined;
    private total: Promise<number | null> | undefined;

    /** `view`: the one that the source reads. */
    constructor(
      private readonly view: Pick<PinnedView, 'asOf'>,
      private readonly request: PageRequest,
      private readonly source: PageSource<Item, Edge>,
    ) {}

    @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
    get asOf(): Moment | null {
      return this.view.asOf;
    }

    @Field(() => [edgeClass()], { description: 'Edges of this page.' })
    async edges(): Promise<Edge[]> {
      return (await this.load()).items.map(({ item, cursor }) => this.source.edge(item, cursor));
    }

    @Field(() => PageInfo, {
      description: 'First and last cursor of this page, and whether more edges follow.',
    })
    async pageInfo(): Promise<PageInfo> {
      const { items, hasNextPage } = await this.load();
      return {
        hasNextPage,
        hasPreviousPage: this.request.after != null,
        startCursor: items[0]?.cursor ?? null,
        endCursor: items.at(-1)?.cursor ?? null,
      };
    }

    @Field(() => Int, { nullable: true, description: TOTAL_COUNT })
    totalCount(): Promise<number | null> {
      return (this.total ??= this.source.count());
    }

    private load(): Promise<Page<Item>> {
      return (this.page ??= this.source.read(this.request));
    }
  }
  return Connection;
}
