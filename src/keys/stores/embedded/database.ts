import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivate } from '../../../shared/durable-file';
import { asEventStoreError } from '../../../event-store/embedded/errors';
import { KeyBookError } from '../../port/key-book';
import { asKeyBookError } from '../errors';

/** The file of the key book, beside the log and apart from it: a backup of the one must not bring back the other. */

const FORMAT = 1;
/** Longest wait for another process that writes, in milliseconds. */
export const BUSY_MS = 1_000;

/** `place` gives the order of making, in which new segments come last for whoever walks over the book. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS segment (
    place    INTEGER PRIMARY KEY,
    id       TEXT    NOT NULL UNIQUE,
    account  TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    blob     BLOB    NOT NULL
  );
`;

/** Opens the file to write, making what is missing. @throws KeyBookError */
export function openForWriting(directory: string): DatabaseSyncInstance {
  return opening(directory, { timeout: BUSY_MS }, (database) => {
    checkFormat(database, directory, true);
    // `secure_delete` overwrites with zeros what is deleted or replaced. FULL: a key is durable before it is given out.
    database.exec('PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${FORMAT}; COMMIT`);
  });
}

/** Opens the file only to read, beside a writer or without one. It must exist. @throws KeyBookError */
export function openForReading(directory: string): DatabaseSyncInstance {
  if (!hasKeyBook(directory)) throw new KeyBookError('UNAVAILABLE', `There is no key book in ${directory}.`);
  return opening(directory, { timeout: BUSY_MS, readOnly: true }, (database) =>
    checkFormat(database, directory, false),
  );
}

/** True if the folder holds the file of a key book. */
export const hasKeyBook = (directory: string): boolean => existsSync(fileIn(directory));

/** Any failure of SQLite, as one of the key book's. */
export const asKeyFileError = (error: unknown, doing: string): KeyBookError =>
  error instanceof KeyBookError ? error : asKeyBookError(asEventStoreError(error, doing), 'The key book');

const fileIn = (directory: string): string => join(directory, 'keys.sqlite');

/** Creates the file for its owner alone, wherever the folder came from. */
function makeFile(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  makePrivate(fileIn(directory));
}

function opening(
  directory: string,
  options: { readonly timeout: number; readonly readOnly?: boolean },
  prepare: (database: DatabaseSyncInstance) => void,
): DatabaseSyncInstance {
  let database: DatabaseSyncInstance | null = null;
  try {
    if (!options.readOnly) makeFile(directory);
    database = new DatabaseSync(fileIn(directory), options);
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw asKeyFileError(error, `cannot be opened in ${directory}`);
  }
}

function checkFormat(database: DatabaseSyncInstance, directory: string, mayBeNew: boolean): void {
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (format === FORMAT || (mayBeNew && format === 0)) return;
  throw format === 0
    ? new KeyBookError('UNAVAILABLE', `The key book in ${directory} is being made.`)
    : new KeyBookError(
        'KEY_BOOK_CORRUPT',
        `The key book in ${directory} is of format ${format}, which is not known.`,
      );
}
