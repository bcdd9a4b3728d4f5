import { EventStoreError, type EventStoreErrorCode } from '../../event-store/port/event-store';
import { KeyBookError, type KeyBookErrorCode } from '../port/key-book';

/** Codes of a log's adapter, as those of the key book that stands beside it. */
const CODES: Partial<Record<EventStoreErrorCode, KeyBookErrorCode>> = {
  DENIED: 'DENIED',
  CORRUPT: 'KEY_BOOK_CORRUPT',
  TOO_LARGE: 'KEY_BOOK_FULL',
  CLOSED: 'CLOSED',
};

/** Any failure of a store, as one of the key book's. */
export function asKeyBookError(error: unknown, doing: string): KeyBookError {
  if (error instanceof KeyBookError) return error;
  const code = error instanceof EventStoreError ? CODES[error.code] : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return new KeyBookError(code ?? 'UNAVAILABLE', `${doing}: ${reason}`, { cause: error });
}

export const closedBook = (): KeyBookError => new KeyBookError('CLOSED', 'The key book is closed.');
