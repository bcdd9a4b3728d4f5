import { createHash } from 'node:crypto';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { LRUCache } from 'lru-cache';
import { RequestContext, type Services } from '../../graphql/context';
import type { Config } from '../../config/config';
import { checkVariables } from '../../graphql/limits/input';
import { checkLength, checkShape, checkTokens } from '../../graphql/limits/shape';
import { addGuardedRoute } from '../add-route';
import { demandAccepted, queryOf } from './request';
import type { Guard } from '../guard';
import type { Admission } from '../limits/admission';
import { ROUTES } from '../routes';

export interface GraphqlParts {
  readonly services: Services;
  readonly config: Pick<Config, 'maxQueryBytes'>;
  readonly admission: Admission;
}

/** Cost of reading, checking and answering any request, in rows read. */
const A_REQUEST = 200;
/** Number of bytes of a body that cost as much to parse and to check as one row does. */
const BYTES_A_ROW = 32;

/** Adds the API: POST alone, so that no query is in an address and no form of another site is accepted. */
export function addGraphql(
  app: FastifyInstance,
  apollo: ApolloServer<RequestContext>,
  guard: Guard,
  { services, config, admission }: GraphqlParts,
): void {
  const contexts = new WeakMap<FastifyRequest, RequestContext>();
  const shapes = new KnownShapes();
  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) => contexts.get(request) as RequestContext,
  }) as unknown as RouteHandlerMethod;
  addGuardedRoute(app, guard, ROUTES.graphql, {
    onAdmitted: async (request) => {
      const inputWork = Math.ceil(admission.bytesOf(request) / BYTES_A_ROW);
      const context = new RequestContext(services, guard.caller(request), request, inputWork);
      contexts.set(request, context);
      await admission.admit(request, context.caller);
    },
    preHandler: async (request) => {
      demandAccepted(request.headers.accept);
      const query = queryOf(request.body);
      const context = contexts.get(request) as RequestContext;
      await admission.enter(request);
      // It was parsed already.
      await context.beforeInput();
      await context.work.before(A_REQUEST);
      await context.beforeInput();
      checkLength(query, config.maxQueryBytes);
      checkVariables((request.body as { variables?: unknown }).variables);
      shapes.check(query);
    },
    onSend: async (request, reply) => admission.leave(request, reply),
    handler,
  });
}

/** Cache of checked texts: clients send the same ones repeatedly. */
class KnownShapes {
  private readonly known = new LRUCache<string, true>({ max: 2_000 });

  check(query: string): void {
    const key = createHash('sha256').update(query).digest('base64');
    if (this.known.get(key)) return;
    if (checkTokens(query)) checkShape(query);
    this.known.set(key, true);
  }
}
