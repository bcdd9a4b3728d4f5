import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import {
  GraphQLError,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type FormattedExecutionResult,
} from 'graphql';
import type { RequestContext } from '../../graphql/context';
import { MAX_TOKENS } from '../../graphql/limits/shape';
import { tellNodes } from '../../graphql/faults/document';
import { tellSyntax } from '../../graphql/faults/syntax';
import { tellVariables } from '../../graphql/faults/variables';
import { INTERNAL, isInternal, tell } from './error-mask';

/**
 * Tells what is wrong with a request in words of our own, made from the schema and from where the fault is. GraphQL’s own
 * words repeat what the client sent; of those nothing is told.
 */
export const telling = (): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    let placed: DocumentNode | null = null;
    return {
      async validationDidStart({ schema, source }) {
        return async (found) => {
          if (!found?.length) return;
          placed = parse(source, { maxTokens: MAX_TOKENS });
          place(found as GraphQLError[], validate(schema, placed));
        };
      },
      async didEncounterErrors({ errors, schema, document: parsed }) {
        const document = placed ?? parsed;
        for (const error of errors) {
          if (error.extensions.code === 'GRAPHQL_PARSE_FAILED') tell(error, tellSyntax(error));
        }
        if (!document) return;
        const atNodes = errors.filter((error) => error.nodes && !isInternal(error));
        const told = tellNodes(
          schema,
          document,
          atNodes.map(({ nodes }) => nodes ?? []),
        );
        atNodes.forEach((error, index) => tell(error, told[index] ?? null));
      },
      async willSendResponse({ errors, schema, operation, request, response }) {
        if (response.body.kind !== 'single') return;
        const { singleResult } = response.body as { singleResult: FormattedExecutionResult };
        if (operation && areOfVariables(errors)) {
          const code = 'BAD_USER_INPUT';
          (singleResult as { errors: unknown }).errors = tellVariables(
            schema,
            operation,
            request.variables ?? {},
          ).map((message) => ({ message, extensions: { code } }));
        }
        // Apollo’s own for what it refuses before it runs, whoever is at fault.
        if (
          response.http.status === 500 &&
          !singleResult.errors?.some(({ extensions }) => extensions?.code === INTERNAL)
        )
          response.http.status = 400;
      },
    };
  },
});

/**
 * Gives errors of validation their places in the text. Documents are kept without places, so that a faulty one, which is
 * never kept, is parsed and validated once more.
 */
function place(found: GraphQLError[], placed: readonly GraphQLError[]): void {
  found.forEach((error, index) => {
    const same = ({ message }: GraphQLError): boolean => message === error.message;
    const [here] = placed.slice(index, index + 1).filter(same);
    found[index] = here ?? placed.find(same) ?? error;
  });
}

/**
 * True if a request failed by its variables alone, before it ran. Looks at the first error only: after many, GraphQL adds
 * one without a location.
 */
export const areOfVariables = (errors: GraphQLRequestContext<RequestContext>['errors']): boolean => {
  const [first] = errors ?? [];
  return (
    first instanceof GraphQLError &&
    first.extensions.code === 'BAD_USER_INPUT' &&
    first.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION
  );
};
