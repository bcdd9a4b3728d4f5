import { EventStoreError, type LogFormat, type LogOrigin } from './event-store';

/** Format that a log is made with, unless its maker asks for another one. */
export const FORMAT_OF_NEW: LogFormat = 2;

/** The format that a store has a note of; one without is of before there were two. @throws EventStoreError `CORRUPT` */
export function logFormatOf(note: unknown): LogFormat {
  if (note === null || note === undefined) return 1;
  const format = Number(note);
  if (format === 1 || format === 2) return format;
  throw new EventStoreError('CORRUPT', `the log is of format ${String(note)}, which is not known here`);
}

/** The origin that a store has a note of. @throws EventStoreError `CORRUPT` */
export function logOriginOf(note: unknown): LogOrigin | null {
  if (note === null || note === undefined) return null;
  const { identity, events, digest, newUserIds = false } = note as Partial<LogOrigin>;
  if (typeof identity === 'string' && typeof events === 'number' && typeof digest === 'string')
    return { identity, events, digest, newUserIds };
  throw new EventStoreError('CORRUPT', 'the log says of no log that it is a copy of');
}
