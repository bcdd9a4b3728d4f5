import type { Place } from './surfaces/place';

/** Readers of what an address holds: anybody may have written it. */

/** A text; undefined where there is none. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A text that was typed: one of digits alone arrives as a number. */
export const typedIn = (value: unknown): string | undefined =>
  value === undefined ? undefined : textIn(String(value));

/** The place in a list; the first page is none. */
export function placeIn(raw: Record<string, unknown>): Partial<Place> {
  const page = Number(raw.page);
  return { page: page > 1 ? page : undefined, after: textIn(raw.after), before: textIn(raw.before) };
}

/** Other rows begin at their first page. */
export const NO_PLACE = { page: undefined, after: undefined, before: undefined };

interface Ordered<By> {
  readonly by?: By;
  readonly desc?: true;
}

/**
 * Order after a click on a column: a first click orders, a second turns it round, a third gives the list’s own back.
 * `fromTop`: the first click puts the largest first.
 */
export function nextOrder<By>(id: By, { by, desc }: Ordered<By>, fromTop: boolean): Ordered<By> {
  const first = fromTop ? true : undefined;
  if (by !== id) return { by: id, desc: first };
  return desc === first ? { by: id, desc: first ? undefined : true } : { by: undefined, desc: undefined };
}
