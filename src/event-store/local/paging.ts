import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkCount, checkStream } from '../port/codec';
import type {
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionItem,
} from '../port/event-store';

/** Reading and following a log that lies in this process or file: pages in, a stream of events out. */

/** A page of the log. */
export interface LogPage {
  /** Events in order, heartbeats left out. */
  readonly events: readonly RecordedEvent[];
  /** Position of the end of the page, heartbeats included; null if nothing follows. */
  readonly reached: Position | null;
}

/** Interface of a local log for the readers below. Pages are read synchronously; once closed, it throws `CLOSED`. */
export interface LocalLog {
  /** The events from `from` on, in that direction; a store may return fewer than `limit`, none only at the end. */
  streamPage(
    stream: string,
    from: number,
    direction: 'forwards' | 'backwards',
    limit: number,
  ): readonly RecordedEvent[];
  /** Events after a position; a store may look at fewer than `limit` events. */
  allPage(after: Position | null, limit: number): LogPage;
  /** Resolves when the log has an event after `seen`, on abort, and on close. */
  changed(seen: Position | null, signal: AbortSignal): Promise<void>;
}

/** Events per page: some 2 ms of work before it yields to the event loop. */
const PAGE = 500;

export async function* readStreamPages(
  log: LocalLog,
  stream: string,
  { from, direction = 'forwards', limit = Infinity }: ReadStreamOptions = {},
): AsyncGenerator<RecordedEvent, void, undefined> {
  checkStream(stream);
  checkCount('from', from);
  if (limit !== Infinity) checkCount('limit', limit);
  const step = direction === 'forwards' ? 1 : -1;
  let next = from ?? (step > 0 ? 0 : Number.MAX_SAFE_INTEGER);
  for (let left = limit; left > 0 && next >= 0; await nextTurn()) {
    const page = log.streamPage(stream, next, direction, Math.min(PAGE, left));
    const end = page.at(-1);
    if (end === undefined) return;
    yield* page;
    left -= page.length;
    next = end.revision + step;
  }
}

export async function* readAllPages(
  log: LocalLog,
  { after, limit = Infinity }: ReadAllOptions = {},
): AsyncGenerator<RecordedEvent, void, undefined> {
  if (limit !== Infinity) checkCount('limit', limit);
  let at = after ?? null;
  for (let left = limit; left > 0; await nextTurn()) {
    const page = log.allPage(at, Math.min(PAGE, left));
    if (page.reached === null) return;
    yield* page.events;
    left -= page.events.length;
    at = page.reached;
  }
}

export async function* follow(
  log: LocalLog,
  { after, signal }: SubscribeOptions,
): AsyncGenerator<SubscriptionItem, void, undefined> {
  let at = after ?? null;
  while (!signal.aborted) {
    const page = log.allPage(at, PAGE);
    if (page.reached === null) {
      // No event follows at this point, so the item is true when it is sent. A consumer that is too slow for its
      // writers gets it late, and rightly.
      yield { kind: 'caught-up', position: at };
      if (!signal.aborted) await log.changed(at, signal);
      continue;
    }
    for (const event of page.events) {
      yield { kind: 'event', event };
      if (signal.aborted) return;
    }
    at = page.reached;
    await nextTurn();
  }
}
