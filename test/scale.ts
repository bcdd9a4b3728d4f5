/**
 * Number of cases that random tests try. `npm test` says the same each time where a test gives a seed of its own; `npm run test:long`
 * sets `ROLEBOOK_TEST_SCALE`, by which all counts are multiplied, and `ROLEBOOK_TEST_SEED` instead of every seed.
 * fast-check prints the seed and the path to the smallest case of a failure.
 */
const scale = Number(process.env['ROLEBOOK_TEST_SCALE'] ?? 1);
const given = process.env['ROLEBOOK_TEST_SEED'];

if (!(scale > 0)) throw new Error('ROLEBOOK_TEST_SCALE is a number above 0.');

export const scaled = (count: number): number => Math.max(1, Math.round(count * scale));

/** Parameters of `fc.assert`. `seed` left out: a new one each time. */
export function runs(count: number, seed?: number): { readonly numRuns: number; readonly seed?: number } {
  const chosen = given === undefined ? seed : Number(given);
  return { numRuns: scaled(count), ...(chosen === undefined ? {} : { seed: chosen }) };
}

/**
 * True for the nth of many cases of which `npm test` tries one in `of`, beginning with the seed. From that scale on, which
 * `npm run test:long` reaches, all are tried.
 */
export const isTried = (n: number, of: number): boolean =>
  (n + Number(given ?? 0)) % Math.max(1, Math.round(of / scale)) === 0;
