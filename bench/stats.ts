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
