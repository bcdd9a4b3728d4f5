import { durationText, ProgressMeter, rateText } from '../shared/progress';

/**
 * Progress of long work, on stderr: on a terminal a bar that only grows, in one line that is rewritten; otherwise plain
 * lines. Messages come above the bar.
 */

export interface Progress {
  /** `total` null: not known. A total may be an estimate. A smaller amount than before is not shown. */
  update(done: number, total: number | null): void;
  /** The work is done. */
  finish(): void;
}

const FRAME_MS = 100;
const LINE_MS = 1_000;
/** Without a terminal, a line is printed after this much more of the whole, or after this time. */
const LINE_SHARE = 0.1;
const LONGEST_SILENCE_MS = 10_000;
const MOST_CELLS = 30;
const LEAST_CELLS = 10;
const REWRITE = '\r\x1b[K';

/** The bar that the terminal shows; one at a time. */
let onScreen: TerminalProgress | null = null;

/** `from`: amount that was done before this work began. */
export function progress(label: string, from = 0, stream: NodeJS.WriteStream = process.stderr): Progress {
  const shown = stream.isTTY
    ? new TerminalProgress(label, from, stream)
    : new PlainProgress(label, from, stream);
  // Bound, since callers pass these on as callbacks.
  return { update: (done, total) => shown.update(done, total), finish: () => shown.finish() };
}

function takeScreen(bar: TerminalProgress): void {
  if (onScreen !== bar) onScreen?.leave();
  onScreen = bar;
}

/** Prints a line to stderr, above the bar if there is one. */
export function printAbove(text: string): void {
  const shown = onScreen;
  shown?.clear();
  process.stderr.write(`${text}\n`);
  shown?.draw();
}

/** Leaves the bar as it is: the work has failed, and what is printed next comes below. */
export function leaveProgress(): void {
  onScreen?.leave();
}

/** Label and figures of the work, as both displays print them. */
abstract class MeteredWork {
  protected readonly meter: ProgressMeter;

  constructor(
    protected readonly label: string,
    from: number,
    protected readonly stream: NodeJS.WriteStream,
  ) {
    this.meter = new ProgressMeter(from);
  }

  /** `1,234 of 5,000, 300/s, 12 s left` */
  protected counts(): string {
    const { done, total } = this.meter;
    const { perSecond, secondsLeft } = this.meter.rate();
    const of = total === null ? '' : ` of ${total.toLocaleString('en')}`;
    const left = secondsLeft === null ? '' : `${durationText(secondsLeft)} left`;
    return [`${done.toLocaleString('en')}${of}`, rateText(perSecond), left].filter(Boolean).join(', ');
  }

  /** `5,000 in 17 s, 300/s` */
  protected outcome(): string {
    const { done, elapsedMs } = this.meter;
    const took = `${done.toLocaleString('en')} in ${durationText(Math.round(elapsedMs / 1_000))}`;
    return [took, rateText(this.meter.rate().perSecond)].filter(Boolean).join(', ');
  }
}

class PlainProgress extends MeteredWork implements Progress {
  #told = Date.now();
  #toldShare = 0;
  #begun = false;

  update(done: number, total: number | null): void {
    this.#begun = true;
    this.meter.update(done, total);
    const silence = Date.now() - this.#told;
    const share = this.meter.share ?? 0;
    const grown = share - this.#toldShare >= LINE_SHARE;
    if (silence < LINE_MS || !(grown || silence >= LONGEST_SILENCE_MS)) return;
    this.#told = Date.now();
    this.#toldShare = share;
    this.stream.write(`${this.label}: ${this.counts()}\n`);
  }

  finish(): void {
    if (this.#begun) this.stream.write(`${this.label}: ${this.outcome()}\n`);
    this.#begun = false;
  }
}

class TerminalProgress extends MeteredWork implements Progress {
  #drawn = -Infinity;
  #state: 'new' | 'shown' | 'over' = 'new';

  update(done: number, total: number | null): void {
    this.meter.update(done, total);
    if (this.#state === 'over' || Date.now() - this.#drawn < FRAME_MS) return;
    takeScreen(this);
    this.#state = 'shown';
    this.draw();
  }

  finish(): void {
    if (this.#state === 'shown') this.#write(this.outcome(), 1);
    this.leave();
  }

  draw(): void {
    this.#drawn = Date.now();
    this.#write(this.counts(), this.meter.share);
  }

  clear(): void {
    this.stream.write(REWRITE);
  }

  leave(): void {
    if (this.#state === 'shown') this.stream.write('\n');
    this.#state = 'over';
    if (onScreen === this) onScreen = null;
  }

  /** One line that fits: a line that wraps could not be rewritten. */
  #write(counts: string, share: number | null): void {
    const width = (this.stream.columns || 80) - 1;
    const percent = share === null ? '' : ` ${String(Math.floor(share * 100)).padStart(3)} %`;
    const room = width - this.label.length - percent.length - counts.length - 6;
    const cells = Math.min(MOST_CELLS, room);
    const full = Math.floor((share ?? 0) * cells);
    const bar =
      share === null || cells < LEAST_CELLS ? '' : ` [${'#'.repeat(full)}${'.'.repeat(cells - full)}]`;
    const line = `${this.label}${bar}${percent}  ${counts}`;
    this.stream.write(`${REWRITE}${line.length > width ? line.slice(0, width) : line}`);
  }
}

/** Progress of work with named steps. */
export function stepProgress(): {
  readonly update: (step: string, done: number, total: number | null) => void;
  readonly finish: () => void;
} {
  let step = '';
  let shown: Progress | null = null;
  const finish = (): void => {
    shown?.finish();
    shown = null;
  };
  return {
    update(name, done, total) {
      if (name !== step) finish();
      step = name;
      // A step may be resumed.
      shown ??= progress(name, done);
      shown.update(done, total);
    },
    finish,
  };
}
