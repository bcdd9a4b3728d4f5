/** One WebSocket, as far as subscriptions use it: what waits for its reader is bounded, and one who is gone is noticed. */

/** Part of a WebSocket of the package `ws` that is used here. */
export interface RawSocket {
  readonly protocol: string;
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  send(text: string, done: (error?: Error | null) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message' | 'ping' | 'pong', act: (data: Buffer) => void): void;
  once(event: 'close', act: (code: number, reason: Buffer) => void): void;
}

/** Bytes that may wait for a reader; beyond that it is cut off. */
const HELD_BYTES = 1024 * 1024;
/** Time in milliseconds between two pings; whoever answers none of two is gone. */
const KEEP_ALIVE_MS = 15_000;
/** Time in milliseconds for a last message to be sent to a reader who takes nothing. */
const LAST_MESSAGE_MS = 1_000;

/** The reader took nothing for too long. */
export class StuckError extends Error {
  override readonly name = 'StuckError';
}

export class Socket {
  /** Called once, when the reader is stuck. */
  onStuck: () => void = () => undefined;
  #isStuck = false;
  #isAlive = true;

  constructor(
    private readonly raw: RawSocket,
    /** Longest time in milliseconds in which the reader takes nothing. */
    private readonly stallMs: number,
  ) {
    const beat = setInterval(() => this.#beat(), KEEP_ALIVE_MS);
    raw.on('pong', () => (this.#isAlive = true));
    // Answers to pings are buffered too.
    raw.on('ping', () => this.#bound());
    raw.on('message', () => this.#bound());
    raw.once('close', () => clearInterval(beat));
  }

  get protocol(): string {
    return this.raw.protocol;
  }

  /** Resolves once the text has left this process, or the socket is closed. @throws StuckError */
  send(text: string): Promise<void> {
    const { raw } = this;
    if (raw.readyState !== raw.OPEN) return Promise.resolve();
    if (this.#isStuck) {
      raw.send(text, () => undefined);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new StuckError('The reader takes nothing.'));
        this.#cut();
      }, this.stallMs);
      raw.send(text, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  close(code: number, reason: string): void {
    this.raw.close(code, reason);
  }

  onMessage(act: (text: string) => Promise<void>): void {
    this.raw.on('message', (data) => void act(String(data)));
  }

  onceClosed(act: (code: number, reason: string) => void): void {
    this.raw.once('close', (code, reason) => act(code, String(reason)));
  }

  /** Closes a socket in good order, and ends it soon if the other side does not answer. */
  leave(code: number, reason: string): void {
    this.close(code, reason);
    setTimeout(() => this.raw.terminate(), LAST_MESSAGE_MS).unref();
  }

  #cut(): void {
    if (this.#isStuck) return;
    this.#isStuck = true;
    this.onStuck();
    // Behind the last messages of the subscriptions.
    setImmediate(() => this.leave(TRY_AGAIN, 'TOO_SLOW'));
  }

  #bound(): void {
    if (this.raw.bufferedAmount > HELD_BYTES) this.raw.terminate();
  }

  #beat(): void {
    const { raw } = this;
    // A reader who has not taken what was sent cannot answer yet.
    if (raw.readyState !== raw.OPEN || raw.bufferedAmount > 0) return;
    if (!this.#isAlive) return raw.terminate();
    this.#isAlive = false;
    raw.ping();
  }
}

/** Close codes (RFC 6455, and its registry). */
export const GOING_AWAY = 1001;
export const TRY_AGAIN = 1013;
