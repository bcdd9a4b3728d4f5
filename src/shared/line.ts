import { randomUUID } from 'node:crypto';

/**
 * Ids of lines. A line is a log and all copies of it. Logs of release 0.1.0 were made without one: their identity, a bare
 * UUID, stands in its place, in their copies too.
 */

const MADE = 'line-';

export const newLine = (): string => `${MADE}${randomUUID()}`;

/** True if the log was made with a line, so that nothing of it was ever shown in a form of 0.1.0. */
export const wasMade = (line: string): boolean => line.startsWith(MADE);
