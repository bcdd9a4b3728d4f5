import { InvalidCursorError, type Page } from '../view';

/** Cursors: the list they belong to and the sort key they continue after, opaque to clients. */

export type CursorValue = string | number;
type Kind = 'string' | 'number';

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

const fitsKind = (value: unknown, kind: Kind): boolean =>
  typeof value === kind && (kind === 'string' || Number.isSafeInteger(value));

/** A page from rows fetched one further than asked for. */
export const pageOf = <T>(fetched: readonly { item: T; cursor: string }[], first: number): Page<T> => ({
  items: fetched.slice(0, first),
  hasNextPage: fetched.length > first,
});
