import type { Logger } from 'pino';
import type { ReadModels } from '../../../../projections/view';
import type { CommandBus } from '../../../commands/command';
import type { DecisionReads } from '../../../commands/decision-reads';
import type { OidcIssuer } from '../../../config/oidc-issuer';
import type { ExternalIdentity } from '../../../domain/user/events';
import { RequestError } from '../../../graphql/errors';
import { InvalidTokenError, type Authenticator, type Identity } from '../identity';
import type { SeenTimes } from '../last-times';
import { AccessTokens, type AccessTokensOptions, type VerifiedToken } from './access-tokens';
import { IssuerAwayError } from './issuer-keys';
import { LastLogins } from './last-logins';
import { namedBy, type NamedPerson } from './named';
import { Registrations } from './registration';
import type { Unlinked } from './unlinked';

export interface OidcTools {
  readonly bus: CommandBus;
  readonly reads: Pick<DecisionReads, 'userByIdentity' | 'userStatus' | 'enabledFeatures'>;
  readonly readModels: Pick<ReadModels, 'view' | 'waitFor'>;
  readonly projectionWaitMs: number;
  readonly signIns: SeenTimes;
  /** Persons who are linked to nobody. */
  readonly persons: Unlinked;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly times?: AccessTokensOptions['times'];
}

/** A person whom an access token names, as the user of an account. */
export interface TokenPerson {
  readonly account: string;
  readonly user: string;
  readonly identity: ExternalIdentity;
}

export interface OidcTokens extends Authenticator {
  /**
   * Signs a person in by an access token, which is what its use in a request does too.
   * @throws InvalidTokenError whose message says why, which is for operators alone
   * @throws RequestError `IDENTITY_PROVIDER_UNAVAILABLE`, or others of a registration
   */
  signIn(token: string): Promise<TokenPerson>;
  /** Asks the issuers no more. */
  close(): void;
}

/** Authenticates by access tokens of issuers, which is every token that no other authenticator recognises. */
export function oidcTokens(issuers: readonly OidcIssuer[], tools: OidcTools): OidcTokens {
  const { logger, reads } = tools;
  const tokens = new AccessTokens(issuers, {
    times: tools.times,
    onAway: (issuer, err) =>
      err === null
        ? logger.info({ issuer }, 'the issuer of access tokens can be asked again')
        : logger.warn({ issuer, err }, 'the issuer of access tokens cannot be asked for its keys'),
  });
  const registrations = new Registrations({
    ...tools,
    onUnlinked: ({ account, identity: { issuer } }, why) =>
      logger.warn({ account, issuer, code: 'IDENTITY_UNLINKED', why }, UNLINKED),
  });
  const logins = new LastLogins({
    ...tools,
    onFailure: (err) => logger.warn({ err }, 'a sign-in could not be recorded'),
  });
  const userOf = async (person: NamedPerson, { register }: OidcIssuer): Promise<string | null> => {
    const { account, identity } = person;
    const user = reads.userByIdentity(account, identity);
    if (user !== null) return user;
    if (reads.enabledFeatures(account) === null) return null;
    return register ? registrations.userOf(person) : registrations.unlinked(person, 'UNKNOWN');
  };
  const namedIn = async (token: string): Promise<TokenPerson | 'operator'> => {
    const { claims, issuer, isFirstUse } = await verified(tokens, token);
    const named = namedBy(claims, issuer);
    if (named.kind === 'operator') return 'operator';
    const user = named.kind === 'person' ? await userOf(named, issuer) : null;
    if (named.kind === 'nobody' || user === null)
      throw new InvalidTokenError('The token names no user of an account.');
    const { account, identity } = named;
    const login = { account, user, issuer: issuer.issuer };
    logins.seen(login);
    if (isFirstUse) logins.signedIn(login, (claims.iat ?? 0) * 1_000);
    return { account, user, identity };
  };
  return {
    recognises: () => true,
    close: () => tokens.close(),
    async identify(token): Promise<Identity> {
      const named = await namedIn(token);
      if (named === 'operator') return { kind: 'operator' };
      const { account, user } = named;
      return { kind: 'user', account, user };
    },
    async signIn(token) {
      const named = await namedIn(token);
      if (named === 'operator') throw new InvalidTokenError('The token is that of an operator.');
      return named;
    },
  };
}

const UNLINKED = 'an access token is of an identity that is linked to no user of the account';

const verified = (tokens: AccessTokens, token: string): Promise<VerifiedToken> =>
  tokens.verify(token).catch((error: unknown) => {
    if (!(error instanceof IssuerAwayError)) throw error;
    throw new RequestError(
      'IDENTITY_PROVIDER_UNAVAILABLE',
      'The issuer of the token cannot be asked for the key that signed it. Try again.',
    );
  });
