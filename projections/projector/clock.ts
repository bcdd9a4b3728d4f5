/** How this machine's clock stands to the log's. */

export interface Clocks {
  /** How far this machine's clock is ahead of the store's own; null where it has none, or that is not known yet. */
  readonly storeSkewMs: number | null;
  /** Where the time line stands: the latest time recorded; null for an empty log. */
  readonly latest: number | null;
  readonly now: number;
  /** Times up to this one are known to be wrong: a clock that ran ahead recorded them. */
  readonly aheadUntil: number;
}

/**
 * By how much this machine's clock is ahead of the log's (behind: negative), in milliseconds; null where not known. A
 * store with a clock of its own says it. Of any other log is known how far it had come: a clock that is right is not
 * behind that, and one that is would record moments which stand still on the time line, and are not found as of now.
 */
export function clockSkew({ storeSkewMs, latest, now, aheadUntil }: Clocks): number | null {
  if (storeSkewMs !== null || latest === null) return storeSkewMs;
  return latest <= aheadUntil ? 0 : Math.min(0, now - latest);
}
