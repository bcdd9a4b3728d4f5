import { RequestError } from '../graphql/errors';

/** Ways to read: a feed over HTTP, a subscription, or the socket that subscriptions come by. */
export type ReadBy = 'http' | 'subscription' | 'socket';

/** Told of each reader who comes (1) and goes (-1). */
export type OnReaders = (by: ReadBy, change: 1 | -1) => void;

/** Feeds that are open at a time: so many in all, and at most half of them of one caller. */
export class Readers {
  readonly #open = new Map<string, number>();
  #all = 0;

  constructor(
    private readonly most: number,
    private readonly onReaders: OnReaders = () => undefined,
  ) {}

  /** Takes a place; what it returns gives it back. @throws RequestError 503 `OVERLOADED` */
  enter(caller: string, by: ReadBy): () => void {
    const own = this.#open.get(caller) ?? 0;
    if (this.#all >= this.most || own >= Math.ceil(this.most / 2))
      throw new RequestError(
        'OVERLOADED',
        'As many feeds are open as may be. Close one, or try again later.',
      );
    this.#all += 1;
    this.#open.set(caller, own + 1);
    this.onReaders(by, 1);
    return () => this.#leave(caller, by);
  }

  #leave(caller: string, by: ReadBy): void {
    this.onReaders(by, -1);
    const left = (this.#open.get(caller) ?? 1) - 1;
    this.#all -= 1;
    if (left === 0) this.#open.delete(caller);
    else this.#open.set(caller, left);
  }
}
