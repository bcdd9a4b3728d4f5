import type { Page, PageRequest } from '../../../projections/view';

const PAGE = 1_000;

/** All pages of a list, one after another. */
export async function* pagesOf<T>(
  list: (page: PageRequest) => Page<T> | Promise<Page<T>>,
): AsyncGenerator<T[]> {
  for (let after: string | null = null, more = true; more;) {
    const page: Page<T> = await list({ first: PAGE, after });
    yield page.items.map(({ item }) => item);
    more = page.hasMore;
    after = page.items.at(-1)?.cursor ?? null;
  }
}
