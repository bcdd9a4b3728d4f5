import type { DecisionReads } from '../../commands/decision-reads';
import type { Config } from '../../config/config';
import { apiKeys } from './api-keys';
import type { Authenticator } from './identity';
import type { SeenTimes } from './last-times';
import { localTokens } from './local-tokens';
import { oidcTokens, type OidcTokens, type OidcTools } from './oidc/oidc-tokens';
import type { SigningKey } from './signing-key';

export interface Authenticators {
  /** Authenticators in the order in which they are asked. */
  readonly all: readonly Authenticator[];
  /** Authenticator of access tokens of issuers; null in local mode. */
  readonly oidc: OidcTokens | null;
  close(): void;
}

export interface AuthenticatorTools extends Omit<OidcTools, 'projectionWaitMs'> {
  readonly reads: DecisionReads;
  readonly apiKeyUses: SeenTimes;
}

/**
 * The authenticators of a mode: tokens of the command line in local mode, access tokens of issuers in oidc mode, and API
 * keys in both.
 */
export function openAuthenticators(
  { oidc, projectionWaitMs }: Pick<Config, 'oidc' | 'projectionWaitMs'>,
  signingKey: SigningKey,
  { apiKeyUses, ...tools }: AuthenticatorTools,
): Authenticators {
  const keys = apiKeys(tools.reads, apiKeyUses);
  if (oidc === null) return { all: [keys, localTokens(signingKey)], oidc: null, close: () => undefined };
  const tokens = oidcTokens(oidc, { ...tools, projectionWaitMs });
  return { all: [keys, tokens], oidc: tokens, close: () => tokens.close() };
}
