/**
 * One stream for all tabs of a browser: the tab that has the lock leads, and tells the others. Where it is closed, the next one
 * gets the lock, and goes on behind the last position that it heard of.
 */

/** Silence in milliseconds after which a stream is none: the server says something every 15 seconds. */
const SILENCE = 40_000;

/** Pauses in milliseconds before a stream is opened anew: each is twice the one before, until it runs again. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** Messages between tabs: a position of the stream, that there is no stream, the question whether there is one. */
type Told = { readonly position: string } | { readonly down: true } | { readonly asked: true };

export interface StreamParts {
  /** Position that is known already; null: none. */
  readonly after: string | null;
  readonly onPosition: (position: string) => void;
  /** Called once, when it has ended for whatever reason. `isForeign`: the position names nothing in that log. */
  readonly onEnd: (isForeign: boolean) => void;
}

/** Opens a stream. @returns the way to close it */
export type OpenStream = (parts: StreamParts) => () => void;

/** Part of `BroadcastChannel` that is used. */
export interface Channel {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** Part of the Web Locks of a browser that is used. */
export interface Locks {
  request(name: string, options: { signal: AbortSignal }, act: () => Promise<void>): Promise<unknown>;
}

export interface SharedParts {
  /** Name of the lock: one for each user who is signed in. */
  readonly name: string;
  readonly locks: Locks;
  readonly channel: Channel;
  readonly open: OpenStream;
}

export class SharedStream {
  /** Called when something changed, and when the stream comes or goes. */
  onWake: () => void = () => undefined;
  #last: string | null = null;
  #live = false;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #close: () => void = () => undefined;
  readonly #ending = new AbortController();

  constructor(private readonly parts: SharedParts) {
    const { locks, channel, name } = parts;
    channel.addEventListener('message', ({ data }) => this.#heard(data as Told));
    channel.postMessage({ asked: true } satisfies Told);
    const { signal } = this.#ending;
    // Rejects when the tab stops waiting for the lock.
    locks.request(name, { signal }, () => this.#lead(signal)).catch(() => undefined);
  }

  /** True while changes are told: nobody needs to ask for them. */
  get isLive(): boolean {
    return this.#live;
  }

  /** Last position that was told; null: none. */
  get last(): string | null {
    return this.#last;
  }

  stop(): void {
    this.#ending.abort();
    clearTimeout(this.#silence);
    this.#close();
    this.parts.channel.close();
  }

  #heard(told: Told): void {
    if ('position' in told) this.#came(told.position);
    else if ('down' in told) this.#went();
    else if (this.#leads && this.#live && this.#last !== null) this.#tell({ position: this.#last });
  }

  #leads = false;

  async #lead(signal: AbortSignal): Promise<void> {
    this.#leads = true;
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      if (await this.#run(signal)) pause = FIRST_PAUSE;
      if (signal.aborted) return;
      this.#tell({ down: true });
      this.#went();
      await resting(pause, signal);
    }
  }

  /** Runs one stream to its end. @returns true if it said anything */
  #run(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      let spoke = false;
      const close = this.parts.open({
        after: this.#last,
        onPosition: (position) => {
          spoke = true;
          this.#tell({ position });
          this.#came(position);
        },
        onEnd: (isForeign) => {
          if (isForeign) this.#last = null;
          resolve(spoke);
        },
      });
      this.#close = close;
      signal.addEventListener('abort', () => resolve(spoke), { once: true });
    });
  }

  #came(position: string): void {
    const isNews = position !== this.#last || !this.#live;
    this.#last = position;
    this.#live = true;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#went(), SILENCE);
    if (isNews) this.onWake();
  }

  #went(): void {
    clearTimeout(this.#silence);
    if (!this.#live) return;
    this.#live = false;
    this.onWake();
  }

  #tell(told: Told): void {
    this.parts.channel.postMessage(told);
  }
}

const resting = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
