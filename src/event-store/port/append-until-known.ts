import { backoff } from '../../shared/backoff';
import {
  EventStoreError,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
} from './event-store';

/** Retry budget of an append of unknown outcome: a time, since a caller waits for the answer, */
const OUTCOME_MS = 15_000;
/** and a number of attempts. */
const OUTCOME_ATTEMPTS = 50;
const pauseAfter = backoff({ first: 100, longest: 1_000 });

export interface AppendTools {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Called each time an append is resent. */
  readonly onRetry?: (why: 'unknown-outcome') => void;
}

/**
 * Appends; while the outcome is unknown, resends the identical append. A conflict after a lost answer may be this
 * append's own, for a log recognises repeats only for a while: the ids are compared before a conflict is reported.
 * @throws EventStoreError as `append` does. Once an attempt may have been written it is `UNKNOWN_OUTCOME`, even if
 *   later attempts fail otherwise.
 */
export async function appendUntilKnown(
  { store, pause, onRetry }: AppendTools,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<AppendResult> {
  const until = performance.now() + OUTCOME_MS;
  let lost: EventStoreError | null = null;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await store.append(stream, expected, events);
      if (result.outcome === 'appended' || attempt === 1) return result;
      return (await foundAfterAll(store, stream, expected, events)) ?? result;
    } catch (error) {
      if (isUnknown(error)) lost = error;
      if (!lost) throw error;
      // It may have been written: an answer that can no longer be requested does not mean that nothing was.
      const enough = attempt === OUTCOME_ATTEMPTS || performance.now() > until;
      if (enough || !passes(error)) throw lost;
      onRetry?.('unknown-outcome');
      await pause(pauseAfter(attempt));
    }
  }
}

async function foundAfterAll(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<AppendResult | null> {
  const from = typeof expected === 'number' ? expected + 1 : 0;
  let last: AppendResult | null = null;
  let index = 0;
  for await (const event of store.readStream(stream, { from, limit: events.length })) {
    if (event.id !== events[index]?.id) return null;
    index += 1;
    last = { outcome: 'appended', revision: event.revision, position: event.position };
  }
  return index === events.length ? last : null;
}

const isUnknown = (error: unknown): error is EventStoreError =>
  error instanceof EventStoreError && error.code === 'UNKNOWN_OUTCOME';

/** True if a failure may be over when the append is resent. */
const passes = (error: unknown): boolean =>
  isUnknown(error) || (error instanceof EventStoreError && error.code === 'UNAVAILABLE');
