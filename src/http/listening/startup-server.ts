import type { RequestListener } from 'node:http';
import { failure, sendJson } from '../failure';
import { Listener, type Address } from './listener';
import { isScim, ROUTES } from '../routes';
import { scimFailure } from '../scim/failure';

/** A slow step of a start. */
export interface StartStep {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

/**
 * Listens from the start of the process, so that a supervisor with a liveness check lets a long start (a first read of
 * a large log) go on, and a proxy holds its requests: `/health/live` answers 200 and `starting`, all others 503. The
 * server takes over the listener with its connections.
 * @throws EADDRINUSE and others that listening throws
 */
export async function listenWhileStarting(
  address: Address,
  current: () => StartStep | null,
): Promise<Listener> {
  const listener = new Listener(answerWhileStarting(current));
  await listener.listen(address);
  return listener;
}

const STARTING = { code: 'STARTING', message: 'The server is starting.' } as const;

const answerWhileStarting =
  (current: () => StartStep | null): RequestListener =>
  ({ url = '' }, response) => {
    const send = (status: number, body: object): void =>
      sendJson(response, status, body, status === 200 ? {} : { 'retry-after': '1' });
    const path = url.split('?')[0];
    if (path === ROUTES.live.path) send(200, { state: 'starting' });
    else if (path === ROUTES.ready.path) send(503, { ready: false, state: 'starting', ...current() });
    else if (isScim(url)) send(503, scimFailure(503, STARTING));
    else send(503, failure(STARTING.code, STARTING.message));
  };
