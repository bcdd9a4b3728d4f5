import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { EncodedEvent } from '../codec';
import { decideAppend } from '../decide-append';
import { EventStoreError, type AppendResult, type ExpectedRevision } from '../event-store';
import { asEventStoreError } from './errors';
import { StreamEnds } from './stream-ends';

interface QueuedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EncodedEvent[];
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: EventStoreError) => void;
}

/** A commit takes no more when it has so many events or characters: some 10 ms in which nothing else here runs. */
const BATCH_EVENTS = 500;
const BATCH_CHARS = 4 * 1024 * 1024;

/**
 * Group commit. Appends that wait together share a transaction and its one fsync, which is nearly all that a small
 * append costs. Each is decided on its own, against what those before it wrote; a conflict disturbs no other.
 */
export class LogWriter {
  readonly #database: DatabaseSyncInstance;
  readonly #insert: StatementSyncInstance;
  readonly #insertFirst: StatementSyncInstance;
  readonly #ends: StreamEnds;
  readonly #committed: () => void;
  #queue: QueuedAppend[] = [];
  #commits = 0;

  /** `committed` is called after each commit. */
  constructor(database: DatabaseSyncInstance, committed: () => void) {
    this.#database = database;
    this.#committed = committed;
    this.#ends = new StreamEnds(database);
    const row = 'INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)';
    this.#insert = database.prepare(`INSERT ${row}`);
    this.#insertFirst = database.prepare(`INSERT OR IGNORE ${row}`);
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

  /** Commits all that is queued, now. */
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
      this.#ends.forget();
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
      results = batch.map((append) => this.#write(append));
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    try {
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      // The commit may already stand in the WAL file, and count after a crash.
      throw new EventStoreError('UNKNOWN_OUTCOME', 'it is not known whether the log was written', {
        cause: error,
      });
    }
    this.#commits++;
    return results;
  }

  #write({ stream, expected, events }: QueuedAppend): AppendResult {
    if (expected === 'no-stream') {
      const begun = this.#insertFrom(0, stream, events);
      if (begun) return begun;
    }
    const decision = decideAppend(
      expected,
      events.map(({ id }) => id),
      this.#ends.state(stream),
    );
    if (decision.outcome !== 'write') return decision;
    const written = this.#insertFrom(decision.first, stream, events);
    if (!written) throw new EventStoreError('CORRUPT', `the stream ${stream} goes on after its end`);
    return written;
  }

  /** Null, and nothing is written, where the stream has the first revision already: the index itself tells. */
  #insertFrom(first: number, stream: string, events: readonly EncodedEvent[]): AppendResult | null {
    let revision = first;
    let position: number | bigint = 0;
    for (const { id, type, data, metadata } of events) {
      const insert = revision === first ? this.#insertFirst : this.#insert;
      const { changes, lastInsertRowid } = insert.run(stream, revision, id, type, data, metadata);
      if (changes === 0) return null;
      position = lastInsertRowid;
      revision += 1;
    }
    this.#ends.moved(stream, { last: revision - 1, lastId: events.at(-1)?.id ?? '' });
    return { outcome: 'appended', revision: revision - 1, position: BigInt(position) };
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
