/**
 * The log in one SQLite file of the data folder, behind the port: one writer at a time, which the lock sees to, any number
 * of readers beside it. Appends are committed in groups; the stream index lags behind the log.
 * Never opened by other rooms but `app/`, and never asked past the port but to prepare and to measure.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { mkdirSync } from 'node:fs';
import { EventStoreError } from '../port/event-store';
import { openForReading, openForWriting } from './database';
import { EmbeddedEventStore } from './embedded-store';
import { asEventStoreError } from './errors';
import { lockForWriting } from './lock';

export type { EmbeddedEventStore } from './embedded-store';

export interface EmbeddedStoreOptions {
  /** The data folder; made when missing, unless the log is opened only to read. */
  readonly directory: string;
  /** Opens beside a running writer, without its lock: appends are refused, subscriptions poll. */
  readonly readOnly?: boolean;
}

/**
 * Opens the log of a data folder.
 * @throws EventStoreError `LOCKED` (another process writes to it), `UNAVAILABLE`, `DENIED`, `CORRUPT`
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedEventStore> {
  const { directory, readOnly = false } = options;
  if (readOnly) return makeStore(openForReading(directory), 'read', () => undefined);
  makeDirectory(directory);
  const lock = lockForWriting(directory);
  let store: EmbeddedEventStore | null = null;
  try {
    store = makeStore(openForWriting(directory), 'write', () => lock.release());
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

/** Open to its owner alone, since the log holds people's names. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new EventStoreError('DENIED', `cannot make the data folder ${directory}`, { cause });
  }
}
