import type { Position } from '../../src/event-store/port/event-store';
import type { Ordinal, Place } from '../view';

/** Tells if tables with this checkpoint hold a position or an ordinal. */
export const holds = (checkpoint: Place | null, until: Position | Ordinal): boolean =>
  checkpoint !== null && (typeof until === 'bigint' ? checkpoint.position : checkpoint.ordinal) >= until;

/** Requests that wait until the tables hold what they wrote. */
export class Waiters {
  readonly #waiting = new Set<{
    readonly until: Position | Ordinal;
    readonly done: (reached: boolean) => void;
  }>();

  /** True once `reach` got there, false when the wait ran out. */
  wait(until: Position | Ordinal, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter = {
        until,
        done: (reached: boolean): void => {
          clearTimeout(timer);
          this.#waiting.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.done(false), timeoutMs);
      this.#waiting.add(waiter);
    });
  }

  reach(checkpoint: Place): void {
    for (const waiter of this.#waiting) if (holds(checkpoint, waiter.until)) waiter.done(true);
  }

  end(): void {
    for (const waiter of this.#waiting) waiter.done(false);
  }
}
