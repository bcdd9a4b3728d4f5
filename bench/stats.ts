/** The few statistics that the bench needs. */

/** The value that so much of the samples (from 0 to 1) does not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** Milliseconds that each turn of something took. */
export async function timed(turn: () => Promise<unknown> | unknown): Promise<number> {
  const began = performance.now();
  await turn();
  return performance.now() - began;
}

/** A difference of medians, and the interval that it lies in by 95 %. */
export interface Difference {
  readonly value: number;
  readonly interval: readonly [least: number, most: number];
}

const RESAMPLED = 2_000;

/** Difference of the medians of what was measured in pairs, with the interval by bootstrap over the pairs. */
export function differenceOfMedians(pairs: readonly (readonly [one: number, other: number])[]): Difference {
  const differenceIn = (some: typeof pairs): number =>
    median(some.map(([one]) => one)) - median(some.map(([, other]) => other));
  const any = (): (typeof pairs)[number] => pairs[Math.floor(Math.random() * pairs.length)]!;
  const resampled = Array.from({ length: RESAMPLED }, () => differenceIn(pairs.map(any)));
  return {
    value: differenceIn(pairs),
    interval: [percentile(resampled, 0.025), percentile(resampled, 0.975)],
  };
}
