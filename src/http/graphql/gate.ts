import { requestError } from '../../graphql/errors';

/**
 * Limits the number of operations that run at once. The others wait in a queue, round-robin by caller: a caller that
 * sends thousands waits for them behind every caller that sends one.
 */

export interface GateBounds {
  /** Operations that run at once. */
  readonly running: number;
  /** Limits of waiting operations, of all callers and of each. */
  readonly waiting: number;
  readonly waitingOfEach: number;
  /** Bytes of the bodies of waiting operations. */
  readonly waitingBytes: number;
  /** Longest wait. */
  readonly waitMs: number;
}

export const gateBounds = (running: number): GateBounds => ({
  running,
  waiting: 2_000,
  waitingOfEach: 500,
  waitingBytes: 32 * 1024 * 1024,
  waitMs: 10_000,
});

interface Caller {
  running: number;
  /** Functions that admit the waiting operations of this caller, one for each. */
  readonly waiting: (() => void)[];
}

export class Gate {
  #running = 0;
  #waiting = 0;
  #waitingBytes = 0;
  /** Callers with a running or waiting operation, in round-robin order. */
  readonly #callers = new Map<string, Caller>();

  constructor(private readonly bounds: GateBounds) {}

  /**
   * Resolves once the operation may run, to a function to call when it has ended. One caller may run at most half of
   * the operations, so that slots are left for others whatever these wait for.
   * @throws RequestError `OVERLOADED` if too many wait, or the wait was too long
   */
  async enter(name: string, bytes: number): Promise<() => void> {
    let caller = this.#callers.get(name);
    if (!caller) this.#callers.set(name, (caller = { running: 0, waiting: [] }));
    if (this.#hasRoom && this.#mayRun(caller)) this.#start(caller);
    else await this.#wait(caller, bytes);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      caller.running -= 1;
      this.#running -= 1;
      this.#forget(name, caller);
      this.#admit();
    };
  }

  get #hasRoom(): boolean {
    return this.#running < this.bounds.running;
  }

  #mayRun({ running }: Caller): boolean {
    return running < Math.ceil(this.bounds.running / 2);
  }

  #start(caller: Caller): void {
    caller.running += 1;
    this.#running += 1;
  }

  /** Resolves with the operation counted as a running one. */
  #wait(caller: Caller, bytes: number): Promise<void> {
    const { waiting, waitingOfEach, waitingBytes, waitMs } = this.bounds;
    const isFull = this.#waiting >= waiting || caller.waiting.length >= waitingOfEach;
    if (isFull || this.#waitingBytes + bytes > waitingBytes) throw overloaded();
    this.#waiting += 1;
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting -= 1;
        this.#waitingBytes -= bytes;
      };
      const admit = (): void => {
        done();
        this.#start(caller);
        resolve();
      };
      const timer = setTimeout(() => {
        caller.waiting.splice(caller.waiting.indexOf(admit), 1);
        done();
        reject(overloaded());
      }, waitMs);
      caller.waiting.push(admit);
    });
  }

  /** Admits the next operations while slots are free. A caller that was served goes to the end of the queue. */
  #admit(): void {
    while (this.#hasRoom) {
      const next = [...this.#callers].find(([, caller]) => caller.waiting.length > 0 && this.#mayRun(caller));
      if (!next) return;
      const [name, caller] = next;
      this.#callers.delete(name);
      this.#callers.set(name, caller);
      caller.waiting.shift()?.();
    }
  }

  #forget(name: string, { running, waiting }: Caller): void {
    if (running === 0 && waiting.length === 0) this.#callers.delete(name);
  }
}

const overloaded = () =>
  requestError('OVERLOADED', 'There is more to do than can be taken on. Try again in a moment.');
