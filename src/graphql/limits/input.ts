import { badInput, requestError } from '../errors';

/** Bounds of a client's input besides the text of its request, checked before any other code reads it. */

/** Values in the variables together: objects, lists, and their contents. A form of 10,000 permissions fits. */
export const MAX_VALUES = 60_000;
/** Characters (UTF-16 units) of one text; the longest accepted anywhere are descriptions and cursors. */
export const MAX_TEXT = 10_000;
const MAX_DEPTH = 20;

/**
 * Walks the raw variables, and stops at the first bound that they break.
 * @throws RequestError `QUERY_TOO_COMPLEX` for too many values, `BAD_USER_INPUT` for a text that is too long
 * @returns the number of values
 */
export function checkVariables(variables: unknown): number {
  let count = 0;
  const walk = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH)
      throw requestError('QUERY_TOO_COMPLEX', `The variables nest deeper than ${MAX_DEPTH}.`);
    count += 1;
    if (count > MAX_VALUES)
      throw requestError('QUERY_TOO_COMPLEX', `The variables hold more than ${MAX_VALUES} values.`);
    if (typeof value === 'string') {
      if (value.length > MAX_TEXT)
        throw badInput(`A text in the variables has more than ${MAX_TEXT} characters.`);
    } else if (Array.isArray(value)) {
      for (const each of value) walk(each, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) walk(each, depth + 1);
    }
  };
  walk(variables, 0);
  return count;
}

/** Values that cost as much as one field of the answer: each is coerced, checked and decided on. */
const VALUES_A_FIELD = 4;

/** Cost of inputs by their size. One variable may be the argument of many fields: it is counted once, and charged each time. */
export class InputSizes {
  private readonly known = new WeakMap<object, number>();

  costOf(args: Readonly<Record<string, unknown>>): number {
    return Math.floor(
      Object.values(args).reduce<number>((sum, value) => sum + this.size(value), 0) / VALUES_A_FIELD,
    );
  }

  private size(value: unknown): number {
    if (typeof value !== 'object' || value === null) return 1;
    let size = this.known.get(value);
    if (size === undefined) {
      size = 1;
      for (const each of Object.values(value)) size += this.size(each);
      this.known.set(value, size);
    }
    return size;
  }
}
