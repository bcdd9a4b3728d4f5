import type { Position } from '../../event-store/port/event-store';
import type { SealOutcome } from './seal-once';

/** Result of a pass, as another thread can tell it. */
export interface SealReport {
  readonly kind: SealOutcome['kind'];
  /** Time of the last seal, in milliseconds since 1970, and the events that it covers; null where there is none. */
  readonly last: { readonly at: number; readonly events: number } | null;
}

export interface SealLoopParts {
  readonly intervalMs: number;
  /** Position of the end of the log; null for an empty one. */
  readonly head: () => Promise<Position | null>;
  readonly pass: (signal: AbortSignal) => Promise<SealReport>;
  readonly onPass: (report: SealReport) => void;
  readonly onFailure: (error: unknown) => void;
  readonly now: () => number;
}

/** State of the seals as a replica knows it. */
export interface SealStatus {
  readonly last: SealReport['last'];
  /** Time since which the log has had events that no seal covers; null while it has none. */
  readonly unsealedSince: number | null;
}

/** Seals a log from time to time. An idle log is asked for its end and nothing else. */
export class SealLoop {
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #pass: Promise<void> | null = null;
  #sealed: Position | null = null;
  #status: SealStatus = { last: null, unsealedSince: null };

  constructor(private readonly parts: SealLoopParts) {
    this.#wait();
  }

  get status(): SealStatus {
    return this.#status;
  }

  /** Seals now, unless a pass is under way, which is waited for. Never rejects. */
  passNow(): Promise<void> {
    this.#pass ??= this.#run().finally(() => (this.#pass = null));
    return this.#pass;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#pass;
  }

  #wait(): void {
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.passNow().then(() => this.#wait()), this.parts.intervalMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const { head, pass, onPass, onFailure } = this.parts;
    try {
      const end = await head();
      if (end === this.#sealed) return;
      const report = await pass(this.#closing.signal);
      const isWhole = report.kind === 'sealed' || report.kind === 'nothing-new';
      // Events that came during the pass are met by the next one.
      if (isWhole) this.#sealed = end;
      this.#status = {
        last: report.last,
        unsealedSince: isWhole || report.kind === 'copy' ? null : this.#since(),
      };
      onPass(report);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#status = { ...this.#status, unsealedSince: this.#since() };
      onFailure(error);
    }
  }

  #since(): number {
    return this.#status.unsealedSince ?? this.parts.now();
  }
}
