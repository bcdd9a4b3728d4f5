import type { ApolloServerPlugin } from '@apollo/server';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import type { ReadModels } from '../../projections/view';
import type { CommandBus } from '../commands/command';
import type { Guards } from '../commands/guards';
import type { Config } from '../config';
import type { RequestContext } from '../graphql/context';
import { RequestError } from '../graphql/errors';
import { PositionCodec } from '../graphql/position';
import { createApollo } from './apollo';
import type { SigningKey } from './authentication';
import { addGraphiql } from './graphiql';
import { addGraphql } from './graphql-route';
import { createGuard, type Guard } from './guard';
import { addHealth } from './health';
import { addLanding } from './landing';
import { watchConnections } from './draining';
import { INTERNAL } from './masking';
import { REQUEST_ID, requestIdOf } from './request-id';

export interface ServerDependencies {
  readonly config: Config;
  readonly readModels: ReadModels;
  readonly bus: CommandBus;
  readonly guards: Guards;
  /** Of the event store: positions name it. */
  readonly identity: string;
  readonly signingKey: SigningKey;
  readonly logger: Logger;
  /** How far this machine's clock is off the log's; null where not known. */
  readonly clockSkewMs?: () => number | null;
  /** Look on as GraphQL works. */
  readonly plugins?: readonly ApolloServerPlugin<RequestContext>[];
  /** More routes and hooks, behind the same guard. */
  readonly routes?: (app: FastifyInstance, guard: Guard) => void | Promise<void>;
}

export interface Server {
  /** Starts to listen. Resolves to the address, e.g. `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Is not ready from now on, but still answers: a proxy shall notice before there is nobody. */
  leave(): void;
  /** Takes no more connections, answers what comes on those that are open, and ends them. */
  close(): Promise<void>;
  /** Ends the connections that are still open; those under way get no answer. */
  cut(): void;
}

export async function createServer(dependencies: ServerDependencies): Promise<Server> {
  const { config, readModels, bus, guards, identity, signingKey, logger } = dependencies;
  const app = fastify(fastifySettings(config, logger));
  const connections = watchConnections(app.server);
  let leaving = false;
  // JSON alone: a form or plain text could be sent by another site without asking first.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => void reply.header(REQUEST_ID, request.id));
  app.addHook('onResponse', logResponse);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(failure('NOT_FOUND', 'There is nothing here.')),
  );

  const apollo = createApollo(config, logger, dependencies.plugins);
  await apollo.start();
  const guard = createGuard(signingKey, guards);
  const positions = new PositionCodec(identity);
  const { minPositionWaitMs, projectionWaitMs, readyLagMs } = config;
  const { clockSkewMs = () => null } = dependencies;
  const services = { readModels, bus, guards, positions, minPositionWaitMs, projectionWaitMs };
  addGraphql(app, apollo, guard, { services, config });
  addGraphiql(app);
  addHealth(app, { readModels, positions, clockSkewMs, isLeaving: () => leaving, readyLagMs });
  addLanding(app);
  await dependencies.routes?.(app, guard);
  await app.ready();
  return {
    listen: () => app.listen({ host: config.host, port: config.port }),
    leave() {
      leaving = true;
      connections.begin();
    },
    async close() {
      leaving = true;
      await connections.drain();
      await app.close();
      await apollo.stop();
    },
    cut: () => connections.cut(),
  };
}

const REQUEST_TIMEOUT_MS = 60_000;

/** Fastify as it is set up here, whatever the routes: what a bare one is measured with too. */
export const fastifySettings = ({ bodyLimitBytes }: Pick<Config, 'bodyLimitBytes'>, logger: Logger) => ({
  loggerInstance: logger as FastifyBaseLogger,
  // Addresses may hold a token, so that requests are logged by `logResponse` alone.
  logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  genReqId: requestIdOf,
  bodyLimit: bodyLimitBytes,
  requestTimeout: REQUEST_TIMEOUT_MS,
});

async function logResponse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { method, routeOptions } = request;
  const fields = {
    method,
    route: routeOptions.url,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
  };
  request.log.debug(fields, 'answered');
}

/** When there may be room again for who was turned away. */
const RETRY_AFTER_S = 1;

/** Every error in the shape that clients of GraphQL read. */
async function answerError(error: FastifyError | RequestError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof RequestError) {
    const { http, ...extensions } = error.extensions as { http?: { status: number } };
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    if (error.code === 'OVERLOADED') reply.header('retry-after', String(RETRY_AFTER_S));
    return reply.code(http?.status ?? 400).send({ errors: [{ message: error.message, extensions }] });
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    request.log.error({ err: error }, 'request failed');
    const extensions = { requestId: request.id };
    return reply
      .code(500)
      .send(failure(INTERNAL, 'Something went wrong here. It has been recorded.', extensions));
  }
  const [code, message] = CLIENT_FAULTS[status] ?? ['BAD_REQUEST', 'The request is malformed.'];
  return reply.code(status).send(failure(code, message));
}

/** Told in our words: Fastify’s repeat what the client sent. */
const CLIENT_FAULTS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['BAD_REQUEST', 'The body is not JSON.'],
  413: ['PAYLOAD_TOO_LARGE', 'The body is larger than this server takes.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The content type must be application/json.'],
};

const failure = (code: string, message: string, extensions: object = {}) => ({
  errors: [{ message, extensions: { code, ...extensions } }],
});
