/** Pauses between attempts: exponential backoff up to a maximum, with jitter. */
export interface Backoff {
  /** Pause after the first failure, in milliseconds. */
  readonly first: number;
  readonly longest: number;
  /** Share of each pause that is random, 0 to 1; see `jittered`. Default: none. */
  readonly jitter?: number;
  readonly random?: () => number;
}

/** Returns the pause, in milliseconds, after `failures` consecutive failures, counted from 1. */
export const backoff =
  ({ first, longest, jitter = 0, random }: Backoff) =>
  (failures: number): number =>
    jittered(Math.min(longest, first * 2 ** (failures - 1)), jitter, random);

/** Shortens a pause by a random part of its `jitter` share, so that clients waiting for the same event spread out. */
export const jittered = (ms: number, jitter: number, random: () => number = Math.random): number =>
  ms * (1 - jitter + jitter * random());
