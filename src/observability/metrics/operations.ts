import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../../graphql/context';
import type { Instruments } from './instruments';
import { BoundedNames } from './names';

/** Label of an operation without a name, and of a text without a runnable operation. */
const ANONYMOUS = 'anonymous';
const INVALID = 'invalid';

/** Counts and times GraphQL operations. Unauthenticated callers and documents that nest too deep never reach it. */
export function countOperations({
  operations,
  operationSeconds,
}: Pick<Instruments, 'operations' | 'operationSeconds'>): ApolloServerPlugin<RequestContext> {
  const names = new BoundedNames();
  return {
    async requestDidStart() {
      const start = performance.now();
      return {
        async willSendResponse({ operation, response: { body }, contextValue }) {
          const { errors } = body.kind === 'single' ? body.singleResult : { errors: undefined };
          const refused = contextValue.mutations.some(({ outcome }) => outcome === 'refused');
          const outcome = errors ? String(errors[0]?.extensions?.code) : refused ? 'refused' : 'ok';
          // A client's name counts once its operation is known to be one of this schema.
          const name = operation ? names.of(operation.name?.value ?? ANONYMOUS) : INVALID;
          operations.inc({ operation: name, outcome });
          operationSeconds.observe({ operation: name }, (performance.now() - start) / 1_000);
        },
      };
    },
  };
}
