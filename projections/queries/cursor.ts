import { InvalidCursorError, type Page, type PageRequest } from '../view';

/** Cursors, opaque to clients: the list they belong to and a place in it. And pages, which are walks from such a place. */

export type CursorValue = string | number | null;
/** `number?`: a number, or null for none. */
type Kind = 'string' | 'number' | 'number?';

export const encodeCursor = (list: string, values: readonly CursorValue[]): string =>
  Buffer.from(JSON.stringify([list, ...values])).toString('base64url');

/**
 * The values of a cursor. `required`: how many there are at least; later ones may be missing.
 * @throws InvalidCursorError for anything but a cursor of that list
 */
export function decodeCursor<T extends readonly CursorValue[]>(
  list: string,
  cursor: string | null | undefined,
  kinds: readonly Kind[],
  required = kinds.length,
): T | null {
  if (cursor === null || cursor === undefined) return null;
  const values = parsed(cursor);
  const fits =
    Array.isArray(values) &&
    values.length > required &&
    values.length <= kinds.length + 1 &&
    values[0] === list &&
    values.slice(1).every((value, index) => fitsKind(value, kinds[index]!));
  if (!fits) throw new InvalidCursorError('the cursor is not one of this list');
  return values.slice(1) as unknown as T;
}

function parsed(cursor: string): unknown {
  if (cursor.length > 4_000) return null;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

function fitsKind(value: unknown, kind: Kind): boolean {
  if (kind === 'string') return typeof value === 'string';
  return Number.isSafeInteger(value) || (kind === 'number?' && value === null);
}

/** A walk along a list, forwards or backwards. Neither of its places is in it. */
export interface Walk<Place> {
  /** Number of items wanted. One more tells if there are more. */
  readonly size: number;
  readonly backward: boolean;
  /** The place that it starts behind, in its own direction; null: one end of the list. */
  readonly start: Place | null;
  /** The place that it ends before, in its own direction; null: the other end of the list. */
  readonly end: Place | null;
}

/**
 * The walk that a page is. `next` makes the place right behind another along the list (1), or right before it (-1), with no
 * item between the two.
 * @throws InvalidCursorError by way of `decode`
 */
export function walkOf<Place>(
  page: PageRequest,
  decode: (cursor: string) => Place,
  next: (place: Place, by: 1 | -1) => Place,
): Walk<Place> {
  const place = (cursor: string | null | undefined, by: 1 | -1): Place | null => {
    if (cursor == null) return null;
    const found = decode(cursor);
    return page.including ? next(found, by) : found;
  };
  const [after, before] = [place(page.after, -1), place(page.before, 1)];
  return page.last === undefined
    ? { size: page.first, backward: false, start: after, end: before }
    : { size: page.last, backward: true, start: before, end: after };
}

/** The page of a walk, from items in its direction, one more than wanted if there are more. */
export function pageOf<T>(
  { size, backward }: Pick<Walk<unknown>, 'size' | 'backward'>,
  found: readonly { readonly item: T; readonly cursor: string }[],
): Page<T> {
  const items = found.slice(0, size);
  return { items: backward ? items.reverse() : items, hasMore: found.length > size };
}
