import type { FastifyRequest } from 'fastify';
import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { RequestContext, type Services } from '../../graphql/context';
import { requestError } from '../../graphql/errors';
import { SubscribingContext, type FeedMessage, type FeedWanted } from '../../graphql/feed/feed-source';
import { globalId } from '../../graphql/global-id';
import { baseOf } from '../../http/base';
import type { Guard, UserIdentity } from '../../http/guard';
import type { Admission } from '../../http/limits/admission';
import type { RefusedAttempts } from '../../http/refused/refused-attempts';
import { Feed, type FeedSources } from '../feed';
import { ReaderRights } from '../rights';
import { START, startAt, type StartSources } from '../start';
import { DocumentError, type Operation, type OperationLimits } from './operation';
import { PositionFeed } from './position-feed';
import type { Running } from './running';
import { told } from './telling';

/** One subscription: a feed, and what the document makes of each of its messages. */

/** Parts that all subscriptions share. */
export interface SubscriptionParts {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly guard: Guard;
  readonly admission: Admission;
  readonly attempts: RefusedAttempts;
  readonly limits: OperationLimits;
  readonly feeds: FeedSources & StartSources;
  readonly publicUrl: string | null;
}

/** Subscriber: the caller of a socket. */
export interface Reader {
  readonly request: FastifyRequest;
  readonly identity: UserIdentity;
}

export type Results = AsyncGenerator<FormattedExecutionResult, void, undefined>;

/**
 * Opens a subscription, and gives what it answers.
 * @throws DocumentError, RequestError
 */
export async function openStream(
  operation: Operation,
  reader: Reader,
  parts: SubscriptionParts,
  running: Running,
): Promise<{ readonly args: ExecutionArgs; readonly results: Results }> {
  const { document, operationName, variableValues } = operation;
  const { identity, request } = reader;
  let wanted: FeedWanted | null = null;
  const contextValue = new SubscribingContext([parts.services, identity, request], (asked) => {
    wanted = asked;
    return openFeed(asked, reader, parts, running);
  });
  const args = { schema: parts.schema, document, operationName, variableValues, contextValue };
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) throw new DocumentError(source.errors ?? []);
  const answering = new Answering(operation, reader, parts, (wanted as FeedWanted | null)?.field ?? '');
  return { args, results: answering.results(source as AsyncIterable<FeedMessage>) };
}

async function openFeed(
  wanted: FeedWanted,
  { request, identity }: Reader,
  { feeds, guard, services, attempts, publicUrl }: SubscriptionParts,
  running: Running,
): Promise<AsyncGenerator<FeedMessage, void, undefined>> {
  const { field, after, types, role, user, needs, heartbeats, positionsAlone = false } = wanted;
  const { account } = identity;
  if (needs !== null && !services.reads.rights(account, identity.user).may(needs)) {
    recordRefused(attempts, `Subscription.${field}`, { request, identity });
    throw requestError('FORBIDDEN', `This needs the permission ${needs}.`);
  }
  const start = after === null ? START : await startAt(after, { account, feed: account }, feeds);
  const rights = { guard, reads: services.reads, readModels: services.readModels, needs };
  const reader = new ReaderRights(request, identity, rights, feeds.recheckMs);
  const base = publicUrl ?? baseOf(request);
  const asked = { feed: account, account, start, filter: { types, role, user }, limit: null, base };
  const feed = positionsAlone
    ? new PositionFeed({ account, start }, reader, feeds, running.signal)
    : new Feed(asked, reader, feeds, running.signal);
  return running.messages(feed, { heartbeats, log: request.log });
}

function recordRefused(attempts: RefusedAttempts, operation: string, { request, identity }: Reader): void {
  const { account, user } = identity;
  const actor = globalId('User', user);
  attempts.record({
    code: 'FORBIDDEN',
    operation,
    requestId: request.id,
    account,
    actor,
    address: request.ip,
  });
}

/** Fields that are answered from the feed alone; all else is read from the tables, at the cost of a query. */
const PLAIN: readonly string[] = ['logEvents', 'accountChanged'];

/** Runs the document for each message, each as a request of its own. */
class Answering {
  /** Fields that were refused: each is recorded once, not with each message. */
  readonly #refused = new Set<string>();

  constructor(
    private readonly operation: Operation,
    private readonly reader: Reader,
    private readonly parts: SubscriptionParts,
    private readonly field: string,
  ) {}

  async *results(source: AsyncIterable<FeedMessage>): Results {
    for await (const message of source) yield await this.#result(message);
  }

  async #result(message: FeedMessage): Promise<FormattedExecutionResult> {
    const { operation, parts, reader, field } = this;
    const context = new RequestContext(parts.services, reader.identity, reader.request);
    if (PLAIN.includes(field)) return this.#run(message, context);
    await parts.admission.quotas.charge(context.caller, operation.cost.cost);
    const leave = await parts.admission.turn(context.caller);
    try {
      const result = await this.#run(message, context);
      return { ...result, extensions: { position: context.positionOf(context.now) } };
    } finally {
      leave();
    }
  }

  async #run(message: FeedMessage, context: RequestContext): Promise<FormattedExecutionResult> {
    const { document, operationName, variableValues, cost } = this.operation;
    const { schema, limits, attempts } = this.parts;
    context.budget.begin(cost, limits.maxQueryCost);
    const { data = null, errors } = await execute({
      ...{ schema, document, operationName, variableValues },
      rootValue: message,
      contextValue: context,
    });
    for (const refused of context.caller.refused) {
      if (this.#refused.has(refused)) continue;
      this.#refused.add(refused);
      recordRefused(attempts, refused, this.reader);
    }
    return { data, ...(errors ? { errors: told(errors, this.reader.request) } : {}) };
  }
}
