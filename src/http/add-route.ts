import type { FastifyInstance, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify';
import type { Guard } from './guard';
import type { GuardedRoute, OpenRoute } from './routes';

/** Adds a route that needs no token. */
export function addOpenRoute(
  app: FastifyInstance,
  { method, path, guard }: OpenRoute,
  handler: RouteHandlerMethod,
): void {
  app.route({ method, url: path, config: { guard }, handler });
}

interface Handling extends Omit<RouteOptions, 'method' | 'url' | 'onRequest'> {
  /** Runs once the guard has let the request in. */
  readonly onAdmitted?: (request: FastifyRequest) => void | Promise<void>;
}

/**
 * Adds a route behind the guard that the table names. The guard runs before the body is read: nobody without access can
 * send a large one.
 */
export function addGuardedRoute(
  app: FastifyInstance,
  guard: Guard,
  { method, path, guard: who, sessions = false }: GuardedRoute,
  { onAdmitted, ...handling }: Handling,
): void {
  app.route({
    ...handling,
    method,
    url: path,
    config: { guard: who, sessions },
    onRequest: async (request) => {
      await guard[who](request);
      await onAdmitted?.(request);
    },
  });
}
