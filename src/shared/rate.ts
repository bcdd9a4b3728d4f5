/** Rate of long work, and the time that the rest of it takes at that rate. */
export interface Rate {
  /** Slow work has three significant digits, so that it does not look as if it stood still. */
  readonly perSecond: number;
  /** Null where the total is not known, or nothing was done yet. */
  readonly secondsLeft: number | null;
}

/** `from`: what was done before, as when work is taken up where it was left. */
export function rateOf(done: number, total: number | null, elapsedMs: number, from = 0): Rate {
  const perSecond = (done - from) / Math.max(0.001, elapsedMs / 1000);
  const secondsLeft =
    total === null || perSecond <= 0 ? null : Math.max(0, Math.ceil((total - done) / perSecond));
  return {
    perSecond: perSecond >= 10 ? Math.round(perSecond) : Number(perSecond.toPrecision(3)),
    secondsLeft,
  };
}

/** A rate for people: `1,234/s`, or `8.5/min` where less than one is done in a second; empty where nothing was. */
export function rateText(perSecond: number): string {
  if (perSecond <= 0) return '';
  if (perSecond >= 1) return `${perSecond.toLocaleString('en')}/s`;
  return `${Number((perSecond * 60).toPrecision(2))}/min`;
}

/** A time for people: `5 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}
