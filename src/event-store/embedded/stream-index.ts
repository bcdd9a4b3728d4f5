import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { IndexDelta, streamKey, type RecentStream } from './index-delta';

/**
 * Where the events of each stream stand in the log.
 *
 * Names of streams come in random order, so an index of them that follows every append dirties a page for every event:
 * eight kilobytes written for half a one. So the table `place` follows later. What was appended since is held in memory
 * (and is read again from the log at the next start), and goes into the table in parts, each a range of its keys: some
 * pages hold many of them then. What `place` covers is in `meta`, under `placed`.
 */

/** So many events are held in memory before the table takes them over: some 20 MB, and a tenth of a second to read again. */
const HELD = 64_000;
const ABSENT = 10_000;
/** With each commit a part of what is held goes into the table: some milliseconds' worth. */
const PARTS = 40;

interface Event {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

/** The places of one stream, as they are at the moment. */
export interface StreamPlaces {
  /** Revision of its last event, -1 where it has none. */
  readonly last: number;
  /** Where the recent events begin, those that `place` is not asked for. */
  readonly recentFrom: number;
  readonly key: number;
  /** Positions of recent events from that revision on, in order; fewer than `limit` only at the end, or of a part. */
  forwards(from: number, limit: number): readonly number[];
  /** Of those up to that revision, the latest first. */
  backwards(from: number, limit: number): readonly number[];
}

export class StreamIndex {
  readonly #placed: StatementSyncInstance;
  readonly #after: StatementSyncInstance;
  readonly #last: StatementSyncInstance;
  readonly #insert: StatementSyncInstance;
  readonly #setPlaced: StatementSyncInstance;
  /** What came since the table took over. */
  #recent = new IndexDelta();
  /** What the table is taking over; it is asked here until the table has all of it. */
  #leaving: IndexDelta | null = null;
  #rows: ReturnType<IndexDelta['rows']> | null = null;
  /** Position of the last event known here; null before the log was looked at. */
  #known: number | null = null;
  /** Streams that were looked for and are not there: mostly, who looked goes on to begin them. Of a writer only. */
  readonly #absent = new Set<string>();

  /**
   * A writer is the only one, and knows of all that it wrote; a reader looks at the log before each answer. `held` is how
   * many events it holds in memory before the table takes them over.
   */
  constructor(
    private readonly database: DatabaseSyncInstance,
    private readonly access: 'read' | 'write',
    private readonly held = HELD,
  ) {
    this.#placed = database.prepare(`SELECT CAST(value AS INTEGER) AS placed FROM meta WHERE key = 'placed'`);
    this.#after = database.prepare(
      'SELECT position, stream, revision FROM events WHERE position > ? ORDER BY position LIMIT ?',
    );
    this.#last = database.prepare(
      `SELECT p.revision FROM place p CROSS JOIN events e ON e.position = p.position AND e.stream = ?
       WHERE p.key = ? ORDER BY p.revision DESC LIMIT 1`,
    );
    this.#insert = database.prepare('INSERT OR IGNORE INTO place (key, revision, position) VALUES (?, ?, ?)');
    this.#setPlaced = database.prepare(`UPDATE meta SET value = ? WHERE key = 'placed'`);
  }

  of(stream: string): StreamPlaces {
    if (this.access === 'read' || this.#known === null) this.#look();
    const key = streamKey(stream);
    const parts = [this.#leaving?.get(key, stream), this.#recent.get(key, stream)].filter(
      (part): part is RecentStream => part !== undefined,
    );
    const newest = parts.at(-1);
    const last = newest ? endOf(newest) - 1 : this.#lastPlaced(key, stream);
    return {
      key,
      last,
      recentFrom: parts[0]?.first ?? last + 1,
      forwards(from, limit) {
        const part = parts.find((each) => from < endOf(each));
        if (!part) return [];
        const start = Math.max(0, from - part.first);
        return part.positions.slice(start, start + limit);
      },
      backwards(from, limit) {
        const part = parts.findLast((each) => each.first <= from);
        if (!part) return [];
        const end = Math.min(part.positions.length, from - part.first + 1);
        return part.positions.slice(Math.max(0, end - limit), end).reverse();
      },
    };
  }

  #lastPlaced(key: number, stream: string): number {
    if (this.#absent.has(stream)) return -1;
    const row = this.#last.get(stream, key) as { revision: number } | undefined;
    if (row) return row.revision;
    if (this.#absent.size >= ABSENT) this.#absent.clear();
    if (this.access === 'write') this.#absent.add(stream);
    return -1;
  }

  /** Takes note of an event that this very connection wrote. */
  add(key: number, { stream, revision, position }: Event): void {
    this.#recent.add(key, stream, revision, position);
    this.#absent.delete(stream);
    this.#known = position;
  }

  /** Takes note of what others, or an earlier process, wrote. */
  #look(): void {
    if (this.#known === null || (this.access === 'read' && this.#recent.size > 4 * this.held)) this.#forget();
    while (this.#lookOn());
  }

  /** A part of the same; false at the end. */
  #lookOn(): boolean {
    const events = this.#after.all(this.#known, this.held) as unknown as Event[];
    for (const event of events) this.add(streamKey(event.stream), event);
    return events.length === this.held;
  }

  /** Of a writer, when it begins: moves what is too much to be held, as of a log of an older format, in steps. */
  async prepare(): Promise<void> {
    this.#forget();
    while (this.#lookOn()) {
      this.#moveAll();
      await nextTurn();
    }
  }

  #forget(): void {
    this.#recent = new IndexDelta();
    this.#leaving = null;
    this.#rows = null;
    this.#absent.clear();
    this.#known = (this.#placed.get() as { placed: number }).placed;
  }

  /** After a transaction whose writes did not stay: the log is to be looked at again. */
  reset(): void {
    this.#known = null;
  }

  /** In the writer's transaction: moves some into the table, where there is enough to be moved. */
  takeOver(): void {
    if (this.#leaving === null) {
      if (this.#recent.size < this.held) return;
      this.#leaving = this.#recent;
      this.#rows = this.#leaving.rows();
      this.#recent = new IndexDelta();
    }
    for (let moved = 0; moved < this.held / PARTS; moved += 1) {
      const next = this.#rows!.next();
      if (next.done) {
        this.#setPlaced.run(String(this.#leaving.lastPosition));
        this.#leaving = this.#rows = null;
        return;
      }
      const { key, revision, position } = next.value;
      this.#insert.run(key, revision, position);
    }
  }

  #moveAll(): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      do this.takeOver();
      while (this.#leaving !== null);
      this.database.exec('COMMIT');
    } catch (error) {
      this.reset();
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

const endOf = ({ first, positions }: RecentStream): number => first + positions.length;
