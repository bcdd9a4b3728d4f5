import {
  EventStoreError,
  type AppendResult,
  type EventStoreErrorCode,
  type ExpectedRevision,
  type NewEvent,
  type SubscribeOptions,
  type SubscriptionItem,
} from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';

const fault = (code: EventStoreErrorCode): EventStoreError =>
  new EventStoreError(code, 'as the test wants it');

/** A log in memory whose appends and subscriptions fail when, and as long as, a test wants. */
export class UnsteadyStore extends MemoryEventStore {
  #failNext: EventStoreErrorCode | null = null;
  #gone = false;
  #lost = new AbortController();
  #most = Infinity;
  #wake: (() => void)[] = [];

  /** The next append fails so; with `UNKNOWN_OUTCOME` it is written all the same. */
  failNext(code: EventStoreErrorCode): void {
    this.#failNext = code;
  }

  /** Ends the subscriptions there are. */
  loseSubscriptions(): void {
    this.#lost.abort();
    this.#lost = new AbortController();
  }

  /** From now on nothing reaches the log, until it is back. */
  go(): void {
    this.#gone = true;
    this.loseSubscriptions();
  }

  comeBack(): void {
    this.#gone = false;
  }

  /** Subscriptions deliver so many events, and wait with all that comes after them. */
  deliverOnly(events: number): void {
    this.#most = events;
    for (const wake of this.#wake.splice(0)) wake();
  }

  override async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    const code = this.#gone ? 'UNAVAILABLE' : this.#failNext;
    this.#failNext = null;
    if (code !== null && code !== 'UNKNOWN_OUTCOME') throw fault(code);
    const result = await super.append(stream, expected, events);
    if (code !== null) throw fault(code);
    return result;
  }

  override async *subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionItem, void, undefined> {
    if (this.#gone) throw fault('UNAVAILABLE');
    const signal = AbortSignal.any([options.signal, this.#lost.signal]);
    let delivered = 0;
    for await (const item of super.subscribe({ ...options, signal })) {
      while (delivered >= this.#most) await new Promise<void>((resolve) => this.#wake.push(resolve));
      delivered += item.kind === 'event' ? 1 : 0;
      yield item;
    }
  }
}
