import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { getVariableValues, type FormattedExecutionResult, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../../config/config';
import type { RequestContext } from '../../graphql/context';
import { RequestError } from '../../graphql/errors';
import { estimate } from '../../graphql/limits/cost';
import { PARSING } from '../../graphql/limits/shape';
import type { Quotas } from '../limits/quotas';
import { demandAffordable } from './affordable';
import { Documents } from './documents';
import { INTERNAL, isInternal, mask } from './error-mask';
import { mutationLog } from './mutation-log';
import { areOfVariables, telling } from './telling';

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly quotas: Quotas;
  /** Plugins that observe the work. */
  readonly watching?: readonly ApolloServerPlugin<RequestContext>[];
}

/** The GraphQL server: the work done for every request around its resolvers. */
export function createApollo(
  config: Pick<Config, 'maxQueryCost' | 'maxQueryDepth' | 'introspection'>,
  logger: Logger,
  { schema, quotas, watching = [] }: ApolloParts,
): ApolloServer<RequestContext> {
  const settings = apolloSettings<RequestContext>(logger);
  return new ApolloServer<RequestContext>({
    ...settings,
    schema,
    introspection: config.introspection,
    plugins: [
      ...settings.plugins,
      limits(config, quotas),
      positions(),
      telling({ explained: config.introspection }),
      errors(logger),
      mutationLog(logger),
      ...watching,
    ],
  });
}

/** Apollo as configured here, for any schema: also the base of the measurement of a bare one. */
export const apolloSettings = <Context extends BaseContext>(logger: Logger) => ({
  csrfPrevention: true,
  allowBatchedHttpRequests: false,
  persistedQueries: false as const,
  // Apollo would indent it.
  stringifyResult: (value: FormattedExecutionResult) => JSON.stringify(value),
  includeStacktraceInErrorResponses: false,
  stopOnTerminationSignals: false,
  parseOptions: PARSING,
  documentStore: new Documents(),
  formatError: mask,
  logger: asApolloLogger(logger),
  plugins: [
    // It would wrap every field of every list.
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ] as ApolloServerPlugin<Context>[],
});

const SUBSCRIPTIONS_ELSEWHERE =
  'Subscriptions come by a WebSocket at this address, in the subprotocol `graphql-transport-ws`.';

/** Refuses a request that would block the event loop for long. */
const limits = (
  { maxQueryCost, maxQueryDepth }: Pick<Config, 'maxQueryCost' | 'maxQueryDepth'>,
  quotas: Quotas,
): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, operation, request, contextValue }) {
        if (!operation) return;
        if (operation.operation === 'subscription')
          throw new RequestError('BAD_USER_INPUT', SUBSCRIPTIONS_ELSEWHERE, {}, 400);
        await contextValue.beforeInput();
        const given = getVariableValues(
          schema,
          operation.variableDefinitions ?? [],
          request.variables ?? {},
          { maxErrors: 1 },
        );
        // Variables that do not fit are reported when the operation is run, before any field of it is.
        if (!given.coerced) return;
        // It goes through all of them once more.
        await contextValue.beforeInput();
        const whole = estimate(schema, document, operation, given.coerced);
        demandAffordable(whole, { maxQueryCost, maxQueryDepth });
        await quotas.charge(contextValue.caller, whole.cost);
        contextValue.budget.begin(whole, maxQueryCost);
        // Its execution starts with rereading them.
        await contextValue.beforeInput();
      },
    };
  },
});

const MIN_POSITION = 'rolebook-min-position';
/** Positions that one request may name: those of mutations that were under way at once. */
const MAX_MIN_POSITIONS = 32;

/** Waits for the positions that the client has seen, pins the one that is read at, and returns it in the answer. */
const positions = (): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ request, contextValue }) {
        const wanted = request.http?.headers.get(MIN_POSITION);
        if (wanted) await reachAll(contextValue, listed(wanted));
        void contextValue.now;
      },
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        // A request that was refused as a whole shows nothing, and may not have reached what the client has seen.
        if (singleResult.data === undefined) return;
        const position = contextValue.positionOf(contextValue.now);
        singleResult.extensions = { ...singleResult.extensions, position };
      },
    };
  },
});

/** Elements of a header that is a list; empty ones are none (RFC 9110, 5.6.1). */
const listed = (header: string): string[] =>
  header
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);

async function reachAll(context: RequestContext, texts: readonly string[]): Promise<void> {
  if (texts.length > MAX_MIN_POSITIONS) {
    const message = `Rolebook-Min-Position names ${texts.length} positions, more than ${MAX_MIN_POSITIONS}.`;
    throw new RequestError('BAD_USER_INPUT', message, {}, 400);
  }
  try {
    await Promise.all(texts.map((text) => context.reach(text)));
  } catch (error) {
    // Outside of a query there is no partial answer: the whole request is bad.
    if (error instanceof RequestError && error.code === 'BAD_USER_INPUT')
      throw new RequestError(error.code, error.message, {}, 400);
    throw error;
  }
}

/** Logs internal faults with all details; the client gets the id to quote. */
const errors = (logger: Logger): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors: all, contextValue, operationName }) {
        if (areOfVariables(all)) return;
        for (const err of all.filter(isInternal)) {
          logger.error(
            { err, requestId: contextValue.requestId, operationName, path: err.path },
            'request failed',
          );
        }
      },
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single') return;
        const result: FormattedExecutionResult = response.body.singleResult;
        if (!result.errors) return;
        response.body.singleResult.errors = result.errors.map((error) =>
          error.extensions?.code === INTERNAL
            ? { ...error, extensions: { ...error.extensions, requestId: contextValue.requestId } }
            : error,
        );
      },
    };
  },
});

/** Apollo’s own messages are for developers of this server. */
const asApolloLogger = (logger: Logger) => ({
  debug: (message: string) => logger.trace(message),
  info: (message: string) => logger.debug(message),
  warn: (message: string) => logger.warn(message),
  error: (message: string) => logger.error(message),
});
