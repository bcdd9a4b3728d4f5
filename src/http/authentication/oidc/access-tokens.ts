import { hash } from 'node:crypto';
import type { JWTPayload, ProtectedHeaderParameters } from 'jose';
import { LRUCache } from 'lru-cache';
import type { OidcIssuer } from '../../../config/oidc-issuer';
import { InvalidTokenError } from '../identity';
import { hasOneText } from '../one-text';
import { IssuerKeys, KEY_TIMES, type IssuerKeysOptions, type KeySet } from './issuer-keys';

/** Access tokens of issuers: JWTs whose signature, header and claims are checked. Whom they name is mapped elsewhere. */

/** Algorithms of signatures: none with a secret, and none that is weaker. */
export const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
/** Bearable difference of clocks, in seconds. */
export const TOLERANCE_S = 5;
/** Number of verified tokens in the cache; a cached one costs a hash. */
const KNOWN_TOKENS = 10_000;
/** Claims of ID tokens, which tell a client who signed in and are no right to anything. */
const OF_ID_TOKENS = ['nonce', 'at_hash', 'c_hash'] as const;

/** A token that its issuer signed for this API. */
export interface VerifiedToken {
  readonly issuer: OidcIssuer;
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
  /** True at the first use of the token that is known here. */
  readonly isFirstUse: boolean;
}

interface Known extends VerifiedToken {
  /** Keys under which it was verified: when they change, it is verified again. */
  readonly keys: KeySet;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

interface Source {
  readonly issuer: OidcIssuer;
  readonly keys: IssuerKeys;
}

export interface AccessTokensOptions {
  /** Called when an issuer cannot be asked for its keys, and with null when it can again. */
  readonly onAway?: (issuer: string, error: unknown) => void;
  readonly times?: Partial<Omit<IssuerKeysOptions, 'onAway'>>;
}

/** Verifies access tokens of the issuers; keeps what it found out, by the hash of the token. */
export class AccessTokens {
  private readonly sources: ReadonlyMap<string, Source>;
  private readonly known = new LRUCache<string, Known>({ max: KNOWN_TOKENS });

  constructor(issuers: readonly OidcIssuer[], { onAway, times }: AccessTokensOptions = {}) {
    const sourceOf = (issuer: OidcIssuer): Source => {
      const away = (error: unknown): void => onAway?.(issuer.issuer, error);
      return { issuer, keys: new IssuerKeys(issuer.issuer, { ...KEY_TIMES, ...times, onAway: away }) };
    };
    this.sources = new Map(issuers.map((issuer) => [issuer.issuer, sourceOf(issuer)]));
    for (const { keys } of this.sources.values()) keys.start();
  }

  /**
   * @throws InvalidTokenError whose message says why, which is for operators alone
   * @throws IssuerAwayError if the key is not known and the issuer cannot be asked
   */
  async verify(token: string): Promise<VerifiedToken> {
    const name = hash('sha256', token, 'base64url');
    const known = this.known.get(name);
    if (known && known.expiresAt > Date.now() && known.keys === this.keysOf(known)) return known;
    this.known.delete(name);
    const verified = await this.verifyNow(token);
    this.known.set(name, { ...verified, isFirstUse: false });
    return { ...verified, isFirstUse: known === undefined };
  }

  /**
   * Keys of an issuer of the settings, with that of the given id among them; null if it has no such key.
   * @throws IssuerAwayError
   */
  async keysWith(issuer: string, id: string, issuedAt: number): Promise<KeySet | null> {
    return (await this.sources.get(issuer)?.keys.with(id, issuedAt)) ?? null;
  }

  /** Asks the issuers no more. */
  close(): void {
    for (const { keys } of this.sources.values()) keys.close();
  }

  private keysOf({ issuer }: Known): KeySet | null {
    return this.sources.get(issuer.issuer)?.keys.current ?? null;
  }

  private async verifyNow(token: string): Promise<Omit<Known, 'isFirstUse'>> {
    if (!hasOneText(token)) throw new InvalidTokenError('It is not written as it was issued.');
    const { header, claims } = await decoded(token);
    const source = typeof claims.iss === 'string' ? this.sources.get(claims.iss) : undefined;
    if (!source) throw new InvalidTokenError('Its issuer is none of those in the settings.');
    const { issuer } = source;
    const id = keyIdIn(header, issuer);
    const keys = await source.keys.with(id, issuedAtIn(claims));
    if (keys === null) throw new InvalidTokenError('The issuer has no such key.');
    await verifySigned(token, keys, issuer);
    return { issuer, header, claims, keys, expiresAt: (claims.exp ?? 0) * 1_000 };
  }
}

/** Header and claims, before anything is verified. */
export async function decoded(token: string): Promise<Pick<VerifiedToken, 'header' | 'claims'>> {
  const { decodeJwt, decodeProtectedHeader } = await import('jose');
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch (cause) {
    throw new InvalidTokenError('It is no JWT.', { cause });
  }
}

/**
 * Time of issue, in milliseconds since 1970. Looked at before keys are: a token from the future would wait for keys that are no
 * newer, and a claim may be of any type before its token is verified.
 */
export function issuedAtIn({ iat }: JWTPayload): number {
  if (typeof iat !== 'number' || !Number.isFinite(iat))
    throw new InvalidTokenError('It does not say when it was issued (iat).');
  if (iat > Date.now() / 1_000 + TOLERANCE_S) throw new InvalidTokenError('It is issued in the future.');
  return iat * 1_000;
}

/** Demands on a header, in the order in which they are looked at: the fault, or null. */
export const HEADER_FAULTS = {
  algorithm: ({ alg }) =>
    typeof alg === 'string' && ALGORITHMS.includes(alg)
      ? null
      : `Its algorithm is none of ${ALGORITHMS.join(', ')}.`,
  type: ({ typ }, { tokenType }) => (typ === tokenType ? null : `Its type is not ${tokenType}.`),
  extensions: ({ crit }) => (crit === undefined ? null : 'It has a critical extension.'),
  key: ({ kid }) => (typeof kid === 'string' ? null : 'It does not name its key.'),
} as const satisfies Record<string, (header: ProtectedHeaderParameters, issuer: OidcIssuer) => string | null>;

/** Id of the key that a header names. Headers that cannot be taken cost no request to the issuer. */
function keyIdIn(header: ProtectedHeaderParameters, issuer: OidcIssuer): string {
  for (const faultOf of Object.values(HEADER_FAULTS)) {
    const fault = faultOf(header, issuer);
    if (fault !== null) throw new InvalidTokenError(fault);
  }
  return header.kid as string;
}

/** The claim by which claims are those of an ID token; undefined for an access token. */
export const idTokenClaim = (claims: JWTPayload): string | undefined =>
  OF_ID_TOKENS.find((claim) => claims[claim] !== undefined);

async function verifySigned(token: string, keys: KeySet, { issuer, audience }: OidcIssuer): Promise<void> {
  const { jwtVerify } = await import('jose');
  const { payload } = await jwtVerify(token, keys.find, {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: TOLERANCE_S,
    requiredClaims: ['exp', 'iat'],
  }).catch((cause: Error) => {
    throw new InvalidTokenError(`It is not verified: ${cause.message}.`, { cause });
  });
  if (idTokenClaim(payload) !== undefined)
    throw new InvalidTokenError('It is an ID token, not an access token.');
}
