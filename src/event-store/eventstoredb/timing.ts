import { setTimeout as sleep } from 'node:timers/promises';
import { jittered } from '../../shared/backoff';

/** Waits for `work`, but no longer than `ms`; what comes later is dropped. */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Pause between two looks for a leader: elections take a second or more. */
export const LEADER_PAUSE_MS = 250;

/** Waits about `ms`, at random between half and all of it, so that those who wait for the same thing get out of step. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(jittered(ms, 0.5), undefined, { signal }).catch(() => undefined);
}

/**
 * Notices that nothing has happened for too long. Only time in which we wait counts, not what a slow consumer takes; and
 * after a pause of this very process (a long turn of the event loop, a stopped process) what has arrived is heard first.
 */
export class SilenceWatch {
  #timer: NodeJS.Timeout | null = null;
  #last = 0;
  #waiting = false;

  constructor(
    private readonly silenceMs: number,
    private readonly onSilence: () => void,
  ) {}

  /** We wait from now on. */
  wait(): void {
    this.#waiting = true;
    this.sign();
    this.#timer ??= setTimeout(() => this.#look(), this.silenceMs);
  }

  /** It is our turn, not theirs. */
  rest(): void {
    this.#waiting = false;
  }

  /** A sign of life. */
  sign(): void {
    this.#last = performance.now();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = false;
  }

  #look(): void {
    const since = performance.now() - this.#last;
    if (!this.#waiting) return this.#again(this.silenceMs);
    if (since < this.silenceMs) return this.#again(this.silenceMs - since);
    const heard = this.#last;
    this.#timer = setTimeout(() => {
      if (this.#last !== heard || !this.#waiting) return this.#look();
      this.#timer = null;
      this.onSilence();
    }, GRACE_MS);
  }

  #again(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.max(1, ms));
  }
}

/** Time to read what lies in the sockets, before silence is believed. */
const GRACE_MS = 25;
