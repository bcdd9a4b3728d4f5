import { CommandError } from '../commands/command';
import { EventStoreError } from '../event-store/port/event-store';
import { KeyBookError } from '../keys/port/key-book';
import { backoff } from '../shared/backoff';

const pauseAfter = backoff({ first: 500, longest: 5_000 });

export interface ReachOptions {
  /** Called for each failure, before the pause that follows it. */
  readonly onAway: (why: string) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * Runs `work`, and repeats it as long as the log cannot be reached or does not answer. For a start, with no client
 * waiting yet: the log may be starting too, electing its leader or busy, for an unknown time. `work` must be repeatable
 * after any part of it. The pauses grow from 0.5 s to 5 s.
 * @throws any other error of `work`, at once
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

/** Failures of the log itself, of the key book beside it, and of commands on an unreachable log, for which the tables lag too. */
const PASSING: readonly Away['code'][] = [
  'UNAVAILABLE',
  'UNKNOWN_OUTCOME',
  'LOG_UNAVAILABLE',
  'STALE_REPLICA',
];

type Away = EventStoreError | CommandError | KeyBookError;

const isPassing = (error: unknown): error is Away =>
  KINDS.some((kind) => error instanceof kind) && PASSING.includes((error as Away).code);

const KINDS = [EventStoreError, CommandError, KeyBookError];

/** A command reports to its caller only that the log is out of reach; the log itself has the reason. */
const reasonOf = (error: Error): string =>
  error instanceof CommandError && error.cause instanceof Error ? error.cause.message : error.message;
