import type { IncomingMessage } from 'node:http';
import { v4 } from 'uuid';

/** Correlation ids: a client’s own where it is a plain one, else a new one. They end up in logs and in the history. */
export const REQUEST_ID = 'x-request-id';

const PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID];
  return typeof given === 'string' && PATTERN.test(given) ? given : v4();
}
