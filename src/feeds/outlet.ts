import { PassThrough } from 'node:stream';

/** Bytes that wait for a reader, besides those that the connection holds. */
const HELD_BYTES = 16 * 1024;
/** Time in milliseconds for a last line to be sent to a reader who may not read any more. */
const LAST_LINE_MS = 1_000;

/** Body of an answer that a feed is written to: it waits for its reader, and never holds more than a little for one who does not read. */
export class Outlet {
  /** Body of the answer. */
  readonly body = new PassThrough({ highWaterMark: HELD_BYTES });
  #gone = false;

  /** `stallMs`: longest time in which a reader takes nothing. */
  constructor(private readonly stallMs: number) {
    this.body.once('close', () => (this.#gone = true));
    // A reader who goes is no failure.
    this.body.on('error', () => undefined);
  }

  /** Resolves once there is room for more, or nobody is there to read it. */
  async write(text: string): Promise<'written' | 'stuck' | 'gone'> {
    if (this.#gone) return 'gone';
    if (this.body.write(text)) return 'written';
    return new Promise((resolve) => {
      const settle = (outcome: 'written' | 'stuck' | 'gone') => (): void => {
        clearTimeout(timer);
        this.body.off('drain', written).off('close', gone);
        resolve(outcome);
      };
      const [written, gone] = [settle('written'), settle('gone')];
      const timer = setTimeout(settle('stuck'), this.stallMs);
      this.body.once('drain', written).once('close', gone);
    });
  }

  /** Ends the answer with a last text. */
  end(text = ''): void {
    if (!this.#gone) this.body.end(text);
  }

  /** Ends the answer of a reader who is stuck: what it does not take soon is dropped with the connection. */
  cut(text: string): void {
    this.end(text);
    setTimeout(() => this.body.destroy(), LAST_LINE_MS).unref();
  }
}
