/** Pieces of work, several at once, begun in order; what is under way is bounded, and so is the memory it takes. */
export class Pipeline {
  readonly #underWay: Promise<void>[] = [];

  constructor(private readonly atOnce: number) {}

  /** Resolves when the work has begun. Throws what an earlier piece failed with: nothing more is then begun. */
  async begin(work: () => Promise<void>): Promise<void> {
    if (this.#underWay.length >= this.atOnce) await this.#underWay.shift();
    const begun = work();
    // A failure reaches the caller that begins the next piece or waits for all; until then it is not lost.
    begun.catch(() => undefined);
    this.#underWay.push(begun);
  }

  /** Resolves when all that was begun is done. */
  async end(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
