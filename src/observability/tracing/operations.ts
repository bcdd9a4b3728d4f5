import type { ApolloServerPlugin } from '@apollo/server';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestContext } from '../../graphql/context';

/** Sets the operation's name and outcome on the span of a GraphQL request, and ends it. */
export const nameOperation = (): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    const span = trace.getActiveSpan();
    if (!span) return;
    return {
      async didResolveOperation({ operation }) {
        if (!operation) return;
        span.updateName(`GraphQL ${operation.operation}`);
        span.setAttributes({
          'graphql.operation.type': operation.operation,
          'graphql.operation.name': operation.name?.value,
        });
      },
      async willSendResponse({ response: { body }, contextValue }) {
        const error = body.kind === 'single' ? body.singleResult.errors?.[0] : undefined;
        const refusals = contextValue.mutations.flatMap(({ codes }) => codes);
        if (error) {
          span.setAttribute('error.type', String(error.extensions?.code));
          span.setStatus({ code: SpanStatusCode.ERROR });
        } else if (refusals.length > 0) span.setAttribute('rolebook.refusals', [...new Set(refusals)]);
        span.end();
      },
    };
  },
});
