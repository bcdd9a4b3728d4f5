import type { WatchedSeals } from '../watcher';
import type { SealGauges } from './instruments';

/** Figures of the seals, as they are when they are scraped. Where the server does not seal, there are none. */
export class SealFigures {
  #status: (() => WatchedSeals) | null = null;

  constructor(private readonly gauges: SealGauges) {
    this.#forget();
  }

  watch(status: () => WatchedSeals): void {
    this.#status = status;
  }

  show(): void {
    const status = this.#status?.();
    this.#forget();
    if (status === undefined) return;
    const { last, unsealedSince } = status;
    const now = Date.now();
    this.gauges.unsealedSeconds.set(unsealedSince === null ? 0 : (now - unsealedSince) / 1_000);
    if (last === null) return;
    this.gauges.ageSeconds.set((now - last.at) / 1_000);
    this.gauges.events.set(last.events);
  }

  /** Removes the samples: 0 would be misleading. */
  #forget(): void {
    for (const gauge of Object.values(this.gauges)) gauge.remove();
  }
}
