import type { Position } from '../../src/event-store/port/event-store';

/** Requests that wait until the tables hold what they wrote. */
export class Waiters {
  readonly #waiting = new Set<{ readonly position: Position; readonly done: (reached: boolean) => void }>();

  /** True once `reach` got there, false when the wait ran out. */
  wait(position: Position, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter = {
        position,
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

  reach(position: Position): void {
    for (const waiter of this.#waiting) if (waiter.position <= position) waiter.done(true);
  }

  end(): void {
    for (const waiter of this.#waiting) waiter.done(false);
  }
}
