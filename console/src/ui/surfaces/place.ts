/** A place in a list: the page that it is, and the cursor that leads there. */
export interface Place {
  /** Number of the page, from 1. */
  readonly page: number;
  readonly after?: string;
  readonly before?: string;
}

export const FIRST_PAGE: Place = { page: 1 };

/** Arguments of a connection for a place. */
export const pageOf = ({ after, before }: Place, size: number) =>
  before === undefined ? { first: size, after } : { last: size, before };
