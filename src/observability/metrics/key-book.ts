import { KeyBookError, type BookStatus } from '../../keys/port/key-book';
import type { WatchedKeyBook } from '../watcher';
import type { Instruments } from './instruments';

/** The part of a logger that is used here; a pino logger fits. */
export interface MetricsLog {
  warn(fields: object, message: string): void;
}

/**
 * Pause between two looks at the key book, in milliseconds. A look reads and opens all of it: with the keys of a million
 * people 32 MB, which a server has to send. What it is for, a rotation within a day, bears a delay of minutes.
 */
export const LOOK_EVERY_MS = 300_000;

/**
 * Figures of the key book, taken in the background: a scrape shows what the last look found. A look that fails leaves the
 * figures as they were, with their age, and the next one is made as if it had not.
 */
export class KeyBookFigures {
  #seen: { readonly status: BookStatus; readonly at: number } | null = null;

  constructor(
    private readonly instruments: Pick<Instruments, 'keyBook' | 'keyBookFailures'>,
    private readonly log?: MetricsLog,
  ) {}

  /** Looks at once, and then again after each pause, one look at a time. Returns what ends that. */
  watch(book: WatchedKeyBook): () => void {
    const ended = new AbortController();
    let next: NodeJS.Timeout | undefined;
    const look = async (): Promise<void> => {
      await this.#look(book, ended.signal);
      if (!ended.signal.aborted) next = setTimeout(() => void look(), LOOK_EVERY_MS).unref();
    };
    void look();
    return () => {
      ended.abort();
      clearTimeout(next);
    };
  }

  /** Sets the gauges as of now; without a key book, and before the first look, they have no samples. */
  show(): void {
    const { keyBook: gauges } = this.instruments;
    if (this.#seen === null) {
      for (const gauge of Object.values(gauges)) gauge.remove();
      return;
    }
    const { status, at } = this.#seen;
    gauges.segments.set(status.segments);
    gauges.keys.set(status.keys);
    gauges.erased.set(status.erased);
    gauges.awaitingRotation.set(status.awaitingRotation);
    gauges.awaitingSeconds.set(
      status.awaitingSince === null ? 0 : secondsSince(status.awaitingSince.getTime()),
    );
    gauges.toRotate.set(status.toRotate);
    gauges.damaged.set(status.damaged.length);
    gauges.ageSeconds.set(secondsSince(at));
  }

  async #look(book: WatchedKeyBook, ended: AbortSignal): Promise<void> {
    try {
      const status = await book.status();
      if (!ended.aborted) this.#seen = { status, at: Date.now() };
    } catch (err) {
      // The book may be closed while it is read.
      if (ended.aborted) return;
      const code = err instanceof KeyBookError ? err.code : 'INTERNAL_SERVER_ERROR';
      this.instruments.keyBookFailures.inc({ code });
      this.log?.warn({ err }, 'the key book cannot be read for its metrics; it is tried again later');
    }
  }
}

/** Clocks of other processes, which erased, may be ahead of this one. */
const secondsSince = (time: number): number => Math.max(0, (Date.now() - time) / 1_000);
