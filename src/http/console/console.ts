import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ReadModels } from '../../../projections/view';
import type { DecisionReads } from '../../commands/decision-reads';
import type { Config } from '../../config/config';
import { RequestError } from '../../graphql/errors';
import { globalId } from '../../graphql/global-id';
import { addGuardedRoute, addOpenRoute } from '../add-route';
import type { Guard } from '../guard';
import type { RateLimits } from '../limits/rate-limits';
import type { RefusedAttempts } from '../refused/refused-attempts';
import { ROUTES } from '../routes';
import type { ConsoleFiles } from './console-files';
import { sendFailure, SignInFailure } from './failure-page';
import { addConsolePages } from './pages';
import { demandOwnPage, type Sessions, type SignedIn } from './sessions';

/** The server’s side of the console: its files, sign-in, the session of a browser, sign-out. */

export interface ConsoleParts {
  readonly config: Pick<Config, 'consolePath'>;
  readonly files: ConsoleFiles | null;
  readonly guard: Guard;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly reads: Pick<DecisionReads, 'userStatus'>;
  readonly readModels: Pick<ReadModels, 'view'>;
  readonly limits: RateLimits;
  readonly attempts: RefusedAttempts;
  readonly logger: Pick<Logger, 'info'>;
}

/** Someone who has signed in, and the path that this leads to. */
export interface SignInOutcome {
  readonly who: SignedIn | SignInFailure;
  readonly to: string;
}

/** Sign-in of a mode. */
export interface SignIn {
  /** Answers the address where a sign-in begins: by signing somebody in, or with null, where it has answered itself. */
  begin(request: FastifyRequest, reply: FastifyReply): Promise<SignInOutcome | null>;
  /** Answers the address that a provider leads back to. */
  complete(request: FastifyRequest, reply: FastifyReply): Promise<SignInOutcome>;
  /** Address at which a person whose session has ended signs out of what they signed in with; null: there is nothing. */
  leave(who: SignedIn): Promise<string | null>;
}

export function addConsole(app: FastifyInstance, parts: ConsoleParts): void {
  const { config, files, guard, sessions, signIn } = parts;
  const { consolePath: base } = config;
  app.addHook('onSend', (request, reply) => sessions.renew(request, reply));
  addConsolePages(app, files, base);
  const retry = sessions.mode === 'oidc' ? `${base}/sign-in` : null;
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    outcome: SignInOutcome,
  ): Promise<FastifyReply> => {
    const { to, who } = outcome;
    const refused = who instanceof SignInFailure ? who : refusalOf(parts, who);
    if (refused === null) {
      await sessions.begin(reply, who as SignedIn);
      return reply.redirect(to, 303);
    }
    const told = refused.status === 503 ? refused : await counted(parts, request, refused);
    return sendFailure(request, reply, told, retry);
  };
  addOpenRoute(app, ROUTES.consoleSignIn, async (request, reply) => {
    const outcome = await signIn.begin(request, reply);
    return outcome === null ? reply : answer(request, reply, outcome);
  });
  addOpenRoute(app, ROUTES.consoleCallback, async (request, reply) =>
    answer(request, reply, await signIn.complete(request, reply)),
  );
  addGuardedRoute(app, guard, ROUTES.consoleSession, {
    handler: async (request) => described(parts, request),
  });
  addOpenRoute(app, ROUTES.consoleSignOut, async (request, reply) => {
    demandOwnPage(request);
    const ended = await sessions.end(request, reply);
    const to = ended === null ? null : await signIn.leave(ended);
    return to === null ? reply.code(204).send() : { to };
  });
}

/** Refusal of a person who may not have a session; null for one who may. */
function refusalOf({ reads, readModels }: ConsoleParts, { account, user }: SignedIn): SignInFailure | null {
  const isActive = reads.userStatus(account, [user]).get(user) === 'ACTIVE';
  const { kind } = readModels.view(account).users([user]).get(user) ?? {};
  if (isActive && kind === 'PERSON') return null;
  return new SignInFailure(
    'You are no active user of this account.',
    'Ask whoever manages its users to give you access.',
  );
}

/** Counts and records a sign-in that failed, as a token that fails. */
async function counted(
  { limits, attempts }: ConsoleParts,
  request: FastifyRequest,
  refused: SignInFailure,
): Promise<SignInFailure> {
  attempts.record({
    code: 'UNAUTHENTICATED',
    operation: `${request.method} ${request.routeOptions.url ?? ''}`,
    requestId: request.id,
    account: null,
    actor: null,
    address: request.ip,
    why: 'failed sign-in',
  });
  try {
    await limits.failure(request.ip);
    return refused;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return new SignInFailure(
      'Too many sign-ins from here have failed.',
      'Try again in a minute.',
      429,
      error.code,
    );
  }
}

/** The session of a request, for the page. */
function described({ sessions, guard, readModels }: ConsoleParts, request: FastifyRequest): object {
  const { account, user } = guard.caller(request);
  const session = sessions.of(request);
  const { name = null, username = null } = readModels.view(account).users([user]).get(user) ?? {};
  return {
    account,
    user: { id: globalId('User', user), name, username },
    mode: sessions.mode,
    expiresAt: session ? new Date(sessions.endOf(session)).toISOString() : null,
  };
}
