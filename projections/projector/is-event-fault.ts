import { EventStoreError, type RecordedEvent } from '../../src/event-store/port/event-store';
import { PoisonError } from '../reducers/checked-event';

const SQLITE_CONSTRAINT = 19;

/**
 * True if a failure is the event's own, so that a retry cannot help: it is poison, this program is too old for it, it
 * cannot be read, or a reducer threw on it. A lost log, a full disk and a busy file are not: they pass.
 */
export function isEventFault(error: unknown): boolean {
  if (error instanceof EventStoreError) return error.code === 'CORRUPT' || error.code === 'NEWER';
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR' || typeof errcode === 'number') {
    return typeof errcode === 'number' && (errcode & 0xff) === SQLITE_CONSTRAINT;
  }
  return true;
}

/** Names the event that a failure is the fault of, if it is an event's. */
export const blame = (event: RecordedEvent, error: unknown): unknown =>
  error instanceof PoisonError || !isEventFault(error) ? error : new PoisonError(event, describeError(error));

export const describeError = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
