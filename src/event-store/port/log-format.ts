import { EventStoreError, type LogFormat } from './event-store';

/** Format that a log is made with, unless its maker asks for another one. */
export const FORMAT_OF_NEW: LogFormat = 1;

/** The format that a store has a note of; one without is of before there were two. @throws EventStoreError `CORRUPT` */
export function logFormatOf(note: unknown): LogFormat {
  if (note === null || note === undefined) return 1;
  const format = Number(note);
  if (format === 1 || format === 2) return format;
  throw new EventStoreError('CORRUPT', `the log is of format ${String(note)}, which is not known here`);
}
