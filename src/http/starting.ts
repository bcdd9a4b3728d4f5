import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A step of a start that takes long. */
export interface StartStep {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

/** Answers in place of the server until it can. */
export interface Starting {
  /** That it listens on: the one asked for, or, for 0, a free one. */
  readonly port: number;
  /** Listens no more. */
  end(): Promise<void>;
}

/**
 * Listens from the first moment, so that whoever restarts what does not live lets a long start (a first read of a large
 * log) go on, and a proxy waits with requests: `/health/live` says 200 and `starting`, all else 503.
 * @throws EADDRINUSE and others that listening throws
 */
export async function answerWhileStarting(
  { host, port }: { readonly host: string; readonly port: number },
  current: () => StartStep | null,
): Promise<Starting> {
  const server = createServer(({ url = '' }, response) => {
    const send = (status: number, body: object): void =>
      void response
        .writeHead(status, { 'content-type': 'application/json', connection: 'close', 'retry-after': '1' })
        .end(JSON.stringify(body));
    const path = url.split('?')[0];
    if (path === '/health/live') send(200, { state: 'starting' });
    else if (path === '/health/ready') send(503, { ready: false, state: 'starting', ...current() });
    else send(503, { errors: [{ message: 'The server is starting.', extensions: { code: 'STARTING' } }] });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async end() {
      const closed = once(server, 'close');
      server.close();
      // Nothing here takes longer than its answer.
      server.closeAllConnections();
      await closed;
    },
  };
}
