/** Skew between this machine's clock and the log's. */

export interface Clocks {
  /** Lead of this machine's clock over the store's own, in milliseconds; null if it has none, or not known yet. */
  readonly storeSkewMs: number | null;
  /** Latest time recorded, which the time line has reached, in milliseconds since 1970; null for an empty log. */
  readonly latest: number | null;
  readonly now: number;
  /** Times up to this one are known to be wrong: a clock that ran ahead recorded them. */
  readonly aheadUntil: number;
}

/**
 * Lead of this machine's clock over the log's (behind: negative), in milliseconds; null if not known. A store with a
 * clock of its own gives it. Any other log gives only the latest time recorded, and a correct clock is not behind that.
 * A clock that is behind would record times at which the time line does not advance, so that the events are not found
 * as of now.
 */
export function clockSkew({ storeSkewMs, latest, now, aheadUntil }: Clocks): number | null {
  if (storeSkewMs !== null || latest === null) return storeSkewMs;
  return latest <= aheadUntil ? 0 : Math.min(0, now - latest);
}
