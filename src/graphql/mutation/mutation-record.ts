import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { MutationRecord, RequestContext } from '../context';
import { RequestError } from '../errors';
import type { Payload } from './payload.type';

/** Lets each mutation leave a record in its request’s context. Only these few fields are wrapped: a query is not slowed. */
export function recordMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args, context: RequestContext, info): Promise<Payload> => {
      const start = performance.now();
      const record = (rest: Omit<MutationRecord, 'mutation' | 'ms'>): void => {
        context.mutations.push({ mutation: field.name, ...rest, ms: performance.now() - start });
      };
      try {
        const payload = (await resolve(source, args, context, info)) as Payload;
        const { position, projected } = payload;
        const codes = [...new Set(payload.allErrors().map(({ code }) => code))];
        record({ outcome: codes.length === 0 ? 'accepted' : 'refused', codes, position, projected });
        return payload;
      } catch (error) {
        const code = error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR';
        record({ outcome: 'failed', codes: [code], position: null, projected: null });
        throw error;
      }
    };
  }
}
