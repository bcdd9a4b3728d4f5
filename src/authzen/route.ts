import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AsOf, Pin, ReadModels } from '../../projections/view';
import type { DecisionReads } from '../commands/decision-reads';
import type { Config } from '../config/config';
import { Caller, VIEW_ROLES } from '../graphql/caller';
import { requestError } from '../graphql/errors';
import { Positions } from '../graphql/positions';
import { addGuardedRoute, addOpenRoute } from '../http/add-route';
import { baseOf } from '../http/base';
import { badRequest } from '../http/failure';
import type { Guard } from '../http/guard';
import { takeJsonAlone } from '../http/json-body';
import { demandNeeds } from '../http/refused/recording';
import { REQUEST_ID } from '../http/request-id';
import { ROUTES, type GuardedRoute } from '../http/routes';
import type { RouteParts } from '../http/server';
import type { PlaceInLog, PositionCodec } from '../shared/position-codec';
import { Work } from '../shared/turns';
import { MalformedRequestError } from './entities';
import { countAsked, evaluate, evaluateAll } from './evaluations';
import { metadata } from './metadata';
import { pageAsked, tokenText, type TokenSeal } from './page';
import type { Question } from './question';
import { searchBody, searchOf, type SearchKind } from './searches';

export interface AuthzenParts {
  readonly config: Pick<Config, 'authzenResourceType' | 'minPositionWaitMs' | 'publicUrl'>;
  readonly readModels: ReadModels;
  readonly reads: DecisionReads;
  readonly positions: PositionCodec;
}

/** Costs of requests, in the unit of GraphQL’s: about one for each row that is read. */
const COST = { request: 10, evaluation: 10, search: 500 } as const;

/** Adds the Authorization API 1.0 of OpenID AuthZEN: evaluations, searches, and the metadata that lead to them. */
export async function addAuthzen(
  app: FastifyInstance,
  guard: Guard,
  parts: AuthzenParts,
  served: RouteParts,
): Promise<void> {
  addOpenRoute(app, ROUTES.authzenConfiguration, async (request, reply) => {
    const base = parts.config.publicUrl ?? baseOf(request);
    if (base === null) throw badRequest('The request names no host.');
    return reply.type('application/json').send(metadata(base));
  });
  await app.register(async (scope) => {
    takeJsonAlone(scope);
    // The certification of AuthZEN demands 400 where HTTP would have 415.
    scope.addContentTypeParser('*', (_request, _body, done) =>
      done(badRequest('The content type must be application/json.')),
    );
    const add = adder(scope, guard, parts, served);
    add(ROUTES.authzenEvaluation, async (asking, body) => {
      await asking.charge(COST.evaluation);
      return evaluate(asking.question(), body);
    });
    add(ROUTES.authzenEvaluations, async (asking, body) => {
      await asking.charge(COST.evaluation * countAsked(body));
      return evaluateAll(asking.question(), body);
    });
    const search = (kind: SearchKind) => (asking: Asking, body: unknown) => asking.search(kind, body);
    add(ROUTES.authzenSubjects, search('subject'));
    add(ROUTES.authzenResources, search('resource'));
    add(ROUTES.authzenActions, search('action'));
  });
}

type Handler = (asking: Asking, body: unknown) => Promise<object>;

/** A function that adds a route: behind the guard, the limits of its caller and the gate, as GraphQL is. */
function adder(
  app: FastifyInstance,
  guard: Guard,
  parts: AuthzenParts,
  { admission, attempts }: RouteParts,
): (route: GuardedRoute, handle: Handler) => void {
  const { quotas } = admission;
  return (route, handle) =>
    addGuardedRoute(app, guard, route, {
      onAdmitted: async (request) => {
        const { account, user } = guard.caller(request);
        const caller = new Caller(account, user, parts.reads);
        await admission.admit(request, caller);
        demandNeeds(attempts, request, caller, route.needs);
      },
      preHandler: async (request) => {
        await quotas.charge(admission.callerOf(request) as Caller, COST.request);
        await admission.enter(request);
      },
      onSend: async (request, reply) => {
        repeatRequestId(request, reply);
        admission.leave(request, reply);
      },
      handler: async (request, reply) => {
        const caller = admission.callerOf(request) as Caller;
        const asking = new Asking(caller, parts, (cost) => quotas.charge(caller, cost));
        const answer = await handle(asking, request.body).catch((error: unknown) => {
          throw error instanceof MalformedRequestError ? badRequest(error.message) : error;
        });
        return reply.type('application/json').send(answer);
      },
    });
}

/** Sends the id of the request back as it came; the server’s own takes plain ones alone. */
function repeatRequestId({ headers }: FastifyRequest, reply: FastifyReply): void {
  const given = headers[REQUEST_ID];
  if (given !== undefined && given !== '') reply.header(REQUEST_ID, given);
}

/** One request: the view that it reads, at one position of the log, and what reading costs its caller. */
class Asking {
  private readonly work = new Work(() =>
    requestError('QUERY_TOO_COMPLEX', 'The request looks at too many rows. Ask for smaller pages.'),
  );

  constructor(
    private readonly caller: Caller,
    private readonly parts: AuthzenParts,
    readonly charge: (cost: number) => Promise<void>,
  ) {}

  question(asOf: AsOf | null = null): Question {
    return {
      view: this.parts.readModels.view(this.caller.account, asOf, this.work),
      resourceType: this.parts.config.authzenResourceType,
      seesRoles: this.caller.may(VIEW_ROLES),
    };
  }

  /** A page of a search. @throws MalformedRequestError; RequestError as `Positions.reach` does */
  async search(kind: SearchKind, sent: unknown): Promise<object> {
    const { seal, positions } = this;
    const body = searchBody(sent);
    const find = searchOf(kind, body);
    const { limit, token, search } = pageAsked(kind, body, seal);
    await this.charge(COST.search + limit);
    const question = this.question(token && (await positions.reach(token.position)));
    const after = token?.after ?? null;
    const { items, hasMore } = await find(question, { first: limit, after });
    const position = token?.position ?? positions.encode(placeOf(question.view.pin));
    const next = { position, limit, after: items.at(-1)?.cursor ?? after };
    return {
      page: { next_token: hasMore ? tokenText(seal, search, next) : '', count: items.length },
      results: items.map(({ item }) => item),
    };
  }

  private get positions(): Positions {
    const { readModels, positions, config } = this.parts;
    const { minPositionWaitMs } = config;
    return new Positions({ readModels, positions, minPositionWaitMs }, this.caller.account, this.work);
  }

  private get seal(): TokenSeal {
    const { account } = this.caller;
    const { cursors } = this.parts.positions;
    return { seal: (text) => cursors.seal(text, account), open: (text) => cursors.open(text, account) };
  }
}

const placeOf = ({ ordinal, position, time }: Pin): PlaceInLog => ({
  ordinal,
  position: position ?? 0n,
  time: time?.getTime() ?? 0,
});
