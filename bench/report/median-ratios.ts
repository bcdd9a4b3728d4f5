import type { Figure } from './figure';

/** One figure over several runs of two versions. */
export interface Compared {
  readonly what: string;
  readonly before: number;
  readonly after: number;
  /** Median of the new runs by the median of the old ones. */
  readonly ratio: number;
  /** Least and most of the old runs. */
  readonly spread: readonly [least: number, most: number];
  /** `within`: the medians differ by no more than the share given, or the new one lies among the old runs. */
  readonly verdict: 'within' | 'better' | 'worse';
}

interface Run {
  readonly figures: readonly Figure[];
}

/** Compares the medians of each figure that every run has: some are named after what was slowest or largest in theirs. */
export function medianRatios(old: readonly Run[], now: readonly Run[], within: number): Compared[] {
  const before = valuesOf(old);
  const after = valuesOf(now);
  return [...before].flatMap(([what, { values, isRate }]) => {
    const others = after.get(what)?.values;
    if (values.length < old.length || others?.length !== now.length) return [];
    const [was, is] = [median(values), median(others)];
    const spread = [Math.min(...values), Math.max(...values)] as const;
    const ratio = is / was;
    const isSame = Math.abs(ratio - 1) <= within || (spread[0] <= is && is <= spread[1]);
    const verdict = isSame ? 'within' : is > was === isRate ? 'better' : 'worse';
    return [{ what, before: was, after: is, ratio, spread, verdict } as const];
  });
}

/** Values by figure. One may stand beside several yardsticks in a run, and is then the same value. */
function valuesOf(
  runs: readonly Run[],
): Map<string, { readonly values: number[]; readonly isRate: boolean }> {
  const all = new Map<string, { readonly values: number[]; readonly isRate: boolean }>();
  for (const { figures } of runs) {
    for (const [what, { value, unit }] of new Map(figures.map((figure) => [figure.what, figure]))) {
      const known = all.get(what);
      if (known) known.values.push(value);
      else all.set(what, { values: [value], isRate: unit === '/s' });
    }
  }
  return all;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper;
}
