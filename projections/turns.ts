import { setImmediate as nextTurn } from 'node:timers/promises';

/** A longer turn would be felt by others who ask, a shorter one costs more turns. */
export const TURN_MS = 8;

/** Long work in turns of the event loop, so that others get theirs between. */
export class Turns {
  #began = performance.now();

  /** Milliseconds since this turn began. */
  get used(): number {
    return performance.now() - this.#began;
  }

  /** A turn begins now: whoever waited has had one just before. */
  begin(): void {
    this.#began = performance.now();
  }

  /** Ends a turn that was long enough. */
  async share(): Promise<void> {
    if (this.used <= TURN_MS) return;
    await nextTurn();
    this.begin();
  }
}
