import { setTimeout as sleep } from 'node:timers/promises';
import { jittered } from '../../shared/backoff';

/** Waits for `work`, but no longer than `ms`; a later result is dropped. */
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

/** Pause between two searches for a leader: elections take a second or more. */
export const LEADER_PAUSE_MS = 250;

/** Waits about `ms`, at random between half and all of it, so that clients waiting for the same event spread out. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(jittered(ms, 0.5), undefined, { signal }).catch(() => undefined);
}

/**
 * Detects that nothing has happened for too long. Only time spent waiting for the server counts, not the time of a slow
 * consumer. After a pause of this process (a long event-loop turn, a stopped process) arrived data is read first.
 */
export class SilenceWatch {
  #timer: NodeJS.Timeout | null = null;
  #last = 0;
  #waiting = false;

  constructor(
    private readonly silenceMs: number,
    private readonly onSilence: () => void,
  ) {}

  /** This side waits from now on. */
  wait(): void {
    this.#waiting = true;
    this.sign();
    this.#timer ??= setTimeout(() => this.#look(), this.silenceMs);
  }

  /** The next step is this side's: the watch pauses. */
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

/** Time to drain the sockets before a silence is believed. */
const GRACE_MS = 25;
