/** How fast long work goes, and how long the rest of it takes at that rate. */
export interface Rate {
  readonly perSecond: number;
  /** Null where the total is not known, or nothing was done yet. */
  readonly secondsLeft: number | null;
}

/** `from`: what was done before, as when work is taken up where it was left. */
export function rateOf(done: number, total: number | null, elapsedMs: number, from = 0): Rate {
  const perSecond = (done - from) / Math.max(0.001, elapsedMs / 1000);
  const secondsLeft =
    total === null || perSecond <= 0 ? null : Math.max(0, Math.ceil((total - done) / perSecond));
  return { perSecond: Math.round(perSecond), secondsLeft };
}
