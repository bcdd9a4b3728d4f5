import type { Server } from 'node:http';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CloseCode, handleProtocols, makeServer, type Server as ProtocolServer } from 'graphql-ws';
import { HttpError } from '../../http/failure';
import type { Guard } from '../../http/guard';
import { demandKnownOrigin } from '../../http/origins';
import { allowed, ROUTES } from '../../http/routes';
import type { RouteParts } from '../../http/server';
import { Readers } from '../readers';
import type { FeedReading } from '../reading';
import { recheckMsOf, type FeedParts } from '../parts';
import { ClosingError, Connection, type ConnectionParts } from './connection';
import type { Asked } from './operation';
import { Socket, type RawSocket } from './socket';

/** Bytes of one message of a client. */
const MESSAGE_BYTES = 16 * 1024;
/** Time in milliseconds in which a client says who it is. */
const INIT_MS = 10_000;

interface Parts extends FeedParts {
  readonly readers: Readers;
  readonly reading: FeedReading;
}

/** Adds the WebSocket of GraphQL: subscriptions, in the protocol `graphql-transport-ws`. */
export function addSubscriptions(
  app: FastifyInstance,
  guard: Guard,
  parts: Parts,
  { schema, services, admission, attempts, upgrades, onClose }: RouteParts,
): void {
  const { config, readModels, positions, open, reading, readers } = parts;
  const heartbeatMs = config.feedHeartbeatMs;
  const recheckMs = recheckMsOf(config);
  const { minPositionWaitMs, publicUrl } = config;
  const shared: ConnectionParts = {
    ...{ schema, services, guard, admission, attempts, limits: config, publicUrl, readers },
    sockets: new Readers(config.feedReaders, parts.onReaders),
    feeds: { readModels, reading, open, positions, heartbeatMs, recheckMs, minPositionWaitMs },
  };
  const sockets = new Sockets(shared, config.feedStallMs);
  onClose(() => sockets.shutDown());
  const { method, path, guard: who, sessions } = ROUTES.graphqlSocket;
  void app.register(async (scope) => {
    await scope.register(websocket, {
      options: {
        // Those that the listener hands on, in place of all that ask for another protocol.
        server: upgrades as Server,
        maxPayload: MESSAGE_BYTES,
        handleProtocols,
      },
      // The socket is closed by whoever ends it; what went wrong on the way is the client’s.
      errorHandler: (_error, socket: { terminate(): void }) => socket.terminate(),
      preClose: (done) => done(),
    });
    scope.route({
      method,
      url: path,
      exposeHeadRoute: false,
      config: { guard: who, sessions, socket: true },
      onRequest: async (request) => {
        if (!request.ws) throw onlyPost();
        demandKnownOrigin(request, config);
      },
      handler: async () => {
        throw onlyPost();
      },
      wsHandler: (socket, request) => sockets.opened(socket as RawSocket, request),
    });
  });
}

function onlyPost(): HttpError {
  const { graphql } = ROUTES;
  return new HttpError(405, 'METHOD_NOT_ALLOWED', graphql.wrongMethod, { allow: allowed([graphql]) });
}

/** All sockets that are open. */
class Sockets {
  readonly #open = new Set<Connection>();
  readonly #server: ProtocolServer<Connection>;
  #closing = false;

  constructor(
    private readonly parts: ConnectionParts,
    private readonly stallMs: number,
  ) {
    this.#server = protocolServer();
  }

  opened(raw: RawSocket, request: FastifyRequest): void {
    const socket = new Socket(raw, this.stallMs);
    const connection = new Connection(request, socket, this.parts);
    this.#open.add(connection);
    const closed = this.#server.opened(
      {
        protocol: socket.protocol,
        send: (text) => socket.send(text),
        close: (code, reason) => socket.close(code ?? CloseCode.InternalServerError, reason ?? ''),
        onMessage: (act) =>
          socket.onMessage(async (text) => {
            try {
              await act(text);
            } catch (error) {
              if (error instanceof ClosingError) return socket.leave(error.closeCode, error.message);
              request.log.error({ err: error }, 'a message of a socket failed');
              socket.leave(CloseCode.InternalServerError, 'INTERNAL_SERVER_ERROR');
            }
          }),
      },
      connection,
    );
    socket.onceClosed((code, reason) => {
      this.#open.delete(connection);
      connection.closed();
      void closed(code, reason);
    });
    if (this.#closing) connection.shutDown();
  }

  shutDown(): void {
    this.#closing = true;
    for (const connection of this.#open) connection.shutDown();
  }
}

/** The protocol, with what each of its messages does here. */
const protocolServer = (): ProtocolServer<Connection> =>
  makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: INIT_MS,
    onConnect: ({ extra, connectionParams }) => extra.admit(connectionParams),
    onSubscribe: ({ extra, subscriptions }, id, payload) =>
      extra.open(id, payload as Asked, Object.keys(subscriptions).length) as never,
    // Its errors are masked already.
    subscribe: ({ rootValue }) => rootValue as never,
    onNext: (...[, , , , result]) => result,
    onError: ({ extra }, id, _payload, errors) => extra.told(id, errors),
    onComplete: ({ extra }, id) => extra.ended(id),
  });
