import { retainSearchParams } from '@tanstack/react-router';
import { NO_PLACE } from '../ui/address';

/** State of every address: the moment to show, in the words of whoever wrote it. */
export interface PastSearch {
  readonly asOf?: string;
}

/** The moment that an address asks for. A text that is no moment stays there, so that the page can tell of it. */
export const pastSearch = (raw: Record<string, unknown>): PastSearch =>
  raw.asOf === undefined || raw.asOf === '' ? {} : { asOf: String(raw.asOf) };

/** Keeps the moment through every link; `asOf: undefined` leads back to now. */
export const keepMoment = retainSearchParams<PastSearch>(['asOf']);

/** The same page at another moment, from its first rows; undefined: now. */
export const movedTo =
  (asOf: string | undefined) =>
  <Search extends object>(search: Search) => ({
    ...search,
    ...NO_PLACE,
    asOf,
  });
