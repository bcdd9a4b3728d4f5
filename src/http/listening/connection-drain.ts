import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Time in milliseconds in which connections that are open when a server begins to stop may bring one more request. A
 * connection that a proxy or a browser keeps alive is ended by the answer to that request, so no client is cut off with
 * a request in flight.
 */
const LINGER_MS = 1_000;

/** Ends a server without cutting off a client. */
export interface Draining {
  /** Each answer ends its connection from now on. */
  begin(): void;
  /** Accepts no more connections; resolves once the open ones have their answers and are closed. */
  drain(): Promise<void>;
  /** Ends the remaining connections, answered or not. */
  cut(): void;
  /**
   * Calls back once the complete requests of a connection have their answers, for the answer that follows them.
   * `begun`: the answer to a request that never arrived whole has started, so that no other can be sent.
   */
  whenAnswered(socket: Duplex, then: (begun: boolean) => void): void;
}

/** Follows the connections of a server from now on. */
export function watchConnections(server: Server): Draining {
  const connections = new Map<Duplex, Set<ServerResponse>>();
  let begun: number | null = null;
  let draining: Promise<void> | null = null;
  let lingering = true;
  const endIfIdle = (socket: Duplex): void => {
    if (!lingering && connections.get(socket)?.size === 0) socket.destroy();
  };
  server.on('connection', (socket) => {
    connections.set(socket, new Set());
    socket.once('close', () => connections.delete(socket));
  });
  // Before any listener that answers.
  server.prependListener('request', ({ socket }, response) => {
    if (begun !== null) endWith(response);
    connections.get(socket)?.add(response);
    response.once('close', () => {
      connections.get(socket)?.delete(response);
      endIfIdle(socket);
    });
  });
  const begin = (): number => {
    if (begun === null) for (const responses of connections.values()) responses.forEach(endWith);
    return (begun ??= performance.now());
  };
  const drain = async (): Promise<void> => {
    const left = begin() + LINGER_MS - performance.now();
    const linger = setTimeout(() => {
      lingering = false;
      for (const socket of connections.keys()) endIfIdle(socket);
    }, left);
    // Closes as `net.Server` does: `close` of `http.Server` would end idle connections at once, a request perhaps in
    // flight.
    await new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    clearTimeout(linger);
  };
  return {
    begin: () => void begin(),
    drain: () => (draining ??= drain()),
    cut: () => server.closeAllConnections(),
    whenAnswered(socket, then) {
      const open = [...(connections.get(socket) ?? [])];
      let left = 1;
      const settle = (): void => {
        left -= 1;
        if (left === 0) then(open.some(({ headersSent, req }) => headersSent && !req.complete));
      };
      for (const response of open.filter(({ req }) => req.complete)) {
        left += 1;
        response.once('close', settle);
      }
      settle();
    },
  };
}

/** The answer announces that it is the last on its connection, and closes it. */
function endWith(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
