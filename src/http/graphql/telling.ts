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
import { FIXED_MESSAGES, INTERNAL, isInternal, tell } from './error-mask';

/**
 * Describes the faults of a request in messages of our own, made from the schema and the location of the fault.
 * GraphQL’s own messages repeat what the client sent, so they are not used. Where faults are not explained, no message
 * tells what the schema has: those of documents are the fixed ones.
 */
export const telling = ({
  explained,
}: {
  readonly explained: boolean;
}): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    let placed: DocumentNode | null = null;
    return {
      async validationDidStart({ schema, source }) {
        return async (found) => {
          if (!found?.length || !explained) return;
          placed = parse(source, { maxTokens: MAX_TOKENS });
          place(found as GraphQLError[], validate(schema, placed));
        };
      },
      async didEncounterErrors({ errors, schema, document: parsed }) {
        const document = placed ?? parsed;
        for (const error of errors) {
          if (error.extensions.code === 'GRAPHQL_PARSE_FAILED') tell(error, tellSyntax(error));
        }
        if (!document || !explained) return;
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
          const messages = explained
            ? tellVariables(schema, operation, request.variables ?? {})
            : [FIXED_MESSAGES[code]];
          (singleResult as { errors: unknown }).errors = messages.map((message) => ({
            message,
            extensions: { code },
          }));
        }
        // Apollo answers 500 to some requests that it refuses before they run, even if the client is at fault.
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
 * Adds locations to validation errors. Documents are cached without locations, so that a faulty one, which is never
 * cached, is parsed and validated once more.
 */
function place(found: GraphQLError[], placed: readonly GraphQLError[]): void {
  found.forEach((error, index) => {
    const same = ({ message }: GraphQLError): boolean => message === error.message;
    const [here] = placed.slice(index, index + 1).filter(same);
    found[index] = here ?? placed.find(same) ?? error;
  });
}

/**
 * True if a request failed by its variables alone, before it ran. Checks the first error only: after many, GraphQL adds
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
