import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore, Position, RecordedEvent } from '../../src/event-store/port/event-store';
import { isRepair, readVoids } from '../../src/repair/voids';
import { backoff } from '../../src/shared/backoff';

const pauseAfter = backoff({ first: 500, longest: 30_000, jitter: 0.25 });

/**
 * Resolves once an event is declared void, or on abort. Checks at each event on the stream of repairs, and also
 * periodically, since the subscription may be lost.
 */
export async function untilVoided(
  store: EventStore,
  event: RecordedEvent,
  signal: AbortSignal,
): Promise<void> {
  for (let look = 1; !signal.aborted; look += 1) {
    const looking = new AbortController();
    const ending = AbortSignal.any([signal, looking.signal]);
    const until = sleep(pauseAfter(look), undefined, { signal: ending }).catch(() => undefined);
    try {
      // Repairs after this head arrive by subscription; earlier ones are read.
      const head = await store.head();
      if ((await readVoids(store)).of(event)) return;
      await heard(store, head?.position, until, signal);
    } catch {
      // A log that is out of reach is retried.
      await until;
    } finally {
      looking.abort();
    }
  }
}

/** Waits until an event of the stream of repairs arrives, or the time is up. */
async function heard(
  store: EventStore,
  after: Position | undefined,
  until: Promise<unknown>,
  stopping: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  void until.then(() => ending.abort());
  const signal = AbortSignal.any([stopping, ending.signal]);
  try {
    for await (const item of store.subscribe({ after, signal }))
      if (item.kind === 'event' && isRepair(item.event.stream)) return;
  } finally {
    ending.abort();
  }
}
