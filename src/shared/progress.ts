/** Progress of long work: amount done, total, rate, time left, and when to report it. */

export interface Rate {
  /** Slow work has three significant digits, so that it does not look stuck. */
  readonly perSecond: number;
  /** Null if the total is not known, or nothing was done yet. */
  readonly secondsLeft: number | null;
}

/** Rate since work began; `from`: amount that was done before, as when work is resumed. */
export function rateOf(done: number, total: number | null, elapsedMs: number, from = 0): Rate {
  const perSecond = (done - from) / Math.max(0.001, elapsedMs / 1000);
  const secondsLeft =
    total === null || perSecond <= 0 ? null : Math.max(0, Math.ceil((total - done) / perSecond));
  return {
    perSecond: perSecond >= 10 ? Math.round(perSecond) : Number(perSecond.toPrecision(3)),
    secondsLeft,
  };
}

/** Measures one piece of work from its construction on. */
export class ProgressMeter {
  readonly #started = performance.now();
  #done: number;
  #total: number | null = null;
  #share: number | null = null;

  /** `from`: amount that was done before this work began. */
  constructor(private readonly from = 0) {
    this.#done = from;
  }

  /** Records the amount done; less than before changes nothing. A total may be an estimate, null: not known. */
  update(done: number, total: number | null): void {
    this.#done = Math.max(this.#done, done);
    if (total === null || total <= 0) return;
    this.#total = Math.max(total, this.#done);
    this.#share = Math.max(this.#share ?? 0, this.#done / this.#total);
  }

  get done(): number {
    return this.#done;
  }

  get total(): number | null {
    return this.#total;
  }

  /** From 0 to 1; null until a total was given. It never falls, even if the estimate does. */
  get share(): number | null {
    return this.#share;
  }

  get elapsedMs(): number {
    return performance.now() - this.#started;
  }

  rate(): Rate {
    return rateOf(this.#done, this.#total, this.elapsedMs, this.from);
  }
}

/**
 * Limits reports: the result returns true when `ms` have passed since it last did, or since it was made, or when
 * forced.
 */
export function every(ms: number): (forced?: boolean) => boolean {
  let last = performance.now();
  return (forced = false) => {
    const now = performance.now();
    if (now - last < ms && !forced) return false;
    last = now;
    return true;
  };
}

/** Estimates the number of events up to position `end` of the log, where `done` of them reach to `position`. */
export function estimatedTotal(done: number, position: bigint, end: bigint): number | null {
  // Positions are no counts, but their ratio is near enough to show.
  const share = Number(position) / Number(end);
  return share > 0 ? Math.max(done, Math.round(done / share)) : null;
}

/** A rate for people: `1,234/s`, or `8.5/min` below one per second; empty if nothing was done. */
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
