import type { FastifyInstance } from 'fastify';
import { programVersion } from '../../config/package-root';
import { addOpenRoute } from '../../http/add-route';
import { HttpError } from '../../http/failure';
import { ROUTES } from '../../http/routes';
import { asyncApi } from './asyncapi';
import { allContracts } from './contracts';

/** Contracts are made when they are first asked for: hardly anybody does, and a start is to be short. */
function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Adds the contracts of events, which anybody may read: they are in the package too. */
export function addContracts(app: FastifyInstance): void {
  const contracts = lazily(() => new Map(Object.entries(allContracts())));
  const document = lazily(() => asyncApi(programVersion()));
  addOpenRoute(app, ROUTES.eventSchema, async (request, reply) => {
    const contract = contracts().get((request.params as { readonly id: string }).id);
    if (!contract) throw new HttpError(404, 'NOT_FOUND', 'There is no such contract.');
    return reply.type('application/schema+json').send(contract);
  });
  addOpenRoute(app, ROUTES.asyncApi, async (_request, reply) =>
    reply.type('application/json').send(document()),
  );
}
