import { setMaxListeners } from 'node:events';
import { EventStoreError, type JsonObject } from '../port/event-store';
import { Connection } from './connection';
import { asEventStoreError, closedError } from './errors';
import { decodeRecord, streamRequest } from './messages';
import { Naming } from './naming';
import { appendNote, lastNote } from './notes';
import { DEFAULT_TIMEOUTS, SILENT, parseTarget, type EventStoreDbOptions, type Timeouts } from './options';
import { records } from './read-call';
import { Writer } from './writer';

/** A stream as its last event has it. */
export interface Document {
  readonly data: JsonObject;
  /** Revision of the event. */
  readonly revision: number;
}

/**
 * Streams outside of the log, of which mostly the last event alone counts, over a connection of their own. Their names must not
 * begin with the log's prefix, or readers of the log would meet them.
 */
export class DocumentStreams {
  readonly naming: Naming;
  readonly #timeouts: Timeouts;
  readonly #connection: Connection;
  readonly #writer: Writer;
  readonly #closing = new AbortController();

  /** Nothing is sent yet. @throws EventStoreError for a malformed URL */
  constructor(options: EventStoreDbOptions, purpose: string) {
    this.naming = new Naming(options.streamPrefix);
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    const { connect } = this.#timeouts;
    this.#connection = new Connection(parseTarget(options), purpose, connect, options.logger ?? SILENT);
    this.#writer = new Writer(this.#connection, this.naming.identityStream, this.#timeouts);
    // Every read under way listens for the end: many at once are no leak.
    setMaxListeners(0, this.#closing.signal);
  }

  /** The document as the leader has it; null where there is none. @throws EventStoreError */
  async read(stream: string): Promise<Document | null> {
    this.#checkOpen();
    const { read: silenceMs, leader: seekMs } = this.#timeouts;
    try {
      const options = { silenceMs, seekMs, signal: this.#closing.signal };
      const last = await lastNote(this.#connection, this.naming, { stream, options });
      this.#checkOpen();
      return last && { data: last.data, revision: last.revision };
    } catch (error) {
      throw asEventStoreError(error, `reading ${stream}`);
    }
  }

  /** All documents that the stream ever held and still has, the oldest first. @throws EventStoreError */
  async *readAll(stream: string): AsyncGenerator<Document, void, undefined> {
    this.#checkOpen();
    const { read: silenceMs, leader: seekMs } = this.#timeouts;
    const options = { silenceMs, seekMs, signal: this.#closing.signal };
    try {
      const request = streamRequest(stream, null, 'forwards', Infinity);
      for await (const record of records(this.#connection, request, options)) {
        const { data, revision } = decodeRecord(record, this.naming);
        yield { data, revision };
      }
    } catch (error) {
      throw asEventStoreError(error, `reading ${stream}`);
    }
    this.#checkOpen();
  }

  /**
   * Replaces the document if it is still at that revision (null: if there is none). False for a conflict.
   * @throws EventStoreError `UNKNOWN_OUTCOME` where it may have been replaced; `UNAVAILABLE`, `DENIED`, `TOO_LARGE`, `CLOSED`
   */
  write(stream: string, revision: number | null, type: string, data: JsonObject): Promise<boolean> {
    return appendNote(this.#writer, stream, revision, { type, data });
  }

  /** Writes the metadata of a stream unless it has some. Where the server denies this, an administrator has the say. */
  async describe(stream: string, metadata: JsonObject): Promise<void> {
    try {
      await this.write(`$$${stream}`, null, '$metadata', metadata);
    } catch (error) {
      if (!(error instanceof EventStoreError) || error.code !== 'DENIED') throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writer.close();
    await this.#connection.close();
  }

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw closedError();
  }
}
