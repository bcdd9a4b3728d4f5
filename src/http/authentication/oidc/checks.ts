import type { CompactVerifyGetKey, JWTPayload } from 'jose';
import type { OidcIssuer } from '../../../config/oidc-issuer';
import { InvalidTokenError } from '../identity';
import { hasOneText } from '../one-text';
import {
  ALGORITHMS,
  HEADER_FAULTS,
  idTokenClaim,
  issuedAtIn,
  TOLERANCE_S,
  type AccessTokens,
  type VerifiedToken,
} from './access-tokens';
import { IssuerAwayError, type KeySet } from './issuer-keys';

/**
 * Checks of an access token one by one, for people who ask which of them fails. Whether a token is taken is decided by
 * `AccessTokens.verify`, which stops at the first.
 */

export interface TokenCheck {
  readonly check: string;
  readonly result: 'passed' | 'failed' | 'not checked';
  /** Fault, or what kept it from being looked for; null: none. */
  readonly why: string | null;
}

type Parts = Pick<VerifiedToken, 'header' | 'claims'>;

/** Looks at all that is checked of a token. `issuer`: the one in the settings that it names; null: none of them. */
export async function checksOf(
  token: string,
  { header, claims }: Parts,
  issuer: OidcIssuer | null,
  tokens: Pick<AccessTokens, 'keysWith'>,
): Promise<TokenCheck[]> {
  const first = [
    ruled('spelling', hasOneText(token) ? null : 'It is not written as it was issued.'),
    ruled('issuer', issuer ? null : 'It is none of those in the settings.'),
  ];
  const claimed = [
    ruled(
      'issued (iat)',
      faultOf(() => issuedAtIn(claims)),
    ),
    ruled('not before (nbf)', notBeforeFault(claims)),
    ruled('expires (exp)', expiryFault(claims)),
    ruled('no ID token', idTokenFault(claims)),
  ];
  if (issuer === null) return [...first, ...claimed];
  return [
    ...first,
    ...Object.entries(HEADER_FAULTS).map(([name, find]) => ruled(name, find(header, issuer))),
    ...(await signatureChecks(token, { header, claims }, issuer, tokens)),
    ruled('audience', audienceFault(claims, issuer)),
    ...claimed,
  ];
}

async function signatureChecks(
  token: string,
  { header, claims }: Parts,
  issuer: OidcIssuer,
  tokens: Pick<AccessTokens, 'keysWith'>,
): Promise<TokenCheck[]> {
  const [published, signature] = ['key is published', 'signature'];
  const open = (why: string): TokenCheck[] =>
    [published, signature].map((check) => ({ check, result: 'not checked', why }));
  const isBad = Object.values(HEADER_FAULTS).some((find) => find(header, issuer) !== null);
  if (isBad) return open('The header is refused before.');
  const issuedAt = typeof claims.iat === 'number' ? claims.iat * 1_000 : 0;
  let keys: KeySet | null;
  try {
    keys = await tokens.keysWith(issuer.issuer, header.kid as string, issuedAt);
  } catch (error) {
    if (error instanceof IssuerAwayError) return open('The issuer cannot be asked for its keys.');
    throw error;
  }
  if (keys === null)
    return [
      ruled(published, 'The issuer has no such key.'),
      { check: signature, result: 'not checked', why: 'There is no key to check it by.' },
    ];
  return [ruled(published, null), ruled(signature, await signatureFault(token, keys))];
}

async function signatureFault(token: string, keys: KeySet): Promise<string | null> {
  const { compactVerify } = await import('jose');
  // The type excludes headers with `b64`, which is an extension, and extensions are refused before.
  const find = keys.find as CompactVerifyGetKey;
  return compactVerify(token, find, { algorithms: ALGORITHMS }).then(
    () => null,
    (error: Error) => `It is not verified: ${error.message}.`,
  );
}

const ruled = (check: string, fault: string | null): TokenCheck => ({
  check,
  result: fault === null ? 'passed' : 'failed',
  why: fault,
});

function faultOf(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof InvalidTokenError) return error.message;
    throw error;
  }
}

const audienceFault = ({ aud }: JWTPayload, { audience }: OidcIssuer): string | null =>
  [aud].flat().includes(audience) ? null : `It is not ${audience}.`;

function expiryFault({ exp }: JWTPayload): string | null {
  if (typeof exp !== 'number') return 'It does not say when it expires.';
  return exp > now() - TOLERANCE_S ? null : 'It has expired.';
}

function notBeforeFault({ nbf }: JWTPayload): string | null {
  if (nbf === undefined) return null;
  if (typeof nbf !== 'number') return 'It is no time.';
  return nbf <= now() + TOLERANCE_S ? null : 'It is not good yet.';
}

function idTokenFault(claims: JWTPayload): string | null {
  const claim = idTokenClaim(claims);
  return claim === undefined ? null : `It has ${claim}, as ID tokens have.`;
}

const now = (): number => Math.floor(Date.now() / 1_000);
