import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../graphql/caller';
import type { RequestContext } from '../../graphql/context';
import { globalId } from '../../graphql/global-id';
import type { Identity } from '../authentication/identity';
import { lacking } from '../failure';
import { watchedGuard, type Guard } from '../guard';
import { routeLabel } from '../routes';
import { isRefusedCode, type RefusedAttempts } from './refused-attempts';

/** Both places where a right is found wanting: the guard of the addresses, and GraphQL. */

/** Makes a guard record whom it does not let in. */
export const recordingGuard = (guard: Guard, attempts: RefusedAttempts): Guard =>
  watchedGuard(guard, (request, { identity, why }) =>
    attempts.record({ code: 'UNAUTHENTICATED', ...placeOf(request), ...actorOf(identity), why }),
  );

/** Request that an attempt was made by. */
const placeOf = (request: FastifyRequest) => ({
  operation: `${request.method} ${routeLabel(request) ?? 'none'}`,
  requestId: request.id,
  address: request.ip,
});

function actorOf(identity: Identity | null): {
  readonly account: string | null;
  readonly actor: string | null;
} {
  if (identity === null) return { account: null, actor: null };
  if (identity.kind === 'user') return { account: identity.account, actor: globalId('User', identity.user) };
  return { account: null, actor: 'Operator' };
}

/** Demands the permissions that an address needs, and records who lacks one. @throws RequestError 403 */
export function demandNeeds(
  attempts: RefusedAttempts,
  request: FastifyRequest,
  caller: Caller,
  needs: readonly string[] = [],
): void {
  const missing = needs.find((permission) => !caller.may(permission));
  if (missing === undefined) return;
  const refused = lacking(missing);
  recordLack(attempts, request, caller, refused);
  throw refused;
}

/** Records that a caller who was let in lacks a right for a request of an address. */
export function recordLack(
  attempts: RefusedAttempts,
  request: FastifyRequest,
  caller: { readonly account: string; readonly user: string },
  error: unknown,
): void {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !isRefusedCode(code)) return;
  attempts.record({ code, ...placeOf(request), ...actorOf({ kind: 'user', ...caller }) });
}

/** Records the fields and mutations of a request that were refused to its caller: each once, whatever it is called there. */
export const recordRefusals = (attempts: RefusedAttempts): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue: { caller, mutations, requestId, address } }) {
        const refused = new Map([...caller.refused].map((field) => [field, new Set(['FORBIDDEN'])]));
        for (const { mutation, codes } of mutations)
          for (const code of codes)
            refused.set(`Mutation.${mutation}`, (refused.get(`Mutation.${mutation}`) ?? new Set()).add(code));
        for (const [operation, codes] of refused)
          for (const code of codes)
            if (isRefusedCode(code))
              attempts.record({
                code,
                operation,
                requestId,
                account: caller.account,
                actor: globalId('User', caller.user),
                address,
              });
      },
    };
  },
});
