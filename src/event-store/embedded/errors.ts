import { EventStoreError, type EventStoreErrorCode } from '../port/event-store';

/** SQLite's primary result codes that say more than "did not work". */
const SQLITE_PERM = 3;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
export const SQLITE_BUSY = 5;

/** The primary result code of an error that SQLite gave, or null for any other error. */
export function sqliteCode(error: unknown): number | null {
  // Compares the shape: native code makes its errors in the main realm, and `instanceof` is false in any other.
  const code: unknown =
    typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : null;
  return typeof code === 'number' ? code & 0xff : null;
}

/** A failure of SQLite as an `EventStoreError`: `CORRUPT`, `DENIED`, or else `UNAVAILABLE`. */
export function asEventStoreError(error: unknown, doing: string): EventStoreError {
  if (error instanceof EventStoreError) return error;
  const reason = String(error).replace(/^Error: /, '');
  return new EventStoreError(codeFor(sqliteCode(error)), `${doing}: ${reason}`, { cause: error });
}

function codeFor(code: number | null): EventStoreErrorCode {
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return 'CORRUPT';
  if (code === SQLITE_PERM || code === SQLITE_READONLY) return 'DENIED';
  return 'UNAVAILABLE';
}
