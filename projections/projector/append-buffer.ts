import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordedEvent, SubscriptionItem } from '../../src/event-store/port/event-store';
import { endsAppend } from '../reducers/checked-event';

/** Complete appends, in log order. */
export interface Intake {
  readonly events: readonly RecordedEvent[];
  /** True if the log's head was reached among these events: later events came after this batch was requested. */
  readonly caughtUp: boolean;
}

/** Limit of buffered events in complete appends: the read-ahead of a rebuild. */
const READ_AHEAD = 20_000;

/**
 * Reads ahead of the projector and hands it whole appends only: a torn append waits for the rest of its events. Slow
 * projection holds the log back.
 */
export class AppendBuffer {
  #events: RecordedEvent[] = [];
  /** Number of the events that belong to complete appends. */
  #complete = 0;
  /** Arrival of the first of these, in milliseconds since 1970. */
  #waitingSince: number | null = null;
  #caughtUp = false;
  #ended = false;
  #released = false;
  #failure: { readonly error: unknown } | null = null;
  #wake: (() => void) | null = null;
  #drained: (() => void) | null = null;

  constructor(
    items: AsyncIterable<SubscriptionItem>,
    private readonly onArrival: () => void,
  ) {
    void this.#pump(items);
  }

  /** Complete events that wait. */
  get waiting(): number {
    return this.#complete;
  }

  /** Arrival of the first waiting complete event, in milliseconds since 1970; null if none waits. */
  get waitingSince(): number | null {
    return this.#waitingSince;
  }

  /** Resolves with the next batch as soon as there is one; null at the end. Throws the error of the subscription. */
  async take(): Promise<Intake | null> {
    while (this.#complete === 0 && !this.#caughtUp) {
      if (this.#failure) throw this.#failure.error;
      if (this.#ended) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    // Events that the log delivers without yielding become one batch.
    await nextTurn();
    const events = this.#events.splice(0, this.#complete);
    const caughtUp = this.#caughtUp;
    this.#complete = 0;
    this.#waitingSince = null;
    this.#caughtUp = false;
    this.#drained?.();
    return { events, caughtUp };
  }

  async #pump(items: AsyncIterable<SubscriptionItem>): Promise<void> {
    try {
      for await (const item of items) {
        if (item.kind === 'caught-up') this.#caughtUp = true;
        else this.#add(item.event);
        this.#wake?.();
        if (this.#complete >= READ_AHEAD && !this.#released)
          await new Promise<void>((resolve) => (this.#drained = resolve));
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#ended = true;
    this.#wake?.();
  }

  #add(event: RecordedEvent): void {
    this.#events.push(event);
    if (!endsAppend(event)) return;
    this.#complete = this.#events.length;
    this.#waitingSince ??= Date.now();
    this.onArrival();
  }

  /** Resumes a pump that waits for room, so that it sees that its subscription was aborted. */
  release(): void {
    this.#released = true;
    this.#drained?.();
  }
}
