import { CommandError } from '../commands/command';
import { EventStoreError } from '../event-store/port/event-store';
import { backoff } from '../shared/backoff';

const pauseAfter = backoff({ first: 500, longest: 5_000 });

export interface ReachOptions {
  /** Told of each failure, before the pause that follows it. */
  readonly onAway: (why: string) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * Does `work`, and does it again for as long as the log cannot be reached or does not answer. For a start, which promised
 * nothing to anyone yet: the log may be starting too, elect its leader or be busy, and nobody knows for how long. `work`
 * must bear to be done again after any part of it. The pauses grow from 0.5 s to 5 s.
 * @throws what `work` throws for any other reason: what waiting does not mend is told at once
 */
export async function untilReached<T>(work: () => Promise<T>, { onAway, pause }: ReachOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      onAway(reasonOf(error));
      await pause(pauseAfter(attempt));
    }
  }
}

/** Failures of the log itself, and of commands on a log that is away, of which the tables lag too. */
const PASSING: readonly (EventStoreError | CommandError)['code'][] = [
  'UNAVAILABLE',
  'UNKNOWN_OUTCOME',
  'LOG_UNAVAILABLE',
  'STALE_REPLICA',
];

const isPassing = (error: unknown): error is EventStoreError | CommandError =>
  (error instanceof EventStoreError || error instanceof CommandError) && PASSING.includes(error.code);

/** A command says to its caller that the log is away; the log said why. */
const reasonOf = (error: Error): string =>
  error instanceof CommandError && error.cause instanceof Error ? error.cause.message : error.message;
