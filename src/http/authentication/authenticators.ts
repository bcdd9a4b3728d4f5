import type { Config } from '../../config/config';
import type { Authenticator } from './identity';
import { localTokens } from './local-tokens';
import { oidcTokens, type OidcTools } from './oidc/oidc-tokens';
import type { SigningKey } from './signing-key';

export interface Authenticators {
  /** Authenticators in the order in which they are asked. */
  readonly all: readonly Authenticator[];
  close(): void;
}

/** The authenticators of a mode: tokens of the command line in local mode, access tokens of issuers in oidc mode. */
export function openAuthenticators(
  { oidc, projectionWaitMs }: Pick<Config, 'oidc' | 'projectionWaitMs'>,
  signingKey: SigningKey,
  tools: Omit<OidcTools, 'projectionWaitMs'>,
): Authenticators {
  if (oidc === null) return { all: [localTokens(signingKey)], close: () => undefined };
  const tokens = oidcTokens(oidc, { ...tools, projectionWaitMs });
  return { all: [tokens], close: () => tokens.close() };
}
