import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { IndexDelta, streamKey, type DeltaEntry } from './index-delta';

/**
 * Index of the log by stream and revision, in the manner of a log-structured merge tree.
 *
 * Stream names arrive in random order, so a table index updated at every append would dirty a page for every event:
 * eight kilobytes written for half a kilobyte of data. So the table lags. Entries of later events are in a delta in
 * memory, which is rebuilt from the log at the next start. A full delta is merged into the table in ranges of keys,
 * where some pages take many entries. The names in the file are older than these terms: the table is `place`, and
 * `placed` in `meta` is the position up to which it is merged.
 */

/** Events in a delta before it is merged: some 20 MB, and a tenth of a second to reread. */
const MAX_DELTA = 64_000;
const MAX_ABSENT = 10_000;
/**
 * Look-ups for which a reader has SQLite scan the tail of the log. To index it takes ten times as long, and a projector asks
 * for the declared void events alone when it starts.
 */
const SCANS = 4;
/** Commits that a merge is spread over: each does some milliseconds of it. */
const MERGE_STEPS = 40;

interface IndexedEvent {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

/** Index entry of one stream, as of the lookup. */
export interface StreamEntry {
  readonly key: number;
  /** Last revision, -1 if the stream does not exist. */
  readonly last: number;
  /** First revision that is in memory; those before it are in the table. */
  readonly deltaFrom: number;
  /** Positions in memory from a revision on, in order; fewer than `limit` only at the end of a delta. */
  forwards(from: number, limit: number): readonly number[];
  /** Positions in memory from a revision back, the latest first. */
  backwards(from: number, limit: number): readonly number[];
}

export class StreamIndex {
  readonly #mergedUpTo: StatementSyncInstance;
  readonly #eventsAfter: StatementSyncInstance;
  readonly #ofStreamAfter: StatementSyncInstance;
  readonly #lastInTable: StatementSyncInstance;
  readonly #insert: StatementSyncInstance;
  readonly #setMergedUpTo: StatementSyncInstance;
  #delta = new IndexDelta();
  /** Full delta that is being merged; it answers until the table has all of it. */
  #merging: IndexDelta | null = null;
  /** Entries of it that are not in the table yet. */
  #unmerged: ReturnType<IndexDelta['rows']> | null = null;
  /** Position up to which the table has everything that the deltas lack; 0: the table is not needed yet. */
  #merged = 0;
  /** Position of the last event in the index; null if the log has to be read again. */
  #indexedUpTo: number | null = null;
  /** Negative cache of a writer: a lookup of a missing stream is usually followed by its first append. */
  readonly #absent = new Set<string>();
  #scans = 0;

  /**
   * A writer is the only one, and adds every event that it writes. A reader reads the log on before each lookup, from the
   * first lookup on that it does not scan for.
   * `maxDelta` is the number of events in a delta before it is merged.
   */
  constructor(
    private readonly database: DatabaseSyncInstance,
    private readonly access: 'read' | 'write',
    private readonly maxDelta = MAX_DELTA,
  ) {
    this.#mergedUpTo = database.prepare(
      `SELECT CAST(value AS INTEGER) AS position FROM meta WHERE key = 'placed'`,
    );
    this.#eventsAfter = database.prepare(
      'SELECT position, stream, revision FROM events WHERE position > ? ORDER BY position LIMIT ?',
    );
    this.#ofStreamAfter = database.prepare(
      'SELECT position, revision FROM events WHERE position > ? AND stream = ? ORDER BY position',
    );
    this.#lastInTable = database.prepare(
      `SELECT p.revision FROM place p CROSS JOIN events e ON e.position = p.position AND e.stream = ?
       WHERE p.key = ? ORDER BY p.revision DESC LIMIT 1`,
    );
    this.#insert = database.prepare('INSERT OR IGNORE INTO place (key, revision, position) VALUES (?, ?, ?)');
    this.#setMergedUpTo = database.prepare(`UPDATE meta SET value = ? WHERE key = 'placed'`);
  }

  lookUp(stream: string): StreamEntry {
    const key = streamKey(stream);
    const entries = this.#isScanned() ? this.#scan(stream) : this.#inMemory(key, stream);
    const newest = entries.at(-1);
    const last = newest ? endOf(newest) - 1 : this.#lastMerged(key, stream);
    return {
      key,
      last,
      deltaFrom: entries[0]?.first ?? last + 1,
      forwards(from, limit) {
        const entry = entries.find((each) => from < endOf(each));
        if (!entry) return [];
        const start = Math.max(0, from - entry.first);
        return entry.positions.slice(start, start + limit);
      },
      backwards(from, limit) {
        const entry = entries.findLast((each) => each.first <= from);
        if (!entry) return [];
        const end = Math.min(entry.positions.length, from - entry.first + 1);
        return entry.positions.slice(Math.max(0, end - limit), end).reverse();
      },
    };
  }

  #isScanned(): boolean {
    return this.access === 'read' && this.#indexedUpTo === null && this.#scans < SCANS;
  }

  /** Entries of the events that are not in the table yet, read from the log. */
  #scan(stream: string): DeltaEntry[] {
    this.#scans += 1;
    this.#merged = this.#placed();
    const events = this.#ofStreamAfter.all(this.#merged, stream) as Omit<IndexedEvent, 'stream'>[];
    const first = events[0]?.revision;
    return first === undefined ? [] : [{ first, positions: events.map(({ position }) => position) }];
  }

  #inMemory(key: number, stream: string): DeltaEntry[] {
    if (this.access === 'read' || this.#indexedUpTo === null) this.#catchUp();
    return [this.#merging?.get(key, stream), this.#delta.get(key, stream)].filter(
      (entry): entry is DeltaEntry => entry !== undefined,
    );
  }

  #lastMerged(key: number, stream: string): number {
    if (this.#merged === 0 || this.#absent.has(stream)) return -1;
    const row = this.#lastInTable.get(stream, key) as { revision: number } | undefined;
    if (row) return row.revision;
    if (this.#absent.size >= MAX_ABSENT) this.#absent.clear();
    if (this.access === 'write') this.#absent.add(stream);
    return -1;
  }

  /** Adds an event that was written over this same connection. */
  add(key: number, { stream, revision, position }: IndexedEvent): void {
    this.#delta.add(key, stream, revision, position);
    this.#absent.delete(stream);
    this.#indexedUpTo = position;
  }

  /** Adds events that another process, or an earlier one, wrote. */
  #catchUp(): void {
    if (this.#indexedUpTo === null || (this.access === 'read' && this.#delta.size > 4 * this.maxDelta))
      this.#startFromTable();
    while (this.#readOn());
  }

  /** Adds the next page of events; returns false at the end of the log. */
  #readOn(): boolean {
    const events = this.#eventsAfter.all(this.#indexedUpTo, this.maxDelta) as unknown as IndexedEvent[];
    for (const event of events) this.add(streamKey(event.stream), event);
    return events.length === this.maxDelta;
  }

  /**
   * Merges, in steps, a tail of the log that is too long for a delta, as in a log of an older format. Called by a
   * writer, before its first append.
   */
  async prepare(): Promise<void> {
    this.#startFromTable();
    while (this.#readOn()) {
      this.#mergeAll();
      await nextTurn();
    }
  }

  #startFromTable(): void {
    this.#delta = new IndexDelta();
    this.#merging = null;
    this.#unmerged = null;
    this.#absent.clear();
    this.#indexedUpTo = this.#merged = this.#placed();
  }

  /** Position up to which the table has everything. */
  #placed(): number {
    return (this.#mergedUpTo.get() as { position: number }).position;
  }

  /** Drops the entries in memory, after a transaction that was rolled back: they are reread from the log. */
  reset(): void {
    this.#indexedUpTo = null;
  }

  /** True if the last event of the log is in the index. */
  isAt(last: number): boolean {
    return this.#indexedUpTo === last;
  }

  /** Does one step of a merge, or starts a merge if the delta is full. Runs in the writer's transaction. */
  merge(): void {
    if (this.#merging === null) {
      if (this.#delta.size < this.maxDelta) return;
      this.#merging = this.#delta;
      this.#unmerged = this.#merging.rows();
      this.#delta = new IndexDelta();
    }
    for (let merged = 0; merged < this.maxDelta / MERGE_STEPS; merged += 1) {
      const next = this.#unmerged!.next();
      if (next.done) {
        this.#merged = this.#merging.lastPosition;
        this.#setMergedUpTo.run(String(this.#merged));
        this.#merging = this.#unmerged = null;
        return;
      }
      const { key, revision, position } = next.value;
      this.#insert.run(key, revision, position);
    }
  }

  #mergeAll(): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      do this.merge();
      while (this.#merging !== null);
      this.database.exec('COMMIT');
    } catch (error) {
      this.reset();
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

const endOf = ({ first, positions }: DeltaEntry): number => first + positions.length;
