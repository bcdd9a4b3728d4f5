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
    if (token === null)
      throw new UnauthenticatedError('no token', 'Send a token: “Authorization: Bearer ...”.');
    const authenticator = authenticators.find((each) => each.recognises(token));
    if (!authenticator) throw new UnauthenticatedError('bad token', NOT_VALID);
    return authenticator.identify(token).catch((error: unknown) => {
      throw error instanceof InvalidTokenError ? new UnauthenticatedError('bad token', NOT_VALID) : error;
    });
  };
  return {
    async user(request) {
      const identity = await identify(request);
      if (identity.kind !== 'user')
        throw new UnauthenticatedError(
          'not a user',
          'This is the token of an operator; a user’s is needed.',
          identity,
        );
      const { account, user } = identity;
      // The same message for both: a token of a user who never existed reveals nothing.
      if (reads.userStatus(account, [user]).get(user) !== 'ACTIVE')
        throw new UnauthenticatedError(
          'not active',
          'The user of the token is not an active user of its account.',
          identity,
        );
      callers.set(request, identity);
    },
    async operator(request) {
      const identity = await identify(request);
      if (identity.kind !== 'operator')
        throw new UnauthenticatedError('not an operator', 'This needs the token of an operator.', identity);
    },
    async scraper({ headers }) {
      if (metricsToken === null) return;
      const token = bearerToken(headers.authorization);
      if (token === null || !isSame(token, metricsToken))
        throw new UnauthenticatedError('not a scraper', 'This needs the token of scrapers.');
    },
    caller(request) {
      const caller = callers.get(request);
      if (!caller) throw new Error('The guard did not see this request.');
      return caller;
    },
  };
}

/**
 * Makes a guard call `act` for each request that it does not let in, before it tells the caller. What `act` throws is told
 * instead.
 */
export function watchedGuard(
  guard: Guard,
  act: (request: FastifyRequest, refused: UnauthenticatedError) => void | Promise<void>,
): Guard {
  const watched =
    (admit: (request: FastifyRequest) => Promise<void>) =>
    async (request: FastifyRequest): Promise<void> => {
      try {
        await admit(request);
      } catch (error) {
        if (error instanceof UnauthenticatedError) await act(request, error);
        throw error;
      }
    };
  return {
    user: watched((request) => guard.user(request)),
    operator: watched((request) => guard.operator(request)),
    scraper: watched((request) => guard.scraper(request)),
    caller: (request) => guard.caller(request),
  };
}

/** Compares two secrets in a time that does not tell where they differ. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const NOT_VALID = 'The token is not valid, or not any more.';

/** The refusal of a caller at the door, with what is recorded of it besides the message. */
export class UnauthenticatedError extends RequestError {
  override readonly name = 'UnauthenticatedError';

  constructor(
    readonly why:
      'no token' | 'bad token' | 'not active' | 'not a user' | 'not an operator' | 'not a scraper',
    message: string,
    /** Identity that a valid token names; null where there was no such token. */
    readonly identity: Identity | null = null,
  ) {
    super('UNAUTHENTICATED', message);
  }
}
