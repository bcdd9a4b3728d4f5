import { maxHeaderSize } from 'node:http';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config/config';
import { answerError, describeAnswer, refuseNothingHere, sayWhenToRetry } from './answers';
import { takeJsonAlone } from './json-body';
import { serveKnownRoutes } from './known-routes';
import type { Listener } from './listening/listener';
import { requestIdOf } from './request-id';
import { CONSOLE, routeLabel } from './routes';

export interface AppParts {
  /** Servers without a console have no path of it. */
  readonly config: Pick<Config, 'bodyLimitBytes' | 'trustedProxies'> & Partial<Pick<Config, 'consolePath'>>;
  readonly logger: Logger;
  readonly listener: Listener;
}

/** An application without routes, on a listener: what all answers of this program have in common. */
export function newApp({ config, logger, listener }: AppParts): FastifyInstance {
  const app = fastify({
    ...fastifySettings(config, logger),
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    serverFactory: () => listener.server,
    rewriteUrl: ({ url = '' }) => ownAddress(url, config.consolePath),
    // The listener answers unreadable requests, even before there is an application.
    clientErrorHandler: () => undefined,
    frameworkErrors: answerError,
  });
  serveKnownRoutes(app);
  takeJsonAlone(app);
  app.addHook('onRequest', describeAnswer);
  app.addHook('preParsing', refuseNothingHere);
  app.addHook('onSend', sayWhenToRetry);
  app.addHook('onResponse', logResponse);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(refuseNothingHere);
  return app;
}

/** Fastify as configured here, for any routes: also the base of the measurement of a bare one. */
export const fastifySettings = ({ bodyLimitBytes }: Pick<Config, 'bodyLimitBytes'>, logger: Logger) => ({
  loggerInstance: logger as FastifyBaseLogger,
  // Addresses may hold a token, so that requests are logged by `logResponse` alone.
  logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  genReqId: requestIdOf,
  bodyLimit: bodyLimitBytes,
  // Longer than all that the listener reads: an id that is too long is one that nobody has.
  routerOptions: { maxParamLength: maxHeaderSize },
});

const isBelow = (url: string, path: string): boolean =>
  url.startsWith(path) && ['', '/', '?'].includes(url.charAt(path.length));

/** The address as the table of addresses has it, where the console may have another path. */
export function ownAddress(url: string, consolePath: string = CONSOLE): string {
  if (consolePath === CONSOLE) return url;
  if (isBelow(url, consolePath)) return `${CONSOLE}${url.slice(consolePath.length)}`;
  // Nothing is where the console would be without the setting.
  return isBelow(url, CONSOLE) ? `/not${url}` : url;
}

async function logResponse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const fields = {
    method: request.method,
    route: routeLabel(request),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
  };
  request.log.debug(fields, 'answered');
}
