import { DatabaseSync } from '@photostructure/sqlite';
import path from 'node:path';

/** A state as it was at a revision of its stream. */
export interface Snapshot {
  readonly revision: number;
  /** The loaded stream as JSON text. */
  readonly text: string;
}

/**
 * States of long streams, kept beside the read models so that a command on a role of 100,000 users does not read
 * 100,000 events after a start. Local and discardable: what is missing is folded from the log again.
 */
export interface SnapshotStore {
  get(stream: string): Snapshot | null;
  put(stream: string, snapshot: Snapshot): void;
  close(): void;
}

/** Raised when a fold or its JSON changes: older snapshots are then not read. */
const SNAPSHOT_VERSION = '1';

/** Opens the snapshots of one log; those of another log, or of another version, are thrown away. */
export function openSnapshots(directory: string, storeIdentity: string): SnapshotStore {
  const database = new DatabaseSync(path.join(directory, 'snapshots.sqlite'));
  // Losing a snapshot costs a read of the log, so nothing waits for the disk.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
  database.exec(
    'CREATE TABLE IF NOT EXISTS snapshot (stream TEXT PRIMARY KEY, log TEXT, revision INTEGER, text TEXT) WITHOUT ROWID',
  );
  const log = `${storeIdentity} ${SNAPSHOT_VERSION}`;
  database.prepare('DELETE FROM snapshot WHERE log <> ?').run(log);
  const read = database.prepare('SELECT revision, text FROM snapshot WHERE stream = ?');
  const write = database.prepare(
    'INSERT OR REPLACE INTO snapshot (stream, log, revision, text) VALUES (?, ?, ?, ?)',
  );
  return {
    get: (stream) => (read.get(stream) as unknown as Snapshot | undefined) ?? null,
    put: (stream, { revision, text }) => void write.run(stream, log, revision, text),
    close: () => database.close(),
  };
}
