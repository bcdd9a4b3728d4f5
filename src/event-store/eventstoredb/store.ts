import { setMaxListeners } from 'node:events';
import { READS_SCHEMA } from '../../domain/schema-versions';
import { checkCount, checkStream, encodeAppend } from '../port/codec';
import type {
  Append,
  AppendResult,
  ExpectedRevision,
  LogFormat,
  LogOrigin,
  LogReader,
  NewEvent,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionItem,
} from '../port/event-store';
import { FORMAT_OF_NEW } from '../port/log-format';
import { inOrder } from '../port/in-order';
import type { RestoreTarget } from '../port/reserved';
import { Connection } from './connection';
import { asEventStoreError, closedError } from './errors';
import { lowestOf, readerIn } from './heartbeat/beat-data';
import { anyHeartbeatStream, Heartbeat, heartbeatStreams } from './heartbeat/heartbeat';
import { LogIdentity, type LogNotes } from './identity';
import { allRequest, decodeRecord, streamRequest, type AllFilter } from './messages';
import { Naming } from './naming';
import { DEFAULT_TIMEOUTS, SILENT, parseTarget, type EventStoreDbOptions, type Timeouts } from './options';
import { firstRecord, records, type ReadOptions } from './read-call';
import { RestoreNote } from './restore-note';
import { follow } from './subscription';
import { Writer } from './writer';

/** The log in EventStoreDB. Created by `openEventStoreDb`. */
export class EventStoreDbStore implements RestoreTarget {
  readonly #timeouts: Timeouts;
  readonly #naming: Naming;
  readonly #writing: Connection;
  readonly #reading: Connection;
  readonly #writer: Writer;
  readonly #heartbeat: Heartbeat;
  readonly #restore: RestoreNote;
  /** True where the log is opened for a restore. */
  readonly #restores: boolean;
  /** Settled once it is known that no restore is under way. */
  #restored: Promise<void> | null = null;
  readonly #closing = new AbortController();
  readonly #identity: LogIdentity;
  #closed: Promise<void> | null = null;

  constructor(options: EventStoreDbOptions) {
    const { logger = SILENT, reads = READS_SCHEMA, purpose = 'use' } = options;
    const target = parseTarget(options);
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.#naming = new Naming(options.streamPrefix);
    const { connect } = this.#timeouts;
    this.#writing = new Connection(target, 'write', connect, logger);
    this.#reading = new Connection(target, 'read', connect, logger);
    // A server that does not answer on one connection will not answer on the other. Both are replaced, or a caller on
    // the other would wait again to find out.
    this.#writing.onReplaced = (reason) => this.#reading.renew(reason);
    this.#reading.onReplaced = (reason) => this.#writing.renew(reason);
    this.#writer = new Writer(this.#writing, this.#naming.identityStream, this.#timeouts);
    this.#identity = new LogIdentity(this.#writing, this.#writer, this.#naming, {
      reads: () => this.#readOptions(),
      formatOfNew: options.formatOfNew ?? FORMAT_OF_NEW,
    });
    const beats = this.#naming.onServer(anyHeartbeatStream());
    const everyMs = this.#timeouts.heartbeat;
    this.#heartbeat = new Heartbeat(beats, this.#writer, { everyMs, reads, logger });
    this.#restores = purpose === 'restore';
    this.#restore = new RestoreNote(this.#writing, this.#writer, this.#naming, this.#readOptions());
    // Every read under way listens for the end: many at once are no leak.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Clock skew in milliseconds; positive: this machine is ahead of the server. Null until a heartbeat came back. */
  clockSkewMs(): number | null {
    return this.#heartbeat.clockSkewMs;
  }

  /** Asks each stream of heartbeats for its last event: the server keeps no more of them than that. */
  async lowestReader(): Promise<LogReader | null> {
    this.#checkOpen();
    const lastOn = async (stream: string): Promise<LogReader | null> => {
      const request = streamRequest(this.#naming.onServer(stream), null, 'backwards', 1);
      const record = await firstRecord(this.#reading, request, this.#readOptions());
      return record === null ? null : readerIn(record, Date.now());
    };
    try {
      const readers = await Promise.all(heartbeatStreams().map(lastOn));
      this.#checkOpen();
      return lowestOf(readers);
    } catch (error) {
      throw asEventStoreError(error, 'reading the heartbeats');
    }
  }

  /** @throws EventStoreError `RESTORE_UNFINISHED` unless the log is opened for that: whoever uses a log asks this first */
  async identity(): Promise<string> {
    this.#checkOpen();
    return (await this.#notes()).identity;
  }

  async line(): Promise<string> {
    this.#checkOpen();
    return (await this.#notes()).line;
  }

  async takeLine(line: string): Promise<boolean> {
    this.#checkOpen();
    if ((await this.head()) !== null) return (await this.line()) === line;
    return this.#identity.take({ line });
  }

  async format(): Promise<LogFormat> {
    this.#checkOpen();
    return (await this.#notes()).format;
  }

  async origin(): Promise<LogOrigin | null> {
    this.#checkOpen();
    return (await this.#notes()).origin;
  }

  async takeFormat(format: LogFormat, origin: LogOrigin | null): Promise<boolean> {
    this.#checkOpen();
    if ((await this.head()) !== null) return (await this.format()) === format;
    return this.#identity.take({ format, origin });
  }

  async #notes(): Promise<LogNotes> {
    if (!this.#restores) {
      this.#restored ??= this.#restore.demandNone().catch((error: unknown) => {
        this.#restored = null;
        throw asEventStoreError(error, 'the identity of the log could not be read');
      });
      await this.#restored;
    }
    return this.#identity.read();
  }

  async beginRestore(): Promise<void> {
    this.#checkOpen();
    await this.#restore.begin(async () => (await this.head()) === null).catch(asFailureOfRestore);
  }

  async endRestore(): Promise<void> {
    this.#checkOpen();
    await this.#restore.end().catch(asFailureOfRestore);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    this.#checkOpen();
    const encoded = encodeAppend(stream, expected, events);
    return this.#writer.append(this.#naming.onServer(stream), expected, encoded);
  }

  async *appendInOrder(appends: AsyncIterable<Append>): AsyncGenerator<AppendResult, void, undefined> {
    this.#checkOpen();
    const send = await this.#writer.inOrder();
    yield* inOrder(appends, async ({ stream, expected, events }) =>
      send(this.#naming.onServer(stream), expected, encodeAppend(stream, expected, events)),
    );
  }

  async *readStream(
    stream: string,
    { from, direction = 'forwards', limit = Infinity }: ReadStreamOptions = {},
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    checkStream(stream);
    checkCount('from', from);
    if (limit !== Infinity) checkCount('limit', limit);
    this.#checkOpen();
    if (limit === 0) return;
    const request = streamRequest(this.#naming.onServer(stream), from ?? null, direction, limit);
    yield* this.#events(records(this.#reading, request, this.#readOptions()), `reading ${stream}`);
  }

  async *readAll({ after, limit = Infinity }: ReadAllOptions = {}): AsyncGenerator<
    RecordedEvent,
    void,
    undefined
  > {
    if (limit !== Infinity) checkCount('limit', limit);
    this.#checkOpen();
    if (limit === 0) return;
    // One more, as the read starts at the event that the caller has.
    const request = allRequest(after ?? null, 'forwards', this.#all, limit + 1);
    let left = limit;
    const found = records(this.#reading, request, this.#searchOptions(this.#reading));
    for await (const event of this.#events(found, 'reading the log')) {
      if (after !== undefined && event.position <= after) continue;
      yield event;
      if (--left === 0) return;
    }
  }

  async head(): Promise<RecordedEvent | null> {
    this.#checkOpen();
    const request = allRequest(null, 'backwards', this.#all, 1);
    try {
      const record = await firstRecord(this.#writing, request, this.#searchOptions(this.#writing));
      this.#checkOpen();
      return record === null ? null : decodeRecord(record, this.#naming);
    } catch (error) {
      throw asEventStoreError(error, 'reading the end of the log');
    }
  }

  subscribe({ after, signal }: SubscribeOptions): AsyncIterable<SubscriptionItem> {
    return follow({
      connection: this.#reading,
      heartbeat: this.#heartbeat,
      naming: this.#naming,
      lostMs: this.#timeouts.lost,
      after: after ?? null,
      signal,
      closing: this.#closing.signal,
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#writer.close();
    await Promise.all([this.#writing.close(), this.#reading.close()]);
  }

  async *#events(
    source: ReturnType<typeof records>,
    doing: string,
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    try {
      for await (const record of source) yield decodeRecord(record, this.#naming);
    } catch (error) {
      throw asEventStoreError(error, doing);
    }
    this.#checkOpen();
  }

  get #all(): AllFilter {
    return { regex: this.#naming.ours };
  }

  #readOptions(): ReadOptions {
    const { read, leader } = this.#timeouts;
    return { silenceMs: read, seekMs: leader, signal: this.#closing.signal };
  }

  /**
   * A search through a log that other applications fill may be silent for long: the sign of life is that its server
   * still answers.
   */
  #searchOptions(connection: Connection): ReadOptions {
    const probe = streamRequest(this.#naming.identityStream, null, 'forwards', 1);
    return {
      ...this.#readOptions(),
      stillThere: () => firstRecord(connection, probe, { silenceMs: this.#timeouts.connect }),
    };
  }

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw closedError();
  }
}

function asFailureOfRestore(error: unknown): never {
  throw asEventStoreError(error, 'the note of the restore could not be read or written');
}
