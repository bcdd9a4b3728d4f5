import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Config } from '../../config/config';
import { RequestError } from '../../graphql/errors';
import { InvalidTokenError } from '../authentication/identity';
import type { OidcTokens } from '../authentication/oidc/oidc-tokens';
import type { SigningKey } from '../authentication/signing-key';
import type { SignIn, SignInOutcome } from './console';
import { sendChooser } from './chooser-page';
import { SignInFailure } from './failure-page';
import { FlowError, Provider, type FlowSecrets, type SigningIssuer } from './provider';
import { returnPath } from './return-path';
import { Sealed } from './sealed';
import { cookiesOf } from './sessions';

/**
 * Sign-in with a provider. What is known of a sign-in under way is in a cookie of its own, so that its two halves may come to
 * two replicas; it is for ten minutes and one use.
 */

const UNDER_WAY_MS = 10 * 60_000;
/** Number of completed sign-ins that are remembered. */
const USED = 100_000;

interface UnderWay extends FlowSecrets {
  readonly issuer: string;
  /** Path that the sign-in leads to. */
  readonly to: string;
  /** In milliseconds since 1970. */
  readonly beganAt: number;
}

export interface OidcSignInTools {
  readonly config: Pick<Config, 'oidc' | 'publicUrl' | 'consolePath'>;
  readonly signingKey: SigningKey;
  readonly tokens: Pick<OidcTokens, 'signIn'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly now?: () => number;
}

export function oidcSignIn({ config, signingKey, tokens, logger, now = Date.now }: OidcSignInTools): SignIn {
  const { consolePath: base } = config;
  const cookies = cookiesOf(config);
  const sealed = new Sealed<UnderWay>(signingKey, 'sign-in under way');
  const used = new LRUCache<string, true>({ max: USED });
  const providers = providersOf(config);
  const failed = (failure: SignInFailure): SignInOutcome => ({ who: failure, to: `${base}/roles` });
  const failedBy = (error: unknown): SignInOutcome => {
    const failure = failureOf(error);
    if (failure === null) throw error;
    logger.warn({ code: failure.code, why: (error as Error).message }, 'a sign-in of the console failed');
    return failed(failure);
  };

  return {
    async begin(request, reply) {
      const query = request.query as { readonly to?: unknown; readonly issuer?: unknown };
      const to = returnPath(query.to, base);
      if (to === null) return failed(ELSEWHERE);
      if (query.issuer === undefined && providers.size > 1) {
        sendChooser(reply, providers.keys(), { base, to });
        return null;
      }
      const provider = chosen(providers, query.issuer);
      if (provider === undefined) return failed(NO_PROVIDER);
      try {
        const { address, secrets } = await provider.begin();
        const underWay = { ...secrets, to, issuer: provider.issuer.issuer, beganAt: now() };
        cookies.set(reply, 'signIn', await sealed.seal(underWay), UNDER_WAY_MS);
        reply.redirect(address, 303);
        return null;
      } catch (error) {
        return failedBy(error);
      }
    },

    async complete(request: FastifyRequest, reply: FastifyReply) {
      const underWay = await sealed.open(cookies.read(request, 'signIn') ?? '');
      cookies.clear(reply, 'signIn');
      if (underWay === null || underWay.beganAt + UNDER_WAY_MS <= now() || used.has(underWay.state))
        return failed(NOT_UNDER_WAY);
      used.set(underWay.state, true);
      const provider = providers.get(underWay.issuer);
      if (provider === undefined) return failed(NO_PROVIDER);
      try {
        const token = await provider.complete(queryOf(request), underWay);
        return { who: await tokens.signIn(token), to: underWay.to };
      } catch (error) {
        return failedBy(error);
      }
    },

    async leave({ identity }) {
      const provider = providers.get(identity?.issuer ?? '');
      try {
        return (await provider?.endSession(`${config.publicUrl}${base}/`)) ?? null;
      } catch (error) {
        // The session here has ended all the same.
        logger.warn({ why: (error as Error).message }, 'nobody can be signed out at the provider');
        return null;
      }
    },
  };
}

/** Providers at which the console signs people in, by issuer: none where nobody said where it is found. */
function providersOf({
  oidc,
  publicUrl,
  consolePath,
}: OidcSignInTools['config']): ReadonlyMap<string, Provider> {
  if (publicUrl === null) return new Map();
  const signing = (oidc ?? []).filter((issuer): issuer is SigningIssuer => issuer.client !== null);
  const redirectUri = `${publicUrl}${consolePath}/callback`;
  return new Map(signing.map((issuer) => [issuer.issuer, new Provider(issuer, redirectUri)]));
}

/** The provider of an issuer; where none is named, the only one. */
const chosen = (providers: ReadonlyMap<string, Provider>, issuer: unknown): Provider | undefined =>
  issuer === undefined ? providers.values().next().value : providers.get(String(issuer));

/** The query as it was sent, whose values must not be read and written anew. */
const queryOf = ({ url }: FastifyRequest): string => url.slice(url.indexOf('?') + 1 || url.length);

const AGAIN = 'Begin anew. If it goes on, tell whoever runs Rolebook the code below.';
const ELSEWHERE = new SignInFailure(
  'The address to go to after the sign-in is none of the console.',
  AGAIN,
  400,
);
const NO_PROVIDER = new SignInFailure(
  'The settings name no provider at which the console signs people in.',
  'Whoever runs Rolebook sets ROLEBOOK_PUBLIC_URL and ROLEBOOK_OIDC_CLIENT_ID.',
  400,
);
const NOT_UNDER_WAY = new SignInFailure(
  'No sign-in is under way in this browser: it took too long, was completed already, or was begun elsewhere.',
  AGAIN,
  400,
);
const NOT_A_USER = new SignInFailure(
  'The provider knows you, but you are no user of an account here.',
  'Ask whoever manages its users to give you access.',
);
const BY_KIND: Readonly<Record<FlowError['kind'], SignInFailure>> = {
  away: new SignInFailure(
    'The provider cannot sign you in at the moment.',
    'Try again in a minute.',
    503,
    'IDENTITY_PROVIDER_UNAVAILABLE',
  ),
  declined: new SignInFailure('The provider did not sign you in.', AGAIN),
  refused: new SignInFailure('The answer of the provider was not taken.', AGAIN),
};

/** The failure that an error is to the person; null for a fault of this program. */
function failureOf(error: unknown): SignInFailure | null {
  if (error instanceof FlowError) return BY_KIND[error.kind];
  if (error instanceof InvalidTokenError) return NOT_A_USER;
  if (!(error instanceof RequestError)) return null;
  return error.code === 'IDENTITY_PROVIDER_UNAVAILABLE'
    ? BY_KIND.away
    : new SignInFailure('You cannot be signed in at the moment.', 'Try again in a minute.', 503, error.code);
}
