/** Readers that wait for the next commit. Nothing is queued for them: a woken reader reads the log. */
export class Wake {
  readonly #waiting = new Set<() => void>();

  get anyoneWaits(): boolean {
    return this.#waiting.size > 0;
  }

  /** Wakes all waiting readers now. */
  all(): void {
    for (const wake of this.#waiting) wake();
  }

  /**
   * Resolves at the next `all()`, or on abort. The caller has checked that it must wait, without yielding in between.
   */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }
}
