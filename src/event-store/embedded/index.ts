/**
 * The log in one SQLite file of the data folder, behind the port: one writer at a time, which the lock sees to, any number
 * of readers beside it. Appends are committed in groups; the stream index lags behind the log.
 * Never opened by other rooms but `app/`, and never asked past the port but to prepare and to measure.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreError, type LogFormat } from '../port/event-store';
import type { LogPurpose } from '../port/reserved';
import { LOG_FILE, makePrivate, openForReading, openForWriting, RESTORING_FILE } from './database';
import { EmbeddedEventStore } from './embedded-store';
import { asEventStoreError } from './errors';
import { LOCK_FILE, lockForWriting } from './lock';

export type { EmbeddedEventStore } from './embedded-store';
export { openEmbeddedSeals, type EmbeddedSealsOptions } from './seals';

/**
 * Locks a folder by a file of that name until released, or until this process ends.
 * @throws EventStoreError `LOCKED`, or `UNAVAILABLE` where the file cannot be made
 */
export function lockFolder(directory: string, name: string): { release(): void } {
  makePrivate(directory, name);
  return lockForWriting(directory, name);
}

export interface EmbeddedStoreOptions {
  /** The data folder; made when missing, unless the log is opened only to read. */
  readonly directory: string;
  /** Opens beside a running writer, without its lock: appends are refused, subscriptions poll. */
  readonly readOnly?: boolean;
  /** Purpose for which it is written; a log that is there for another one is not opened. Default `use`. */
  readonly purpose?: LogPurpose;
  /** Format of a log that is made here. */
  readonly formatOfNew?: LogFormat;
  /** False for a log that goes with its process. */
  readonly durable?: boolean;
}

/**
 * Opens the log of a data folder.
 * @throws EventStoreError `LOCKED` (another process writes to it), `RESTORE_UNFINISHED`, `LOG_OF_BACKUP`, `LOG_IN_USE`,
 * `UNAVAILABLE`, `DENIED`, `CORRUPT`
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedEventStore> {
  const { directory, readOnly = false, purpose = 'use', formatOfNew, durable } = options;
  if (readOnly) return makeStore(openForReading(directory), 'read', () => undefined);
  makeDirectory(directory);
  if (purpose === 'restore') announceRestore(directory);
  for (const file of [LOCK_FILE, LOG_FILE]) makePrivate(directory, file);
  const lock = lockForWriting(directory);
  let store: EmbeddedEventStore | null = null;
  try {
    store = makeStore(openForWriting(directory, { purpose, formatOfNew, durable }), 'write', () =>
      lock.release(),
    );
    // From here on a row in the log says so.
    if (purpose === 'restore') rmSync(join(directory, RESTORING_FILE), { force: true });
    await store.prepare();
    return store;
  } catch (error) {
    if (store) await store.close();
    else lock.release();
    throw asEventStoreError(error, `cannot open the log in ${directory}`);
  }
}

function makeStore(
  database: DatabaseSyncInstance,
  access: 'read' | 'write',
  release: () => void,
): EmbeddedEventStore {
  try {
    return new EmbeddedEventStore(database, access, release);
  } catch (error) {
    database.close();
    throw asEventStoreError(error, 'the file is not a log of Rolebook');
  }
}

/** Begins a restore: a log that is there already says itself if it is one that a restore was filling. */
function announceRestore(directory: string): void {
  if (!existsSync(join(directory, LOG_FILE))) makePrivate(directory, RESTORING_FILE);
}

/** Open to its owner alone, since the log holds people's names. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new EventStoreError('DENIED', `cannot make the data folder ${directory}`, { cause });
  }
}
