import type { FastifyInstance } from 'fastify';
import { routesAt, type Route } from './routes';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The guard that the route is behind. */
    readonly guard?: Route['guard'];
    /** True if a session of the console lets in where a token does. */
    readonly sessions?: boolean;
    /** True if only a WebSocket gets it. */
    readonly socket?: boolean;
  }
}

/**
 * Lets an application serve only what the table of addresses names, each behind the guard that the table names: any other
 * route fails the start. To be called before routes are added.
 */
export function serveKnownRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ url, method, config }) => {
    for (const each of [method].flat()) {
      // Answers to preflight requests, which carry no token.
      if (each === 'OPTIONS') continue;
      const asked = each === 'HEAD' ? 'GET' : each;
      const route = routesAt(url).find((known) => known.method === asked);
      if (!route) throw new Error(`${each} ${url} is not in the table of addresses.`);
      if (config?.guard !== route.guard)
        throw new Error(`${each} ${url} is behind the guard ${config?.guard}, not ${route.guard}.`);
      if ((config?.sessions ?? false) !== (route.sessions ?? false))
        throw new Error(`${each} ${url} takes sessions otherwise than the table says.`);
    }
  });
}
