import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config';
import type { DecisionReads } from '../commands/decision-reads';
import { RequestError } from '../graphql/errors';
import { bearerToken, InvalidTokenError, type Authenticator, type Identity } from './authentication/identity';

export type UserIdentity = Extract<Identity, { kind: 'user' }>;

/** The guard of all entry points. */
export interface Guard {
  /** @throws RequestError `UNAUTHENTICATED` unless the caller is an active user of the account */
  user(request: FastifyRequest): Promise<void>;
  /** @throws RequestError `UNAUTHENTICATED` unless the caller is an operator */
  operator(request: FastifyRequest): Promise<void>;
  /** @throws RequestError `UNAUTHENTICATED` unless the caller has the token of scrapers, if there is one */
  scraper(request: FastifyRequest): Promise<void>;
  /** Returns the user that `user` let in with this request. */
  caller(request: FastifyRequest): UserIdentity;
}

/** `authenticators`: those that are asked, in this order. */
export function createGuard(
  authenticators: readonly Authenticator[],
  reads: Pick<DecisionReads, 'userStatus'>,
  { metricsToken }: Pick<Config, 'metricsToken'>,
): Guard {
  const callers = new WeakMap<FastifyRequest, UserIdentity>();
  const identify = async (request: FastifyRequest): Promise<Identity> => {
    const token = bearerToken(request.headers.authorization);
    if (token === null) throw unauthenticated('Send a token: “Authorization: Bearer ...”.');
    const authenticator = authenticators.find((each) => each.recognises(token));
    if (!authenticator) throw unauthenticated(NOT_VALID);
    return authenticator.identify(token).catch((error: unknown) => {
      throw error instanceof InvalidTokenError ? unauthenticated(NOT_VALID) : error;
    });
  };
  return {
    async user(request) {
      const identity = await identify(request);
      if (identity.kind !== 'user')
        throw unauthenticated('This is the token of an operator; a user’s is needed.');
      const { account, user } = identity;
      // The same message for both: a token of a user who never existed reveals nothing.
      if (reads.userStatus(account, [user]).get(user) !== 'ACTIVE')
        throw unauthenticated('The user of the token is not an active user of its account.');
      callers.set(request, identity);
    },
    async operator(request) {
      const identity = await identify(request);
      if (identity.kind !== 'operator') throw unauthenticated('This needs the token of an operator.');
    },
    async scraper({ headers }) {
      if (metricsToken === null) return;
      const token = bearerToken(headers.authorization);
      if (token === null || !isSame(token, metricsToken))
        throw unauthenticated('This needs the token of scrapers.');
    },
    caller(request) {
      const caller = callers.get(request);
      if (!caller) throw new Error('The guard did not see this request.');
      return caller;
    },
  };
}

/** Compares two secrets in a time that does not tell where they differ. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const NOT_VALID = 'The token is not valid, or not any more.';

const unauthenticated = (message: string): RequestError => new RequestError('UNAUTHENTICATED', message);
