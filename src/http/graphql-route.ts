import { createHash } from 'node:crypto';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { LRUCache } from 'lru-cache';
import { RequestContext, type Services } from '../graphql/context';
import { checkShape } from '../graphql/limits/shape';
import { checkTokens } from '../graphql/limits/tokens';
import { HttpFault } from './failure';
import { demandAccepted, queryOf } from './graphql-request';
import type { Guard, UserIdentity } from './guard';

/** `POST /graphql`, and nothing else there: no query in an address, no form from another site. */
export function addGraphql(
  app: FastifyInstance,
  apollo: ApolloServer<RequestContext>,
  guard: Guard,
  services: Services,
): void {
  const identities = new WeakMap<FastifyRequest, UserIdentity>();
  const shapes = new KnownShapes();
  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) =>
      new RequestContext(services, identities.get(request) as UserIdentity, request.id),
  }) as unknown as RouteHandlerMethod;
  app.route({
    method: 'POST',
    url: '/graphql',
    // Before the body is read: who is nobody may not send a large one.
    onRequest: async (request) => {
      identities.set(request, await guard.user(request));
    },
    preHandler: async ({ body, headers }) => {
      demandAccepted(headers.accept);
      shapes.check(queryOf(body));
    },
    handler,
  });
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: async () => {
      throw new HttpFault(
        405,
        'METHOD_NOT_ALLOWED',
        'Send queries as POST with content type application/json; to try them, open /graphiql.',
        { allow: 'POST' },
      );
    },
  });
}

/** Texts that were checked already: clients send the same ones over and over. */
class KnownShapes {
  private readonly known = new LRUCache<string, true>({ max: 2_000 });

  check(query: string): void {
    const key = createHash('sha256').update(query).digest('base64');
    if (this.known.get(key)) return;
    checkTokens(query);
    checkShape(query);
    this.known.set(key, true);
  }
}
