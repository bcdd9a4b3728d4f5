import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { isId } from '../../domain/vocabulary';
import { InvalidTokenError, type Authenticator, type Identity } from './identity';
import { hasOneText } from './one-text';
import type { SigningKey } from './signing-key';

/** Tokens that Rolebook issues itself: JWTs (HS256) of the issuer `rolebook`. The account comes from the token alone. */

const ISSUER = 'rolebook';

/** Loaded with the first token: most commands of the command line read the key and need none. */
const jose = (): Promise<typeof import('jose')> => import('jose');

export interface TokenOptions {
  readonly expiresAt: Date;
}

/** Lifetimes, in milliseconds. That of an operator is short, for the token opens every account. */
export const USER_TOKEN_MS = 30 * 86_400_000;
export const OPERATOR_TOKEN_MS = 3_600_000;

/** A token of a user of an account. */
export function issueToken(
  key: SigningKey,
  { account, user }: { readonly account: string; readonly user: string },
  options: TokenOptions = { expiresAt: new Date(Date.now() + USER_TOKEN_MS) },
): Promise<string> {
  return sign(key, { acc: account, sub: user }, options);
}

/** A token of an operator, good for every account. */
export function issueOperatorToken(
  key: SigningKey,
  options: TokenOptions = { expiresAt: new Date(Date.now() + OPERATOR_TOKEN_MS) },
): Promise<string> {
  return sign(key, { op: true }, options);
}

async function sign(key: SigningKey, claims: JWTPayload, { expiresAt }: TokenOptions): Promise<string> {
  const { SignJWT } = await jose();
  const token = new SignJWT(claims);
  token.setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(ISSUER).setIssuedAt();
  token.setExpirationTime(expiresAt);
  return token.sign(key);
}

/** Identity that a token names, and the time of its expiry, in milliseconds since 1970. */
interface Verified {
  readonly identity: Identity;
  readonly expiresAt: number;
}
/** Number of verified tokens in the cache; a cached one costs no cryptography. */
const KNOWN_TOKENS = 10_000;

/**
 * Authenticates by tokens signed with a key, which is every token that no other authenticator recognises. Clients send the
 * same one repeatedly, so that a verified one is cached.
 */
export function localTokens(key: SigningKey): Authenticator {
  const known = new LRUCache<string, Verified>({ max: KNOWN_TOKENS });
  return {
    recognises: () => true,
    async identify(token) {
      let verified = known.get(token);
      if (!verified || verified.expiresAt <= Date.now()) {
        verified = await verify(key, token);
        known.set(token, verified);
      }
      return verified.identity;
    },
  };
}

async function verify(key: SigningKey, token: string): Promise<Verified> {
  if (!hasOneText(token)) throw new InvalidTokenError('The token is not written as it was issued.');
  const { jwtVerify } = await jose();
  const { payload } = await jwtVerify(token, key, { issuer: ISSUER, algorithms: ['HS256'] }).catch(
    (cause) => {
      throw new InvalidTokenError('The token is not valid.', { cause });
    },
  );
  return { identity: identityOf(payload), expiresAt: (payload.exp ?? Infinity) * 1_000 };
}

function identityOf({ op, acc, sub }: JWTPayload): Identity {
  if (op === true) return { kind: 'operator' };
  if (typeof acc === 'string' && typeof sub === 'string' && isId(acc) && isId(sub))
    return { kind: 'user', account: acc, user: sub };
  throw new InvalidTokenError('The token names no user of an account.');
}
