import type { IncomingMessage } from 'node:http';
import { v4 } from 'uuid';

/** Correlation ids: the client’s own if it is a plain one, otherwise a new one. Logs and the history record them. */
export const REQUEST_ID = 'x-request-id';

const PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID];
  return typeof given === 'string' && PATTERN.test(given) ? given : v4();
}
