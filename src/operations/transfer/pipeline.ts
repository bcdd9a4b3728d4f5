/** Pieces of work, several at once, started in order; the number in flight is bounded, and so is their memory. */
export class Pipeline {
  readonly #underWay: Promise<void>[] = [];

  constructor(private readonly atOnce: number) {}

  /** Resolves when the work has started. Throws the failure of an earlier piece: nothing more is started then. */
  async begin(work: () => Promise<void>): Promise<void> {
    if (this.#underWay.length >= this.atOnce) await this.#underWay.shift();
    const begun = work();
    // A failure reaches the caller that starts the next piece or waits for all; until then it is not lost.
    begun.catch(() => undefined);
    this.#underWay.push(begun);
  }

  /** Resolves when all started work is done. */
  async end(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
