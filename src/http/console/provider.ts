import type * as OpenIdClient from 'openid-client';
import { isPrivate } from '../../config/loopback';
import type { OidcClient, OidcIssuer } from '../../config/oidc-issuer';

/** The authorization code flow with PKCE at one provider, as its client. */

/** An issuer at which the console signs people in. */
export interface SigningIssuer extends OidcIssuer {
  readonly client: OidcClient;
}

/** Secrets of a sign-in that are kept between its two halves. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** A sign-in that did not come about, by whose doing. The message is for operators alone. */
export class FlowError extends Error {
  override readonly name = 'FlowError';

  constructor(
    readonly kind: 'away' | 'declined' | 'refused',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TIMEOUT_S = 5;
/** Age at which the document of discovery is read again. */
const DISCOVERY_MS = 5 * 60_000;

/** Loaded with the first sign-in: nothing else needs it. */
const openid = (): Promise<typeof OpenIdClient> => import('openid-client');

export class Provider {
  private found: {
    readonly configuration: Promise<OpenIdClient.Configuration>;
    readonly until: number;
  } | null = null;

  constructor(
    readonly issuer: SigningIssuer,
    /** Address that the provider leads back to. */
    private readonly redirectUri: string,
  ) {}

  /** Begins a sign-in: the address at the provider that a browser is led to. @throws FlowError */
  async begin(): Promise<{ readonly address: string; readonly secrets: FlowSecrets }> {
    const client = await openid();
    const configuration = await this.configuration();
    const secrets = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: this.issuer.client.scope,
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(secrets.verifier),
      code_challenge_method: 'S256',
      ...this.audience(),
    });
    return { address: url.href, secrets };
  }

  /** Completes a sign-in: exchanges the code in the query for an access token. @throws FlowError */
  async complete(query: string, { state, nonce, verifier }: FlowSecrets): Promise<string> {
    const client = await openid();
    const configuration = await this.configuration();
    const url = new URL(this.redirectUri);
    url.search = query;
    const { resource } = this.audience();
    try {
      const tokens = await client.authorizationCodeGrant(
        configuration,
        url,
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
        resource === undefined ? {} : { resource },
      );
      return tokens.access_token;
    } catch (error) {
      throw flowError(client, error);
    }
  }

  /**
   * Address at which the provider signs a person out, and leads them back from; null where the settings do not ask for that, or
   * it has none. @throws FlowError
   */
  async endSession(backTo: string): Promise<string | null> {
    if (this.issuer.client.signOut !== 'provider') return null;
    const client = await openid();
    const configuration = await this.configuration();
    const { end_session_endpoint: address } = configuration.serverMetadata();
    if (address === undefined) return null;
    if (!URL.canParse(address) || !isPrivate(new URL(address)))
      throw new FlowError('refused', `${this.issuer.issuer} names no address of sign-outs by https.`);
    return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: backTo }).href;
  }

  private audience(): { readonly resource?: string; readonly audience?: string } {
    const { audience, client } = this.issuer;
    return client.audienceParameter === null ? {} : { [client.audienceParameter]: audience };
  }

  /** Reads the document of discovery. Sign-ins that come at once share a request; after one that failed the next asks anew. */
  private configuration(): Promise<OpenIdClient.Configuration> {
    const now = Date.now();
    if (this.found === null || this.found.until <= now) {
      const configuration = this.discover();
      const found = { configuration, until: now + DISCOVERY_MS };
      this.found = found;
      configuration.catch(() => {
        if (this.found === found) this.found = null;
      });
    }
    return this.found.configuration;
  }

  private async discover(): Promise<OpenIdClient.Configuration> {
    const client = await openid();
    const { issuer, client: own } = this.issuer;
    const authenticate: OpenIdClient.ClientAuth = (as, ...rest) => {
      if (own.secret === null) return client.None()(as, ...rest);
      // The specification has every provider take `Basic`; some say that theirs does not.
      const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = as;
      const isBasic = methods.includes('client_secret_basic');
      return (isBasic ? client.ClientSecretBasic : client.ClientSecretPost)(own.secret)(as, ...rest);
    };
    try {
      return await client.discovery(new URL(issuer), own.id, undefined, authenticate, {
        timeout: TIMEOUT_S,
        // The settings let only a loopback address have it.
        execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
      });
    } catch (cause) {
      throw new FlowError('away', `${issuer} cannot be asked.`, { cause });
    }
  }
}

/** Sorts what the library throws: the provider told that it did not sign anybody in, cannot be asked, or is not believed. */
function flowError(client: typeof OpenIdClient, error: unknown): FlowError {
  const { message } = error as Error;
  const options = { cause: error };
  if (error instanceof client.AuthorizationResponseError)
    return new FlowError(
      AWAY.includes(error.error) ? 'away' : 'declined',
      `It answered ${error.error}.`,
      options,
    );
  if (error instanceof client.ResponseBodyError) {
    const kind = error.status >= 500 ? 'away' : 'refused';
    return new FlowError(kind, `It refused the code: ${error.error}.`, options);
  }
  if (isAway(error)) return new FlowError('away', `It cannot be asked: ${message}.`, options);
  return new FlowError('refused', message, options);
}

/** True for a request that got no answer: `fetch` says so by messages and names alone, somewhere among the causes. */
function isAway(error: unknown): boolean {
  for (let at = error as Error | undefined; at; at = at.cause as Error | undefined) {
    const { name, message } = at;
    if (name === 'TimeoutError' || name === 'AbortError' || message === 'fetch failed') return true;
  }
  return false;
}

/** Errors by which a provider says that it cannot do it now (RFC 6749, 4.1.2.1). */
const AWAY: readonly string[] = ['server_error', 'temporarily_unavailable'];
