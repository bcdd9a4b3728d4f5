import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';
import { EventStoreError } from '../port/event-store';
import { SQLITE_BUSY, asEventStoreError, sqliteCode } from './errors';

/** Held while a process may write to the log of a directory. */
export interface WriterLock {
  release(): void;
}

/**
 * Takes the directory's lock, or stops. It is an exclusive transaction on a small file of its own: a lock of the
 * operating system, which ends with its process however that ends, so no stale lock is ever left behind. (The log
 * itself cannot be locked so: readers beside the writer could not open it.)
 * @throws EventStoreError `LOCKED` if another process, or another store in this one, holds it
 */
export function lockForWriting(directory: string): WriterLock {
  let file: DatabaseSyncInstance | null = null;
  try {
    file = new DatabaseSync(join(directory, 'log.lock'));
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file?.close();
    if (sqliteCode(error) !== SQLITE_BUSY)
      throw asEventStoreError(error, `cannot lock the log in ${directory}`);
    throw new EventStoreError(
      'LOCKED',
      `another process is writing to the log in ${directory}; stop it, or use another data folder`,
      { cause: error },
    );
  }
  const held = file;
  return { release: () => held.close() };
}
