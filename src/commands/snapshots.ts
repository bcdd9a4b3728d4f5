import { DatabaseSync } from '@photostructure/sqlite';
import path from 'node:path';

/** A stream as it was at a revision, in pieces that are small enough to be read and written within a turn. */
export interface Snapshot {
  readonly revision: number;
  /** In their order. Ends early where the snapshot was replaced meanwhile. */
  readonly parts: Iterable<string>;
  /** Number of parts. */
  readonly count: number;
}

/**
 * States of long streams, kept beside the read models so that a command on a role of 100,000 users does not read
 * 100,000 events after a start. Local and discardable: what is missing is folded from the log again.
 */
export interface SnapshotStore {
  /** `stream`: its name, and what is void in it. */
  get(stream: string): Snapshot | null;
  /** Takes the place of earlier snapshots once all parts are written; in a turn no more than a part of it is. */
  put(stream: string, revision: number, parts: AsyncIterable<string>): Promise<void>;
  close(): void;
}

/** Raised when a fold, its JSON or the tables change: older snapshots are then not read. */
const FORMAT = 2;

const TABLES = `
  DROP TABLE IF EXISTS snapshot;
  DROP TABLE IF EXISTS part;
  CREATE TABLE snapshot (stream TEXT PRIMARY KEY, log TEXT, revision INTEGER, count INTEGER) WITHOUT ROWID;
  CREATE TABLE part (stream TEXT, revision INTEGER, n INTEGER, text TEXT);
  CREATE UNIQUE INDEX part_by_place ON part (stream, revision, n);
  PRAGMA user_version = ${FORMAT};
`;

/** Opens the snapshots of one log; those of another log, or of another format, are thrown away. */
export function openSnapshots(directory: string, storeIdentity: string): SnapshotStore {
  const database = new DatabaseSync(path.join(directory, 'snapshots.sqlite'));
  // Losing a snapshot costs a read of the log, so nothing waits for the disk.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (format !== FORMAT) database.exec(TABLES);
  database.prepare('DELETE FROM snapshot WHERE log <> ?').run(storeIdentity);
  // Parts of what was never finished too.
  database.exec('DELETE FROM part WHERE (stream, revision) NOT IN (SELECT stream, revision FROM snapshot)');
  const head = database.prepare('SELECT revision, count FROM snapshot WHERE stream = ?');
  const part = database.prepare('SELECT text FROM part WHERE stream = ? AND revision = ? AND n = ?');
  const writePart = database.prepare(
    'INSERT OR REPLACE INTO part (stream, revision, n, text) VALUES (?, ?, ?, ?)',
  );
  // One that took long may have been overtaken.
  const writeHead = database.prepare(
    `INSERT INTO snapshot (stream, log, revision, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision, count = excluded.count
     WHERE excluded.revision > snapshot.revision`,
  );
  const dropOlder = database.prepare(
    'DELETE FROM part WHERE stream = ?1 AND revision < (SELECT revision FROM snapshot WHERE stream = ?1)',
  );
  function* partsOf(stream: string, revision: number, count: number): Generator<string> {
    for (let n = 0; n < count; n += 1) {
      const row = part.get(stream, revision, n) as { text: string } | undefined;
      if (!row) return;
      yield row.text;
    }
  }
  return {
    get(stream) {
      const found = head.get(stream) as { revision: number; count: number } | undefined;
      if (!found) return null;
      const { revision, count } = found;
      return { revision, count, parts: partsOf(stream, revision, count) };
    },
    async put(stream, revision, parts) {
      let count = 0;
      for await (const text of parts) writePart.run(stream, revision, count++, text);
      writeHead.run(stream, storeIdentity, revision, count);
      dropOlder.run(stream);
    },
    close: () => database.close(),
  };
}
