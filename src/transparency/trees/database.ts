import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { makePrivate } from '../../shared/durable-file';
import { SealError } from '../seal-error';

/** The file of the trees, in a folder of its own. All of it follows from the log: lost, it is made anew. */

const FORMAT = 1;
/** Longest wait for another process that grows the trees, in milliseconds. */
const BUSY_MS = 2_000;

/**
 * `head` has the numbers of the log of which the trees are. A tile is kept once for all sizes of its tree: the right edge is
 * replaced by a wider one.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS head (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    identity TEXT    NOT NULL,
    events   INTEGER NOT NULL,
    position TEXT    NOT NULL
  );
  CREATE TABLE IF NOT EXISTS tree (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    root BLOB    NOT NULL
  );
  CREATE TABLE IF NOT EXISTS tile (
    tree   INTEGER NOT NULL,
    level  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB    NOT NULL,
    PRIMARY KEY (tree, level, number)
  );
`;

export const treeFolder = (dataDirectory: string): string => path.join(dataDirectory, 'seal');
const fileIn = (dataDirectory: string): string => path.join(treeFolder(dataDirectory), 'trees.sqlite');

/** True if a data folder has trees. */
export const hasTrees = (dataDirectory: string): boolean => existsSync(fileIn(dataDirectory));

/** Opens the file to write, making what is missing. @throws SealError `SEAL_FILES` */
export function openForWriting(dataDirectory: string): DatabaseSyncInstance {
  return opening(dataDirectory, {}, (database) => {
    // NORMAL: what a power cut takes is made anew, from the last seal that the file has.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec(`${SCHEMA} PRAGMA user_version = ${FORMAT};`);
  });
}

/** Opens the file to read, beside a writer or without one. @throws SealError `SEAL_FILES` */
export const openForReading = (dataDirectory: string): DatabaseSyncInstance =>
  opening(dataDirectory, { readOnly: true }, () => undefined);

function opening(
  dataDirectory: string,
  options: { readonly readOnly?: boolean },
  prepare: (database: DatabaseSyncInstance) => void,
): DatabaseSyncInstance {
  let database: DatabaseSyncInstance | null = null;
  try {
    const file = fileIn(dataDirectory);
    if (!options.readOnly) {
      mkdirSync(treeFolder(dataDirectory), { recursive: true, mode: 0o700 });
      makePrivate(file);
    }
    database = new DatabaseSync(file, { timeout: BUSY_MS, ...options });
    const { user_version: format } = database.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (format !== FORMAT && (format !== 0 || options.readOnly))
      throw new Error(`its format ${format} is not known`);
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw filesFault(error, `cannot be opened in ${treeFolder(dataDirectory)}`);
  }
}

const SQLITE_BUSY = 5;

/** A failure of SQLite, as one of the trees’. */
export function filesFault(error: unknown, what: string): SealError {
  if (error instanceof SealError) return error;
  const { errcode } = error as { readonly errcode?: number };
  if (errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY)
    return new SealError('SEAL_BUSY', 'Another process is sealing. Try again in a moment.', { cause: error });
  const reason = String(error).replace(/^Error: /, '');
  return new SealError('SEAL_FILES', `The trees of the seals ${what}: ${reason}`, { cause: error });
}
