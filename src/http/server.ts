import type { ApolloServerPlugin } from '@apollo/server';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import type { ReadModels } from '../../projections/view';
import type { CommandBus } from '../commands/command';
import type { DecisionReads } from '../commands/decision-reads';
import type { Config } from '../config/config';
import type { RequestContext } from '../graphql/context';
import type { PositionCodec } from '../shared/position-codec';
import { createApollo } from './graphql/apollo';
import { localTokens } from './authentication/local-tokens';
import type { SigningKey } from './authentication/signing-key';
import { addGraphiql } from './graphiql';
import { addGraphql } from './graphql/route';
import { createGuard, type Guard } from './guard';
import { addHealth } from './health';
import { addLanding } from './landing';
import { answerError, refuseNothingHere, sayWhenToRetry } from './answers';
import { takeJsonAlone } from './json-body';
import { serveKnownRoutes } from './known-routes';
import { Listener } from './listener';
import { allowOrigins } from './origins';
import { recordingGuard, recordRefusals } from './refused/recording';
import { RefusedAttempts, type RefusedCode } from './refused/refused-attempts';
import { REQUEST_ID, requestIdOf } from './request-id';
import { routeLabel } from './routes';

export interface ServerDependencies {
  readonly config: Config;
  readonly readModels: ReadModels;
  readonly bus: CommandBus;
  readonly reads: DecisionReads;
  readonly positions: PositionCodec;
  readonly signingKey: SigningKey;
  readonly logger: Logger;
  /** Clock skew between this machine and the log, in milliseconds; null if not known. */
  readonly clockSkewMs?: () => number | null;
  /** Plugins that observe the work of GraphQL. */
  readonly plugins?: readonly ApolloServerPlugin<RequestContext>[];
  /** Called for each attempt that was refused for want of a right. */
  readonly onRefused?: (code: RefusedCode) => void;
  /** Listener that already answers during the start; left out: a new one. */
  readonly listener?: Listener;
  /** More routes and hooks, behind the same guard. */
  readonly routes?: (app: FastifyInstance, guard: Guard) => void | Promise<void>;
}

export interface Server {
  /** Answers from now on. Resolves to the address, e.g. `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Reports not ready from now on, but still answers, so that a proxy notices before the server is gone. */
  leave(): void;
  /** Accepts no more connections, answers requests on the open ones, and ends them. */
  close(): Promise<void>;
  /** Ends the connections that are still open; requests in flight get no answer. */
  cut(): void;
}

export async function createServer(dependencies: ServerDependencies): Promise<Server> {
  const { config, readModels, bus, reads, positions, signingKey, logger } = dependencies;
  const { listener = new Listener((_request, response) => response.destroy()) } = dependencies;
  const app = fastify({
    ...fastifySettings(config, logger),
    serverFactory: () => listener.server,
    // The listener answers unreadable requests, even before there is an application.
    clientErrorHandler: () => undefined,
    frameworkErrors: answerError,
  });
  let leaving = false;
  serveKnownRoutes(app);
  takeJsonAlone(app);
  app.addHook('onRequest', async (request, reply) => void reply.header(REQUEST_ID, request.id));
  app.addHook('preParsing', refuseNothingHere);
  app.addHook('onSend', sayWhenToRetry);
  app.addHook('onResponse', logResponse);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(refuseNothingHere);
  await allowOrigins(app, config.allowedOrigins);

  const attempts = new RefusedAttempts(logger, dependencies.onRefused);
  const plugins = [recordRefusals(attempts), ...(dependencies.plugins ?? [])];
  const apollo = createApollo(config, logger, plugins);
  await apollo.start();
  const guard = recordingGuard(createGuard([localTokens(signingKey)], reads), attempts);
  const { minPositionWaitMs, projectionWaitMs, readyLagMs } = config;
  const { clockSkewMs = () => null } = dependencies;
  const services = { readModels, bus, reads, positions, minPositionWaitMs, projectionWaitMs };
  addGraphql(app, apollo, guard, { services, config });
  addGraphiql(app);
  addHealth(app, { readModels, positions, clockSkewMs, isLeaving: () => leaving, readyLagMs });
  addLanding(app);
  await dependencies.routes?.(app, guard);
  await app.ready();
  return {
    async listen() {
      listener.answerWith((request, response) => app.routing(request, response));
      if (listener.url === null) await listener.listen(config);
      return listener.url ?? '';
    },
    leave() {
      leaving = true;
      listener.connections.begin();
    },
    async close() {
      leaving = true;
      await listener.drain();
      await app.close();
      await apollo.stop();
      attempts.end();
    },
    cut: () => listener.connections.cut(),
  };
}

/** Fastify as configured here, for any routes: also the base of the measurement of a bare one. */
export const fastifySettings = ({ bodyLimitBytes }: Pick<Config, 'bodyLimitBytes'>, logger: Logger) => ({
  loggerInstance: logger as FastifyBaseLogger,
  // Addresses may hold a token, so that requests are logged by `logResponse` alone.
  logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  genReqId: requestIdOf,
  bodyLimit: bodyLimitBytes,
});

async function logResponse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const fields = {
    method: request.method,
    route: routeLabel(request),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
  };
  request.log.debug(fields, 'answered');
}
