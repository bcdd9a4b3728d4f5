import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { encodeAppend } from '../port/codec';
import {
  EventStoreError,
  type Append,
  type AppendResult,
  type ExpectedRevision,
  type LogFormat,
  type LogOrigin,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
  type SubscriptionItem,
} from '../port/event-store';
import { inOrder } from '../port/in-order';
import type { BackupLog, RestoreTarget } from '../port/reserved';
import { follow, readAllPages, readStreamPages, type LocalLog } from '../local/paging';
import { Wake } from '../local/wake';
import { CommitNews } from './commit-news';
import {
  dropPurpose,
  leaveWal,
  readFormat,
  readIdentity,
  readLine,
  readOrigin,
  writeToEmpty,
  type NoteOfLog,
} from './database';
import { asEventStoreError } from './errors';
import { StreamIndex } from './stream-index';
import { LogReader } from './reader';
import { LogWriter } from './writer';

/** Interval at which a reader in another process polls the log, in milliseconds: nothing wakes it across processes. */
const POLL_MS = 200;

/** The log in one SQLite file. Made by `openEmbeddedStore`. */
export class EmbeddedEventStore implements BackupLog, RestoreTarget {
  readonly #database: DatabaseSyncInstance;
  readonly #identity: string;
  readonly #index: StreamIndex;
  readonly #reader: LogReader;
  /** Null if the log was opened only to read. */
  readonly #writer: LogWriter | null;
  readonly #release: () => void;
  readonly #wake = new Wake();
  readonly #news: CommitNews;
  #poll: NodeJS.Timeout | null = null;
  #closed = false;

  /** `release` frees the resources acquired with the database, once that is closed. */
  constructor(database: DatabaseSyncInstance, access: 'read' | 'write', release: () => void) {
    this.#database = database;
    this.#release = release;
    this.#identity = readIdentity(database);
    this.#index = new StreamIndex(database, access);
    this.#reader = new LogReader(database, this.#index);
    this.#news = new CommitNews(this.#identity);
    this.#writer =
      access === 'write' ? new LogWriter(database, this.#index, this.#reader, () => this.#committed()) : null;
    if (this.#writer === null) this.#news.listen(() => this.#wake.all());
  }

  /** Prepares a writer for its first append; slow if a log of an older format has to be migrated. */
  prepare(): Promise<void> {
    return this.#index.prepare();
  }

  /** Transactions committed since the log was opened; far fewer than appends, under load. */
  get commits(): number {
    return this.#writer?.commits ?? 0;
  }

  async identity(): Promise<string> {
    this.#checkOpen();
    return this.#identity;
  }

  async line(): Promise<string> {
    return this.#read(() => readLine(this.#database) ?? this.#identity);
  }

  async takeLine(line: string): Promise<boolean> {
    this.#writeToEmpty('line', line);
    return (await this.line()) === line;
  }

  async format(): Promise<LogFormat> {
    return this.#read(() => readFormat(this.#database));
  }

  async origin(): Promise<LogOrigin | null> {
    return this.#read(() => readOrigin(this.#database));
  }

  async takeFormat(format: LogFormat, origin: LogOrigin | null): Promise<boolean> {
    this.#writeToEmpty('format', String(format));
    this.#writeToEmpty('origin', origin === null ? null : JSON.stringify(origin));
    return (await this.format()) === format;
  }

  #writeToEmpty(key: NoteOfLog, value: string | null): void {
    this.#checkOpen();
    this.#demandWriter();
    this.#ask(() => writeToEmpty(this.#database, key, value), `the ${key} of the log could not be written`);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    this.#checkOpen();
    return this.#demandWriter().append(stream, expected, encodeAppend(stream, expected, events));
  }

  appendInOrder(appends: AsyncIterable<Append>): AsyncIterable<AppendResult> {
    return inOrder(appends, ({ stream, expected, events }) => this.append(stream, expected, events));
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent> {
    return readStreamPages(this.#log, stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent> {
    return readAllPages(this.#log, options);
  }

  async head(): Promise<RecordedEvent | null> {
    return this.#read(() => this.#reader.head());
  }

  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionItem> {
    return follow(this.#log, options);
  }

  async seal(): Promise<void> {
    this.#writer?.drain();
    this.#ask(() => leaveWal(this.#database), 'the log could not be sealed');
  }

  /** Opening the log for a restore has reserved it. */
  async beginRestore(): Promise<void> {
    this.#checkOpen();
  }

  async endRestore(): Promise<void> {
    this.#writer?.drain();
    this.#ask(() => dropPurpose(this.#database), 'the restore could not be ended');
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopPolling();
    this.#writer?.drain();
    this.#wake.all();
    this.#news.close();
    this.#database.close();
    this.#release();
  }

  readonly #log: LocalLog = {
    streamPage: (...page) => this.#read(() => this.#reader.streamPage(...page)),
    allPage: (...page) => this.#read(() => this.#reader.allPage(...page)),
    changed: (seen, signal) => this.#changed(seen, signal),
  };

  #committed(): void {
    this.#wake.all();
    this.#news.tell();
  }

  async #changed(seen: Position | null, signal: AbortSignal): Promise<void> {
    while (!this.#closed && !signal.aborted && !this.#hasMoreThan(seen)) {
      const woken = this.#wake.next(signal);
      if (this.#writer === null) this.#poll ??= setTimeout(() => this.#polled(), POLL_MS);
      await woken;
      if (!this.#wake.anyoneWaits) this.#stopPolling();
    }
  }

  /** One polling timer, shared by all waiting readers. */
  #polled(): void {
    this.#poll = null;
    this.#wake.all();
  }

  #stopPolling(): void {
    if (this.#poll !== null) clearTimeout(this.#poll);
    this.#poll = null;
  }

  #hasMoreThan(seen: Position | null): boolean {
    const last = this.#read(() => this.#reader.lastPosition());
    return last !== null && last > (seen ?? -1n);
  }

  #read<T>(read: () => T): T {
    return this.#ask(read, 'the log could not be read');
  }

  #ask<T>(ask: () => T, failure: string): T {
    this.#checkOpen();
    try {
      return ask();
    } catch (error) {
      throw asEventStoreError(error, failure);
    }
  }

  #demandWriter(): LogWriter {
    if (this.#writer === null) throw new EventStoreError('DENIED', 'the log was opened only to read');
    return this.#writer;
  }

  #checkOpen(): void {
    if (this.#closed) throw new EventStoreError('CLOSED', 'the log is closed');
  }
}
