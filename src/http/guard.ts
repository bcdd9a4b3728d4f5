import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config';
import type { DecisionReads } from '../commands/decision-reads';
import { RequestError } from '../graphql/errors';
import { bearerToken, InvalidTokenError, type Authenticator, type Identity } from './authentication/identity';
import type { Sessions } from './console/sessions';
import { isSameSecret } from './same-secret';

export type UserIdentity = Extract<Identity, { kind: 'user' }>;

/** The guard of all entry points. */
export interface Guard {
  /** @throws RequestError `UNAUTHENTICATED` unless the caller is an active user of the account */
  user(request: FastifyRequest): Promise<void>;
  /**
   * Lets in whom `user` does, by a session of the console and by nothing else.
   * @throws RequestError `UNAUTHENTICATED`
   * @throws HttpError 403 for a request that another site may have sent
   */
  session(request: FastifyRequest): Promise<void>;
  /** @throws RequestError `UNAUTHENTICATED` unless the caller is an operator */
  operator(request: FastifyRequest): Promise<void>;
  /** Lets in whom `user` or `operator` does. @throws RequestError `UNAUTHENTICATED` */
  reader(request: FastifyRequest): Promise<void>;
  /**
   * Looks again at the caller whom `reader` let in, whose answer is not over. It is no attempt of the caller, so that nothing is
   * counted or recorded.
   * @throws RequestError `UNAUTHENTICATED`
   */
  again(request: FastifyRequest): Promise<void>;
  /** @throws RequestError `UNAUTHENTICATED` unless the caller has the token of scrapers, if there is one */
  scraper(request: FastifyRequest): Promise<void>;
  /** Returns the user that `user` let in with this request. */
  caller(request: FastifyRequest): UserIdentity;
  /** Returns whom `reader` let in with this request. */
  readerOf(request: FastifyRequest): Identity;
}

export interface GuardParts {
  /** Authenticators of tokens, in the order in which they are asked. */
  readonly authenticators: readonly Authenticator[];
  /** Sessions of the console, which count where the table of addresses says so. */
  readonly sessions: Sessions;
  readonly reads: Pick<DecisionReads, 'userStatus'>;
}

export function createGuard(
  { authenticators, sessions, reads }: GuardParts,
  { metricsToken }: Pick<Config, 'metricsToken'>,
): Guard {
  const callers = new WeakMap<FastifyRequest, UserIdentity>();
  const operators = new WeakSet<FastifyRequest>();
  const identify = async (request: FastifyRequest): Promise<Identity> => {
    const { authorization } = request.headers;
    const takesSessions = request.routeOptions.config.sessions === true;
    // A token that is sent is meant, good or bad; the password that a proxy asks for is none.
    if (takesSessions && !/^bearer\b/i.test(authorization ?? '') && sessions.isOffered(request))
      return bySession(sessions, request);
    const token = bearerToken(authorization);
    if (token === null)
      throw new UnauthenticatedError('no token', 'Send a token: “Authorization: Bearer ...”.');
    const authenticator = authenticators.find((each) => each.recognises(token));
    if (!authenticator) throw new UnauthenticatedError('bad token', NOT_VALID);
    return authenticator.identify(token).catch((error: unknown) => {
      throw error instanceof InvalidTokenError ? new UnauthenticatedError('bad token', NOT_VALID) : error;
    });
  };
  const admit = (request: FastifyRequest, identity: Identity): void => {
    if (identity.kind !== 'user')
      throw new UnauthenticatedError(
        'not a user',
        'This is the token of an operator; a user’s is needed.',
        identity,
      );
    const { account, user } = identity;
    const details = sessions.of(request) ? { signIn: sessions.mode } : {};
    // The same message for both: a token of a user who never existed reveals nothing.
    if (reads.userStatus(account, [user]).get(user) !== 'ACTIVE')
      throw new UnauthenticatedError(
        'not active',
        'The user of the token is not an active user of its account.',
        identity,
        details,
      );
    callers.set(request, identity);
  };
  const reader = async (request: FastifyRequest): Promise<void> => {
    const identity = await identify(request);
    if (identity.kind === 'operator') operators.add(request);
    else admit(request, identity);
  };
  const callerOf = (request: FastifyRequest): UserIdentity => {
    const caller = callers.get(request);
    if (!caller) throw new Error('The guard did not see this request.');
    return caller;
  };
  return {
    reader,
    again: reader,
    async user(request) {
      admit(request, await identify(request));
    },
    async session(request) {
      admit(request, await bySession(sessions, request));
    },
    async operator(request) {
      const identity = await identify(request);
      if (identity.kind !== 'operator')
        throw new UnauthenticatedError('not an operator', 'This needs the token of an operator.', identity);
    },
    async scraper({ headers }) {
      if (metricsToken !== null) demandScraper(bearerToken(headers.authorization), metricsToken);
    },
    caller: callerOf,
    readerOf: (request) => (operators.has(request) ? { kind: 'operator' } : callerOf(request)),
  };
}

function demandScraper(token: string | null, wanted: string): void {
  if (token === null || !isSameSecret(token, wanted))
    throw new UnauthenticatedError('not a scraper', 'This needs the token of scrapers.');
}

async function bySession(sessions: Sessions, request: FastifyRequest): Promise<Identity> {
  const details = { signIn: sessions.mode };
  if (!sessions.isOffered(request))
    throw new UnauthenticatedError('no session', 'You are not signed in.', null, details);
  return sessions.callerOf(request).catch((error: unknown) => {
    if (!(error instanceof InvalidTokenError)) throw error;
    throw new UnauthenticatedError('bad session', 'The session is over. Sign in again.', null, details);
  });
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
        // To ask whether one is signed in, when one is not, is no attempt.
        if (error instanceof UnauthenticatedError && error.why !== 'no session') await act(request, error);
        throw error;
      }
    };
  return {
    user: watched((request) => guard.user(request)),
    session: watched((request) => guard.session(request)),
    operator: watched((request) => guard.operator(request)),
    scraper: watched((request) => guard.scraper(request)),
    reader: watched((request) => guard.reader(request)),
    again: (request) => guard.again(request),
    caller: (request) => guard.caller(request),
    readerOf: (request) => guard.readerOf(request),
  };
}

const NOT_VALID = 'The token is not valid, or not any more.';

/** The refusal of a caller at the door, with what is recorded of it besides the message. */
export class UnauthenticatedError extends RequestError {
  override readonly name = 'UnauthenticatedError';

  constructor(
    readonly why:
      | 'no token'
      | 'bad token'
      | 'no session'
      | 'bad session'
      | 'not active'
      | 'not a user'
      | 'not an operator'
      | 'not a scraper',
    message: string,
    /** Identity that a valid token names; null where there was no such token. */
    readonly identity: Identity | null = null,
    /** Further members of the error. */
    details: { readonly signIn?: string } = {},
  ) {
    super('UNAUTHENTICATED', message, details);
  }
}
