import type { FastifyBaseLogger } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { HttpError } from '../../http/failure';
import { INTERNAL, isInternal, mask } from '../../http/graphql/error-mask';

/** Errors as readers are told them: masked like those of requests, internal ones recorded. */
export function told(
  errors: readonly unknown[],
  request: { readonly id: string; readonly log: Pick<FastifyBaseLogger, 'error'> },
): GraphQLFormattedError[] {
  return errors.map((thrown) => {
    const error = asGraphqlError(thrown);
    const formatted = mask(error.toJSON(), error);
    if (!isInternal(error)) return formatted;
    request.log.error({ err: error.originalError ?? error, path: error.path }, 'a subscription failed');
    return { ...formatted, extensions: { code: INTERNAL, requestId: request.id } };
  });
}

/** Any error as one of GraphQL. Those of addresses are safe to tell as they are. */
export function asGraphqlError(thrown: unknown): GraphQLError {
  if (thrown instanceof GraphQLError) return thrown;
  if (thrown instanceof HttpError)
    return new GraphQLError(thrown.message, { extensions: { code: thrown.code } });
  return new GraphQLError('', {
    originalError: thrown instanceof Error ? thrown : new Error(String(thrown)),
  });
}
