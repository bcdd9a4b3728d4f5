import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { KeyBookError } from '../../port/key-book';
import type { NewSegment, Replacement, SegmentStore, StoredSegment } from '../../port/segment-store';
import { closedBook } from '../errors';
import { BUSY_MS, asKeyFileError } from './database';

/** Segments a page: half a megabyte, and a transaction of some milliseconds where all are replaced. */
const PAGE = 64;
/** Attempts at emptying the WAL while a reader, of this process or another, is still within a page. */
const PURGE_ATTEMPTS = 100;
const PURGE_PAUSE_MS = 20;

interface Row {
  readonly place: number;
  readonly id: string;
  readonly account: string;
  readonly revision: number;
  readonly blob: Uint8Array;
}

/** Segments in one SQLite file. Several processes may write to it: SQLite lets one at a time. */
export class EmbeddedSegments implements SegmentStore {
  readonly #insert: StatementSyncInstance;
  readonly #one: StatementSyncInstance;
  readonly #after: StatementSyncInstance;
  readonly #update: StatementSyncInstance;
  readonly #checkpoint: StatementSyncInstance;
  #closed = false;

  constructor(private readonly database: DatabaseSyncInstance) {
    this.#insert = database.prepare(
      'INSERT INTO segment (id, account, revision, blob) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING',
    );
    this.#one = database.prepare('SELECT * FROM segment WHERE id = ?');
    this.#after = database.prepare('SELECT * FROM segment WHERE place > ? ORDER BY place LIMIT ?');
    this.#update = database.prepare(
      'UPDATE segment SET blob = ?, revision = revision + 1 WHERE id = ? AND revision = ?',
    );
    this.#checkpoint = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async create({ id, account, blob }: NewSegment): Promise<boolean> {
    if (this.#do('cannot be written', () => this.#insert.run(id, account, blob).changes === 1)) return true;
    return (await this.read(id))?.blob.equals(blob) ?? false;
  }

  async read(id: string): Promise<StoredSegment | null> {
    const row = this.#do('cannot be read', () => this.#one.get(id)) as Row | undefined;
    return row === undefined ? null : storedOf(row);
  }

  async *pages(): AsyncGenerator<readonly StoredSegment[], void, undefined> {
    for (let place = 0; ; await nextTurn()) {
      const rows = this.#do('cannot be read', () => this.#after.all(place, PAGE)) as Row[];
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(storedOf);
      place = last.place;
    }
  }

  async replace(replacements: readonly Replacement[]): Promise<readonly string[]> {
    return this.#do('cannot be written', () => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        const conflicts = replacements.filter(
          ({ id, expected, blob }) => this.#update.run(blob, id, expected).changes === 0,
        );
        this.database.exec('COMMIT');
        return conflicts.map(({ id }) => id);
      } catch (error) {
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Brings the zeros into the file and empties the WAL, in which earlier pages would stay until it is written over. */
  async purge(): Promise<void> {
    for (let attempt = 1; attempt <= PURGE_ATTEMPTS; attempt += 1) {
      if (this.#do('cannot be written', () => this.#emptyWal())) return;
      await sleep(PURGE_PAUSE_MS);
    }
    const message =
      'What was erased is still in the WAL of the key book, for a reader holds it open: erase it again.';
    throw new KeyBookError('UNAVAILABLE', message);
  }

  /** False while a reader needs what is in the WAL. It is asked again later, for SQLite would wait within this turn. */
  #emptyWal(): boolean {
    this.database.exec('PRAGMA busy_timeout = 0');
    try {
      return (this.#checkpoint.get() as { readonly busy: number }).busy === 0;
    } finally {
      this.database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.database.close();
  }

  #do<T>(failure: string, work: () => T): T {
    if (this.#closed) throw closedBook();
    try {
      return work();
    } catch (error) {
      throw asKeyFileError(error, failure);
    }
  }
}

const storedOf = ({ id, account, revision, blob }: Row): StoredSegment => ({
  id,
  account,
  revision,
  blob: Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength),
});
