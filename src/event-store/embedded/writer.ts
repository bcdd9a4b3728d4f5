import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { EncodedEvent } from '../port/codec';
import { decideAppend } from '../local/decide-append';
import { EventStoreError, type AppendResult, type ExpectedRevision } from '../port/event-store';
import { asEventStoreError } from './errors';
import type { StreamEntry, StreamIndex } from './stream-index';
import type { LogReader } from './reader';

interface QueuedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EncodedEvent[];
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: EventStoreError) => void;
}

/** Limits of one commit, in events and characters: some 10 ms in which nothing else runs in this thread. */
const BATCH_EVENTS = 500;
const BATCH_CHARS = 4 * 1024 * 1024;

/**
 * Group commit. Appends that wait together share a transaction and its one fsync, which is nearly the whole cost of a
 * small append. Each is decided on its own, against the writes before it; a conflict does not affect the others.
 */
export class LogWriter {
  readonly #database: DatabaseSyncInstance;
  readonly #insert: StatementSyncInstance;
  /** Changes when another connection has written. */
  readonly #version: StatementSyncInstance;
  #seen: number;
  readonly #committed: () => void;
  #queue: QueuedAppend[] = [];
  #commits = 0;

  /** `committed` is called after each commit. */
  constructor(
    database: DatabaseSyncInstance,
    private readonly index: StreamIndex,
    private readonly reader: LogReader,
    committed: () => void,
  ) {
    this.#database = database;
    this.#committed = committed;
    this.#version = database.prepare('PRAGMA data_version');
    this.#seen = this.#dataVersion();
    this.#insert = database.prepare(
      'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)',
    );
  }

  /** Transactions committed since the log was opened. */
  get commits(): number {
    return this.#commits;
  }

  append(stream: string, expected: ExpectedRevision, events: readonly EncodedEvent[]): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      if (this.#queue.length === 0) setImmediate(() => this.#commitBatch());
      this.#queue.push({ stream, expected, events, resolve, reject });
    });
  }

  /** Commits all queued appends, now. */
  drain(): void {
    while (this.#queue.length > 0) this.#commitBatch();
  }

  #commitBatch(): void {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    if (this.#queue.length > 0) setImmediate(() => this.#commitBatch());
    let results: readonly AppendResult[];
    try {
      results = this.#transact(batch);
    } catch (error) {
      this.index.reset();
      const failure = asEventStoreError(error, 'the log could not be written');
      for (const { reject } of batch) reject(failure);
      return;
    }
    batch.forEach(({ resolve }, index) => resolve(results[index] as AppendResult));
    this.#committed();
  }

  #takeBatch(): QueuedAppend[] {
    let events = 0;
    let chars = 0;
    let count = 0;
    for (const append of this.#queue) {
      if (events >= BATCH_EVENTS || chars >= BATCH_CHARS) break;
      events += append.events.length;
      for (const { data, metadata } of append.events) chars += data.length + metadata.length;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  #transact(batch: readonly QueuedAppend[]): readonly AppendResult[] {
    this.#database.exec('BEGIN IMMEDIATE');
    let results: readonly AppendResult[];
    try {
      this.#lookAgain();
      results = batch.map((append) => this.#write(append));
      this.index.merge();
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    try {
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      // The commit may already be in the WAL file, and take effect after a crash.
      throw new EventStoreError('UNKNOWN_OUTCOME', 'it is not known whether the log was written', {
        cause: error,
      });
    }
    this.#commits++;
    return results;
  }

  #dataVersion(): number {
    return (this.#version.get() as { data_version: number }).data_version;
  }

  /**
   * Another writer is kept out by the lock. If one got in nevertheless, its writes are respected. Seals are written beside the
   * events, and no reason to read the tail of the log again.
   */
  #lookAgain(): void {
    const version = this.#dataVersion();
    if (version === this.#seen) return;
    if (!this.index.isAt(Number(this.reader.lastPosition() ?? 0n))) this.index.reset();
    this.#seen = version;
  }

  #write({ stream, expected, events }: QueuedAppend): AppendResult {
    const entry = this.index.lookUp(stream);
    const decision = decideAppend(
      expected,
      events.map(({ id }) => id),
      { last: entry.last, slice: (from, count) => this.#idsOf(stream, from, count) },
    );
    return decision.outcome === 'write' ? this.#insertAfter(entry, stream, events) : decision;
  }

  #insertAfter({ key, last }: StreamEntry, stream: string, events: readonly EncodedEvent[]): AppendResult {
    let revision = last;
    let position = 0;
    for (const { id, type, data, metadata } of events) {
      revision += 1;
      position = Number(this.#insert.run(stream, revision, id, type, data, metadata).lastInsertRowid);
      this.index.add(key, { stream, revision, position });
    }
    return { outcome: 'appended', revision, position: BigInt(position) };
  }

  #idsOf(stream: string, from: number, count: number): { id: string; position: bigint }[] {
    const found: { id: string; position: bigint }[] = [];
    while (found.length < count) {
      const rows = this.reader.forwards(stream, from + found.length, count - found.length);
      if (rows.length === 0) break;
      found.push(...rows.map(({ id, position }) => ({ id, position: BigInt(position) })));
    }
    return found;
  }

  #rollBack(): void {
    try {
      // SQLite itself has rolled back after some errors; then there is nothing left to do.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // The error that led here says more; a transaction left open makes every later append fail, which is right.
    }
  }
}
