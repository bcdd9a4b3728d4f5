import type { Page, PageRequest } from '../../projections/view';

type Read<T> = (page: PageRequest) => Promise<Page<T>>;

/** Every item of a list, page by page, after a check that pages from its end on make the same list. */
export async function everyPage<T>(size: number, list: Read<T>): Promise<T[]> {
  const forwards = (await edgesOf(size, list)).map(({ item }) => item);
  const backwards: T[] = [];
  for (let before: string | null = null; ;) {
    const page: Page<T> = await list({ last: size, before });
    backwards.unshift(...page.items.map(({ item }) => item));
    if (!page.hasMore) break;
    if (page.items.length !== size) throw new Error(`a page of ${size} has ${page.items.length}`);
    before = page.items[0]!.cursor;
  }
  expect(backwards).toEqual(forwards);
  return forwards;
}

/** Every item of a list with its cursor, page by page. */
export async function edgesOf<T>(size: number, list: Read<T>): Promise<Page<T>['items'][number][]> {
  const edges: Page<T>['items'][number][] = [];
  for (let after: string | null = null; ;) {
    const page: Page<T> = await list({ first: size, after });
    edges.push(...page.items);
    if (!page.hasMore) return edges;
    if (page.items.length !== size) throw new Error(`a page of ${size} has ${page.items.length}`);
    after = page.items.at(-1)!.cursor;
  }
}

/** Relay's algorithm on a whole list: the page that a request is to be answered with. */
export function naivePage<T>(edges: Page<T>['items'], request: PageRequest): Page<T> {
  const { after, before, including = false } = request;
  const at = (cursor: string): number => edges.findIndex((edge) => edge.cursor === cursor);
  const from = after == null ? 0 : at(after) + (including ? 0 : 1);
  const to = before == null ? edges.length : at(before) + (including ? 1 : 0);
  const between = edges.slice(from, Math.max(from, to));
  return request.last === undefined
    ? { items: between.slice(0, request.first), hasMore: between.length > request.first }
    : {
        items: between.slice(Math.max(0, between.length - request.last)),
        hasMore: between.length > request.last,
      };
}
