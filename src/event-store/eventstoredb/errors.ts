import { EventStoreError, type EventStoreErrorCode } from '../port/event-store';

/**
 * Classification of a failure between this process and EventStoreDB. The table below alone decides it.
 *
 * - `fatal`: a retry changes nothing; the caller gets the error at once.
 * - `leader`: the node that was asked does not lead now, or cannot; the call is retried against the leader, for a
 *   bounded time. An append may be retried, because a repeated one is written once; a read, as long as it has yielded
 *   nothing.
 * - `retry`: the connection or the server failed, at an unknown point of the work. In a cluster a read that has yielded
 *   nothing is retried, for another node may lead; otherwise its caller restarts it. An append that had been sent is
 *   `UNKNOWN_OUTCOME` regardless of the error, because one failure of a connection ends all appends on it and says
 *   nothing about each; one that had not been sent is `UNAVAILABLE`.
 */
export type Verdict = 'fatal' | 'leader' | 'retry';

/** A failure as reported by gRPC or by an answer to an append. */
export interface Failure {
  /** The server's own name for it: the `exception` of a trailer, or the type of an append's error. */
  readonly exception: string | null;
  /** The status of gRPC. */
  readonly status: number | null;
  readonly message: string;
}

interface Row {
  readonly exceptions?: readonly string[];
  readonly statuses?: readonly number[];
  readonly message?: RegExp;
  readonly verdict: Verdict;
  /** The port's code, for everything except an append in flight. */
  readonly code: EventStoreErrorCode;
}

/** The first row that fits decides: an exception, a status or a message. */
const TABLE: readonly Row[] = [
  // The least-privilege user lacks a right, or the password is wrong (7 permission denied, 16 unauthenticated).
  { exceptions: ['access-denied', 'AccessDenied'], statuses: [7, 16], verdict: 'fatal', code: 'DENIED' },
  // The server was given a smaller `MaxAppendSize` or, since 24.10, `MaxAppendEventSize` than its default.
  {
    exceptions: [
      'maximum-append-size-exceeded',
      'MaximumAppendSizeExceeded',
      'maximum-append-event-size-exceeded',
      'MaximumAppendEventSizeExceeded',
    ],
    verdict: 'fatal',
    code: 'TOO_LARGE',
  },
  // Someone deleted a stream of Rolebook: facts are lost.
  { exceptions: ['stream-deleted', 'StreamDeleted'], verdict: 'fatal', code: 'CORRUPT' },
  // A follower was asked, with or without the leader's address; a node that starts, resigns or is overrun.
  {
    exceptions: ['not-leader'],
    message: /^No leader info|Leader info available/,
    verdict: 'leader',
    code: 'UNAVAILABLE',
  },
  // A commit was not confirmed in time: a leader without its followers, or the same append is already in flight.
  { exceptions: ['Timeout'], verdict: 'leader', code: 'UNAVAILABLE' },
  { message: /Server Is (Not Ready|Busy|Too Busy)/, verdict: 'leader', code: 'UNAVAILABLE' },
  // Gossip gave no node: all are down, or none is reachable from here.
  { message: /Failed to discover/, verdict: 'leader', code: 'UNAVAILABLE' },
  // 3 invalid argument, 11 out of range: a position or revision that is not of this log.
  { exceptions: ['BadRequest'], statuses: [3, 11], verdict: 'fatal', code: 'INVALID_ARGUMENT' },
  // 15 data loss.
  { statuses: [15], verdict: 'fatal', code: 'CORRUPT' },
  // 12 unimplemented: a server before 21.10, or something else that answers at this address.
  { statuses: [12], verdict: 'fatal', code: 'UNAVAILABLE' },
];

/**
 * All others: 1 cancelled, 2 unknown, 4 deadline exceeded, 8 exhausted, 10 aborted, 13 internal, 14 unavailable, ...
 */
const OTHERWISE: Row = { verdict: 'retry', code: 'UNAVAILABLE' };

export function judge(failure: Failure): { readonly verdict: Verdict; readonly code: EventStoreErrorCode } {
  const { exception, status, message } = failure;
  return (
    TABLE.find(
      (row) =>
        (exception !== null && row.exceptions?.includes(exception)) ||
        (status !== null && row.statuses?.includes(status)) ||
        row.message?.test(message),
    ) ?? OTHERWISE
  );
}

/** Extracts a failure from any thrown value: errors of gRPC and of the client carry a status and a trailer. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AnsweredError) return error.failure;
  const { code, details, metadata } = (typeof error === 'object' && error ? error : {}) as {
    code?: unknown;
    details?: unknown;
    metadata?: { getMap?: () => Record<string, unknown> };
  };
  const exception = metadata?.getMap?.()['exception'];
  return {
    exception: exception === undefined ? null : String(exception),
    status: typeof code === 'number' ? code : null,
    message: typeof details === 'string' && details !== '' ? details : messageOf(error),
  };
}

/** An append that the server answered with an error of its own. */
export class AnsweredError extends Error {
  override readonly name = 'AnsweredError';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Nothing arrived within the time limit. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';

  constructor(what: string, ms: number) {
    super(`${what}: no answer for ${ms} ms`);
  }
}

/** The connection of a call was given up meanwhile, because of a problem with another call. */
export class ReplacedError extends Error {
  override readonly name = 'ReplacedError';

  constructor(reason: string, cause: Error) {
    super(`the connection was replaced, because ${reason}`, { cause });
  }
}

/** Any failure other than one of an append in flight, as one of the port's. */
export function asEventStoreError(error: unknown, doing: string): EventStoreError {
  if (error instanceof EventStoreError) return error;
  const failure = failureOf(error);
  return new EventStoreError(judge(failure).code, `${doing}: ${failure.message}`, { cause: error });
}

export const closedError = (): EventStoreError => new EventStoreError('CLOSED', 'the log is closed');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
