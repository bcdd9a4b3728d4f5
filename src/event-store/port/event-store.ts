/**
 * The port that every log implements: the embedded one (SQLite), EventStoreDB and, in tests, memory. Never knows the
 * meaning of an event, nor which store is used.
 *
 * It promises only what all of them keep: one append is atomic on one stream, there is no transaction over two streams,
 * and a repeated append is recognised only by the same ids at the same expected revision. The contract suite
 * `test/event-store/contract.ts` states each promise as a test, and every implementation passes it unchanged.
 */

/** Largest append, in bytes of all its events as stored (EventStoreDB's default `MaxAppendSize`). */
export const MAX_APPEND_BYTES = 1024 * 1024;

/** Every stream of Rolebook starts with this; reads and subscriptions of "all" deliver only such streams. */
export const STREAM_PREFIX = 'rolebook.';

/** An event as it is handed to the log. Data and metadata must be plain JSON; anything else is refused before sending. */
export interface NewEvent {
  /** A UUID. Makes a repeated append recognisable; the log does not keep ids unique. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/** An event as it was recorded. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Revision in its stream, from 0. */
  readonly revision: number;
  /** Position in the whole log. Strictly increasing, also inside one append; sparse, so never compute with it. */
  readonly position: Position;
}

/** An opaque, ordered position in the log. Compare with `<` and `>`; never add to it, never convert it to a number. */
export type Position = bigint;

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** State the stream must be in for an append to happen: a last revision, no stream at all, or any state. */
export type ExpectedRevision = number | 'no-stream' | 'any';

/** An append as it is handed to the log. */
export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

export type AppendResult =
  | { readonly outcome: 'appended'; readonly revision: number; readonly position: Position }
  /** Nothing was written. `actual` is the stream's last revision, or null if the stream does not exist. */
  | { readonly outcome: 'conflict'; readonly actual: number | null };

export interface ReadStreamOptions {
  /** First revision to deliver, inclusive; default the start (forwards) or the end (backwards). */
  readonly from?: number;
  readonly direction?: 'forwards' | 'backwards';
  /** Maximum number of events; default all. */
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Deliver events strictly after this position; default from the start. */
  readonly after?: Position;
  readonly limit?: number;
}

/** Item that a subscription delivers. */
export type SubscriptionItem =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /**
   * The subscriber has received every event that was in the log when this was sent: no event of Rolebook is missing up
   * to `position`. Sent once on reaching the head and again whenever the head is reached again or confirmed by a
   * heartbeat.
   */
  | { readonly kind: 'caught-up'; readonly position: Position | null };

export interface SubscribeOptions {
  /** Deliver events strictly after this position; default from the start. */
  readonly after?: Position;
  /** Ends the iteration when aborted. */
  readonly signal: AbortSignal;
}

/** A process that follows a log. */
export interface LogReader {
  /** Highest version of the event schemas that it reads. */
  readonly schema: number;
  /** Host and number of the process; null where it does not say. */
  readonly process: string | null;
}

/** Format of a log: in 1 names stand in the events as they are, in 2 they are encrypted by keys of the key book. */
export type LogFormat = 1 | 2;

/** The log of format 1 that a log of format 2 is the encrypted copy of, as it was when the copy was begun. */
export type LogOrigin = {
  readonly identity: string;
  readonly events: number;
  /** SHA-256 over its events, hex, as `rolebook log verify` has it. */
  readonly digest: string;
  /** True if users whose ids were made from their usernames have other ids in the copy. */
  readonly newUserIds: boolean;
};

export interface EventStore {
  /** Stable id of this log, created with its store, so a copy of a log has another one. */
  identity(): Promise<string>;

  /**
   * Id of the line: made with a first log and carried by every copy of it. A log that was made without one, by an
   * earlier version, has its identity as its line. Never shown outside: positions are sealed with what follows from it.
   */
  line(): Promise<string>;

  /**
   * Takes the line of the log that is copied here, while this one is empty. Resolves true if the log is of that line
   * now, or was before; false, and changes nothing, where it holds events and is of another one.
   * @throws EventStoreError as `append` does
   */
  takeLine(line: string): Promise<boolean>;

  /** Format of the log, made with its store; 1 for a log that was made before there were two. */
  format(): Promise<LogFormat>;

  /** The log that this one is the encrypted copy of, at first or through further copies; null if it is none's. */
  origin(): Promise<LogOrigin | null>;

  /**
   * Takes format and origin of the log that is copied here, while this one is empty. Resolves true if the log is of that
   * format now, or was before; false, and changes nothing, where it holds events and is of another one.
   * @throws EventStoreError as `append` does
   */
  takeFormat(format: LogFormat, origin: LogOrigin | null): Promise<boolean>;

  /**
   * Appends all events or none. Resolves once they are durable. The same ids at the same expected revision return the
   * first outcome and write nothing, also when the stream has grown since. At a later expected revision they are
   * written again. With `any` a repeat is sure to be recognised only while its events are the last of the stream.
   * @throws EventStoreError `TOO_LARGE`, `INVALID_EVENT`, `INVALID_ARGUMENT`, `UNAVAILABLE` (nothing was written),
   *   `UNKNOWN_OUTCOME` (it may have been written: resend the identical append), `DENIED`, `CORRUPT`, `CLOSED`.
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;

  /**
   * Appends one after the other, in this order over all streams, without waiting for each: for a caller that brings a
   * whole log. Yields the results in the same order, and takes more as they come. At the first failure it stops sending
   * and throws as `append` does; appends in flight by then may have been written.
   */
  appendInOrder(appends: AsyncIterable<Append>): AsyncIterable<AppendResult>;

  /**
   * The stream's events; nothing for a stream that does not exist. Read in pages, with back-pressure. No event
   * acknowledged before the read is missing, not even another process's: commands are decided on this.
   */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;

  /**
   * Events of all `rolebook.` streams (heartbeats left out, as for subscriptions) in log order. Ends at the head as it
   * was when the read got there.
   */
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>;

  /** The last event of all `rolebook.` streams (heartbeats left out), or null for an empty log. */
  head(): Promise<RecordedEvent | null>;

  /**
   * Catch-up into live with no gap and no repeat. Slow consumers hold it back; nothing is buffered without bound.
   * Heartbeats are not delivered; one that arrives when nothing else is missing shows as `caught-up`. Ends when
   * aborted; throws EventStoreError when the log is lost (the caller resubscribes from its last commit) and `CLOSED`
   * when the store is closed.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem>;

  /**
   * Clock skew between this machine and the store, in milliseconds; null if not known. Absent: the store has no clock
   * of its own.
   */
  clockSkewMs?(): number | null;

  /**
   * One of the processes that followed this log in the last minute: the one that reads the lowest schema version. Null where
   * none did. Absent: the log is this program's alone.
   * @throws EventStoreError
   */
  lowestReader?(): Promise<LogReader | null>;

  /**
   * Highest schema version that may be written now, asked by who wants to write one. Absent: any.
   * @throws EventStoreError
   */
  writableSchema?(wanted: number): Promise<number>;

  /** Finishes what is under way and frees everything. Later calls throw `CLOSED`. */
  close(): Promise<void>;
}

/**
 * `INVALID_EVENT` is an event that no reader would take; `INVALID_ARGUMENT` any other argument that breaks the contract:
 * a name of a stream, a revision, a position, a count, a connection string.
 * For opening alone: `LOCKED`, another process writes to this embedded log (or reads it, where it is sealed);
 * `RESTORE_UNFINISHED`, `LOG_OF_BACKUP` and `LOG_IN_USE`, the log is not there for this purpose (`reserved.ts`). `NEWER` is
 * an event that this program is too old for, `NOT_YET_READABLE` one that a process which follows the log is too old for;
 * the latter was not written.
 */
export type EventStoreErrorCode =
  | 'TOO_LARGE'
  | 'INVALID_EVENT'
  | 'INVALID_ARGUMENT'
  | 'UNAVAILABLE'
  | 'UNKNOWN_OUTCOME'
  | 'DENIED'
  | 'CORRUPT'
  | 'LOCKED'
  | 'RESTORE_UNFINISHED'
  | 'LOG_OF_BACKUP'
  | 'LOG_IN_USE'
  | 'NEWER'
  | 'NOT_YET_READABLE'
  | 'CLOSED';

/** Every failure of a log. Conflicts are results, not errors. */
export class EventStoreError extends Error {
  override readonly name: string = 'EventStoreError';

  constructor(
    readonly code: EventStoreErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** An event that this program is too old for. It is no fault of the event, nor of the log. */
export class NewerEventError extends EventStoreError {
  override readonly name = 'NewerEventError';

  constructor(
    message: string,
    readonly event: RecordedEvent,
    /** The schema version that it needs. */
    readonly schema: number,
  ) {
    super('NEWER', message);
  }
}

/** An event that no reader would take; nothing was written. */
export class UnsoundEventError extends EventStoreError {
  override readonly name = 'UnsoundEventError';

  constructor(
    message: string,
    /** Faults by their path in the event, which begins with `type`, `stream`, `data` or `metadata`. */
    readonly faults: readonly { readonly path: readonly string[]; readonly message: string }[],
  ) {
    super('INVALID_EVENT', message);
  }
}
