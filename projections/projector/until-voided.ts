import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore, Position, RecordedEvent } from '../../src/event-store/port/event-store';
import { isRepair, readVoids } from '../../src/repair/voids';

const FIRST_LOOK_MS = 500;
const LAST_LOOK_MS = 30_000;

/**
 * Resolves once an event is declared void, or on abort. Looks whenever the log gets something on the stream of repairs, and
 * every now and then besides, since the subscription may be lost.
 */
export async function untilVoided(
  store: EventStore,
  event: RecordedEvent,
  signal: AbortSignal,
): Promise<void> {
  for (let pause = FIRST_LOOK_MS; !signal.aborted; pause = Math.min(pause * 2, LAST_LOOK_MS)) {
    const looking = new AbortController();
    const ending = AbortSignal.any([signal, looking.signal]);
    const until = sleep(pause * (0.75 + Math.random() / 4), undefined, { signal: ending }).catch(
      () => undefined,
    );
    try {
      // What comes after this head is heard of, what came before is read.
      const head = await store.head();
      if ((await readVoids(store)).of(event)) return;
      await heard(store, head?.position, until, signal);
    } catch {
      // A log that is away is tried again.
      await until;
    } finally {
      looking.abort();
    }
  }
}

/** Until an event of the stream of repairs arrives, or the time is up. */
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
