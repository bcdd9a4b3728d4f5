import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { newLine } from '../../shared/line';
import { EventStoreError, type LogFormat, type LogOrigin } from '../port/event-store';
import { FORMAT_OF_NEW, logFormatOf, logOriginOf } from '../port/log-format';
import { logInUse, logOfBackup, restoreUnfinished, type LogPurpose } from '../port/reserved';
import { asEventStoreError, SQLITE_BUSY, sqliteCode } from './errors';

/** The file of the log. All data is in `events`, with names in clear: `sqlite3 log.sqlite` is enough to read it. */

const FORMAT = 2;
/** Format of an empty file that SQLite has created. */
const NO_FORMAT = 0;
/** Format 1 had a plain SQL index of streams; a writer replaces it with the table `place`. */
const WITH_SQL_INDEX = 1;

const SEAL = 'CREATE TABLE IF NOT EXISTS seal (revision INTEGER PRIMARY KEY, data TEXT NOT NULL);';
/** Longest wait for the writer of the log. */
const BESIDE_MS = 5_000;

/**
 * `AUTOINCREMENT`, so that a position is never assigned twice, even if the last row is deleted. `place` is the stream
 * index, which lags behind the log: see `stream-index.ts`. `seal` is written by other connections: see `seals.ts`.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream   TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    type     TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    metadata TEXT    NOT NULL
  );
  CREATE TABLE IF NOT EXISTS place (
    key      INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (key, revision, position)
  ) WITHOUT ROWID;
  ${SEAL}
  INSERT OR IGNORE INTO meta VALUES ('placed', '0');
  DROP INDEX IF EXISTS events_by_stream;
`;

export interface WritingOptions {
  readonly purpose?: LogPurpose;
  readonly formatOfNew?: LogFormat;
  /** False for a log that goes with its process: an append is not waited for until it is on the disk. */
  readonly durable?: boolean;
}

/** Opens the log to write, creating missing tables. The caller holds the lock of the directory. */
export function openForWriting(
  directory: string,
  { purpose = 'use', formatOfNew = FORMAT_OF_NEW, durable = true }: WritingOptions = {},
): DatabaseSyncInstance {
  return opening(directory, { timeout: 1_000 }, (database) => {
    const isNew = checkFormat(database, directory, true) === NO_FORMAT;
    checkPurpose(directory, purpose, isNew ? purposeOfNew(directory, purpose) : readPurpose(database));
    // FULL: in WAL mode the default, NORMAL, loses acknowledged appends when the power goes.
    const synchronous = durable ? 'FULL' : 'OFF';
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};`);
    database.exec('PRAGMA wal_autocheckpoint = 4000;');
    database.exec('PRAGMA cache_size = -65536; BEGIN IMMEDIATE;');
    database.exec(SCHEMA);
    const made = database.prepare(`INSERT OR IGNORE INTO meta VALUES ('identity', ?)`).run(randomUUID());
    // A log that was made before there were lines has none, and needs none; it is of format 1.
    if (made.changes > 0)
      database
        .prepare(`INSERT INTO meta VALUES ('line', ?), ('format', ?)`)
        .run(newLine(), String(formatOfNew));
    // With the tables, so that no moment is left in which the log is one like others.
    if (isNew && purpose !== 'use') database.prepare(`INSERT INTO meta VALUES ('purpose', ?)`).run(purpose);
    database.exec(`PRAGMA user_version = ${FORMAT}; COMMIT`);
  });
}

/** Opens the log only to read, beside a writer or without one. It must exist; that of a backup is open to readers. */
export function openForReading(directory: string): DatabaseSyncInstance {
  if (!existsSync(logFile(directory))) {
    throw new EventStoreError('UNAVAILABLE', `there is no log in ${directory}`);
  }
  return opening(directory, { timeout: 1_000, readOnly: true }, (database) => {
    checkFormat(database, directory, false);
    const purpose = readPurpose(database);
    if (purpose !== 'backup') checkPurpose(directory, 'use', purpose);
  });
}

/**
 * Opens the log for what is kept in its file beside the events. It must exist, and may have a writer, whose transactions
 * this one waits for.
 */
export function openBeside(
  directory: string,
  { readOnly = false }: { readonly readOnly?: boolean },
): DatabaseSyncInstance {
  // A first look, which makes nothing.
  const reading = openForReading(directory);
  if (readOnly) return reading;
  reading.close();
  return opening(directory, { timeout: BESIDE_MS }, (database) => {
    checkPurpose(directory, 'use', readPurpose(database));
    database.exec(`PRAGMA synchronous = FULL; ${SEAL}`);
  });
}

export const LOG_FILE = 'log.sqlite';
const logFile = (directory: string): string => join(directory, LOG_FILE);

/**
 * Makes a file of the data folder, open to its owner alone, unless it is there; SQLite gives its others the same mode. One
 * that is there is not even opened: closing it would drop every lock that this process holds on it (POSIX).
 */
export function makePrivate(directory: string, name: string): void {
  try {
    closeSync(openSync(join(directory, name), 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw asEventStoreError(error, `cannot write in ${directory}`);
  }
}

const readPurpose = (database: DatabaseSyncInstance): LogPurpose =>
  (readMeta(database, 'purpose') as LogPurpose | null) ?? 'use';

/** File that is there before the log of a restore has tables that could say so. */
export const RESTORING_FILE = 'log.restoring';

const purposeOfNew = (directory: string, purpose: LogPurpose): LogPurpose =>
  existsSync(join(directory, RESTORING_FILE)) ? 'restore' : purpose;

function checkPurpose(directory: string, wanted: LogPurpose, found: LogPurpose): void {
  if (wanted === found) return;
  if (found === 'restore') throw restoreUnfinished(directory, 'empty the folder');
  throw found === 'backup' ? logOfBackup(directory) : logInUse(directory);
}

/** Makes the log of a restore one like others. */
export function dropPurpose(database: DatabaseSyncInstance): void {
  database.exec(`DELETE FROM meta WHERE key = 'purpose'`);
}

/** Takes the log out of WAL mode: a reader then writes nothing beside it, and all of it is in its file. */
export function leaveWal(database: DatabaseSyncInstance): void {
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    if (sqliteCode(error) !== SQLITE_BUSY) throw error;
    throw new EventStoreError('LOCKED', 'another process reads the log', { cause: error });
  }
}

function opening(
  directory: string,
  options: { timeout: number; readOnly?: boolean },
  prepare: (database: DatabaseSyncInstance) => void,
): DatabaseSyncInstance {
  let database: DatabaseSyncInstance | null = null;
  try {
    database = new DatabaseSync(logFile(directory), options);
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw asEventStoreError(error, `cannot open the log in ${directory}`);
  }
}

function checkFormat(database: DatabaseSyncInstance, directory: string, mayBeNew: boolean): number {
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (format === FORMAT || (mayBeNew && (format === NO_FORMAT || format === WITH_SQL_INDEX))) return format;
  const [code, reason] =
    format === NO_FORMAT
      ? (['UNAVAILABLE', 'its writer has not finished making it'] as const)
      : format === WITH_SQL_INDEX
        ? ([
            'UNAVAILABLE',
            'it is of an older format; a server, or a command that writes, brings it over',
          ] as const)
        : (['CORRUPT', `its format ${format} is not known here`] as const);
  throw new EventStoreError(code, `the log in ${directory}: ${reason}`);
}

/** The log's own id, created with the file. */
export function readIdentity(database: DatabaseSyncInstance): string {
  const identity = readMeta(database, 'identity');
  if (identity === null) throw new EventStoreError('CORRUPT', 'the log has no identity');
  return identity;
}

/** The id of the line; null for a log that was made without one. */
export const readLine = (database: DatabaseSyncInstance): string | null => readMeta(database, 'line');

/** Format of the log. */
export const readFormat = (database: DatabaseSyncInstance): LogFormat =>
  logFormatOf(readMeta(database, 'format'));

/** The log of format 1 that this one is the encrypted copy of. */
export function readOrigin(database: DatabaseSyncInstance): LogOrigin | null {
  const note = readMeta(database, 'origin');
  return note === null ? null : logOriginOf(JSON.parse(note));
}

/** Notes of a log that it takes over from the log that is copied here. */
export type NoteOfLog = 'line' | 'format' | 'origin';

/** Gives an empty log another note; null: none. */
export function writeToEmpty(database: DatabaseSyncInstance, key: NoteOfLog, value: string | null): void {
  if (value === null)
    database.prepare('DELETE FROM meta WHERE key = ? AND NOT EXISTS (SELECT 1 FROM events)').run(key);
  else
    database
      .prepare(
        `INSERT INTO meta SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM events)
          ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      )
      .run(key, value);
}

function readMeta(database: DatabaseSyncInstance, key: string): string | null {
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(key) as
    { value: string } | undefined;
  return row?.value ?? null;
}
