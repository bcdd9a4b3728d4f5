import { createHash } from 'node:crypto';
import type {
  LogFormat,
  LogOrigin,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
} from '../../event-store/port/event-store';
import { canonicalEvent } from '../../repair/digest';
import type { CopySource } from './copy';

/** A log as it was when it ended at a position, whatever is recorded meanwhile; and the digest of what was read of it. */
export class LogUpTo implements CopySource {
  readonly #hash = createHash('sha256');
  #events = 0;
  #last: RecordedEvent | null = null;

  /** `end` null: an empty log. `tooShort` makes the error for a log that ends before. */
  constructor(
    private readonly store: Omit<CopySource, 'head'>,
    private readonly end: Position | null,
    private readonly tooShort: () => Error,
  ) {}

  line(): Promise<string> {
    return this.store.line();
  }

  format(): Promise<LogFormat> {
    return this.store.format();
  }

  origin(): Promise<LogOrigin | null> {
    return this.store.origin();
  }

  async head(): Promise<{ readonly position: Position } | null> {
    return this.end === null ? null : { position: this.end };
  }

  async *readStream(
    stream: string,
    options?: ReadStreamOptions,
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    for await (const event of this.store.readStream(stream, options))
      if (this.end !== null && event.position <= this.end) yield event;
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<RecordedEvent, void, undefined> {
    const { end } = this;
    if (end === null || (options.after !== undefined && options.after >= end)) return;
    for await (const event of this.store.readAll(options)) {
      if (event.position > end) break;
      this.#note(event);
      yield event;
      if (event.position === end) return;
    }
    if (options.limit === undefined || options.limit === Infinity) throw this.tooShort();
  }

  /** Once it has been read to its end: number of events, the last one, and the digest as `log verify` has it. */
  get read(): { readonly events: number; readonly last: RecordedEvent | null; readonly digest: string } {
    return { events: this.#events, last: this.#last, digest: this.#hash.copy().digest('hex') };
  }

  /** A reader that begins again meets events a second time. */
  #note(event: RecordedEvent): void {
    if (this.#last !== null && event.position <= this.#last.position) return;
    this.#last = event;
    this.#events += 1;
    this.#hash.update(`${canonicalEvent(event)}\n`);
  }
}
