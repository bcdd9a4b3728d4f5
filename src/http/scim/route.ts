import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../../graphql/context';
import { Caller } from '../../graphql/caller';
import { resourceType, resourceTypes, schema, schemas, serviceProviderConfig } from '../../scim/discovery';
import { ScimUsers, type ScimRequest } from '../../scim/users';
import type { ListQuery } from '../../scim/user-list';
import type { Selection } from '../../scim/resource';
import { addGuardedRoute } from '../add-route';
import { baseOf } from '../base';
import { HttpError } from '../failure';
import type { Guard } from '../guard';
import { takeJsonAlone } from '../json-body';
import type { Admission } from '../limits/admission';
import { demandNeeds, recordLack } from '../refused/recording';
import type { RefusedAttempts } from '../refused/refused-attempts';
import { ROUTES, SCIM, type GuardedRoute } from '../routes';
import { SCIM_TYPE } from './failure';

export interface ScimParts {
  readonly services: Pick<Services, 'readModels' | 'bus' | 'reads' | 'projectionWaitMs'>;
  readonly admission: Admission;
  readonly attempts: RefusedAttempts;
}

/** Costs of requests, in the unit of GraphQL’s: about one for each row that is read. */
const COST = { discovery: 10, user: 20, list: 300, change: 200 } as const;

/** Handles one request; what it returns is the body of the answer. */
type Handler = (request: ScimRequest, sent: Sent, reply: FastifyReply) => Promise<object | void>;

/** Input of a client. */
interface Sent {
  readonly id: string;
  readonly query: ListQuery & Selection;
  readonly body: unknown;
}

/** Adds SCIM 2.0 for users. Bodies may say that they are `application/scim+json` here, and nowhere else. */
export async function addScim(app: FastifyInstance, guard: Guard, parts: ScimParts): Promise<void> {
  await app.register(async (scope) => {
    takeJsonAlone(scope, ['application/scim+json', 'application/json']);
    const users = new ScimUsers(parts.services);
    const add = adder(scope, guard, parts);
    add(ROUTES.scimConfig, COST.discovery, async ({ base }) => serviceProviderConfig(base));
    add(ROUTES.scimResourceTypes, COST.discovery, async ({ base }) => resourceTypes(base));
    add(ROUTES.scimResourceType, COST.discovery, async ({ base }, { id }) => resourceType(base, id));
    add(ROUTES.scimSchemas, COST.discovery, async ({ base }) => schemas(base));
    add(ROUTES.scimSchema, COST.discovery, async ({ base }, { id }) => schema(base, id));
    add(ROUTES.scimUsers, COST.list, (request, { query }) => users.list(request, query));
    add(ROUTES.scimUser, COST.user, (request, { id, query }) => users.read(request, id, query));
    add(ROUTES.scimCreateUser, COST.change, async (request, { body }, reply) => {
      const user = await users.create(request, body);
      reply.code(201).header('location', `${request.base}/Users/${user.id}`);
      return user;
    });
    add(ROUTES.scimReplaceUser, COST.change, (request, { id, body }) => users.replace(request, id, body));
    add(ROUTES.scimPatchUser, COST.change, (request, { id, body }) => users.patch(request, id, body));
    add(ROUTES.scimDeleteUser, COST.change, (request, { id }) => users.remove(request, id));
  });
}

/** A function that adds a route: behind the guard, the limits of its caller and the gate, as GraphQL is. */
function adder(
  app: FastifyInstance,
  guard: Guard,
  { services, admission, attempts }: ScimParts,
): (route: GuardedRoute, cost: number, handle: Handler) => void {
  const { quotas } = admission;
  return (route, cost, handle) =>
    addGuardedRoute(app, guard, route, {
      onAdmitted: async (request) => {
        const { account, user } = guard.caller(request);
        const caller = new Caller(account, user, services.reads);
        await admission.admit(request, caller);
        demandNeeds(attempts, request, caller, route.needs);
        refuseVersions(request);
      },
      preHandler: async (request) => {
        await quotas.charge(admission.callerOf(request) as Caller, cost);
        await admission.enter(request);
      },
      onSend: async (request, reply) => admission.leave(request, reply),
      // One line for each change, as for mutations; what was changed is in the log of events, under the same request id.
      onResponse: async (request, { statusCode: status }) => {
        const account = admission.callerOf(request)?.account;
        if (request.method !== 'GET' && account !== undefined)
          request.log.info({ account, method: request.method, route: route.path, status }, 'change by SCIM');
      },
      handler: async (request, reply) => {
        const caller = admission.callerOf(request) as Caller;
        const { id = '' } = request.params as { readonly id?: string };
        const sent = { id, query: request.query as Sent['query'], body: request.body };
        const charge = (rows: number): Promise<void> => quotas.charge(caller, rows);
        const asked = { caller, requestId: request.id, base: scimOf(request), charge };
        const answer = await handle(asked, sent, reply).catch((error: unknown) => {
          recordLack(attempts, request, caller, error);
          throw error;
        });
        return answer ? reply.type(SCIM_TYPE).send(answer) : reply.code(204).send();
      },
    });
}

/** The address of SCIM as the client knows it; without host where that is none. */
const scimOf = (request: FastifyRequest): string => `${baseOf(request) ?? ''}${SCIM}`;

/**
 * Refuses a change of a certain version: users have none here, so that no tag is theirs. To pass it over would take away
 * the guard that the client asked for.
 * @throws HttpError 412
 */
function refuseVersions({ headers }: FastifyRequest): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  const message = 'Users have no version: leave out `If-Match`.';
  throw new HttpError(412, 'PRECONDITION_FAILED', message);
}
