import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { ConfigError } from '../config/config';
import { isId } from '../domain/vocabulary';
import { makeOnce } from '../shared/durable-file';

/** Identity of the caller: tokens are JWTs (HS256) of the issuer `rolebook`. The account comes from the token alone. */

export type SigningKey = Uint8Array;

export type Identity =
  | { readonly kind: 'user'; readonly account: string; readonly user: string }
  /** The person who runs the command line on the server’s machine. */
  | { readonly kind: 'operator' };

/** A token without trustworthy claims. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

const ISSUER = 'rolebook';
const KEY_BYTES = 32;

/**
 * Reads the key; if there is no file yet, creates one that only its owner can read.
 * @throws ConfigError for a file that holds no key, or cannot be read
 */
export function loadSigningKey({ signingKeyFile }: { readonly signingKeyFile: string }): SigningKey {
  try {
    if (!existsSync(signingKeyFile)) makeOnce(signingKeyFile, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw faulty(signingKeyFile, `is not there and cannot be made (${code})`);
  }
  return readKey(signingKeyFile);
}

/**
 * The existing key; null if there is none.
 * @throws ConfigError for a file that holds no key, or cannot be read
 */
export const existingSigningKey = ({
  signingKeyFile,
}: {
  readonly signingKeyFile: string;
}): SigningKey | null => (existsSync(signingKeyFile) ? readKey(signingKeyFile) : null);

/** Reads the key. Errors do not repeat the content of the file: it may be a key with a digit missing. */
function readKey(file: string): SigningKey {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw faulty(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (content.length === KEY_BYTES) return new Uint8Array(content);
  const text = content.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  throw faulty(file, `is not ${KEY_BYTES} bytes, raw or as ${KEY_BYTES * 2} hex digits`);
}

const faulty = (file: string, what: string): ConfigError =>
  new ConfigError([`ROLEBOOK_SIGNING_KEY_FILE: ${file} ${what}.`]);

/** Loaded with the first token: most commands of the command line read the key and need none. */
const jose = (): Promise<typeof import('jose')> => import('jose');

export interface TokenOptions {
  /** Left out: the token does not expire. */
  readonly expiresAt?: Date;
}

/** A token of a user of an account. */
export function issueToken(
  key: SigningKey,
  { account, user }: { readonly account: string; readonly user: string },
  options: TokenOptions = {},
): Promise<string> {
  return sign(key, { acc: account, sub: user }, options);
}

/** A token of an operator; short-lived, for it opens every account. */
export function issueOperatorToken(
  key: SigningKey,
  options: TokenOptions = { expiresAt: new Date(Date.now() + 3_600_000) },
): Promise<string> {
  return sign(key, { op: true }, options);
}

async function sign(key: SigningKey, claims: JWTPayload, { expiresAt }: TokenOptions): Promise<string> {
  const { SignJWT } = await jose();
  const token = new SignJWT(claims);
  token.setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(ISSUER).setIssuedAt();
  if (expiresAt) token.setExpirationTime(expiresAt);
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
 * Verifies tokens signed with a key. Clients send the same one repeatedly, so that a verified one is cached. The
 * verifier throws InvalidTokenError.
 */
export function tokenVerifier(key: SigningKey): (token: string) => Promise<Identity> {
  const known = new LRUCache<string, Verified>({ max: KNOWN_TOKENS });
  return async (token) => {
    let verified = known.get(token);
    if (!verified || verified.expiresAt <= Date.now()) {
      verified = await verify(key, token);
      known.set(token, verified);
    }
    return verified.identity;
  };
}

async function verify(key: SigningKey, token: string): Promise<Verified> {
  if (!isCanonical(token)) throw new InvalidTokenError('The token is not written as it was issued.');
  const { jwtVerify } = await jose();
  const { payload } = await jwtVerify(token, key, { issuer: ISSUER, algorithms: ['HS256'] }).catch(
    (cause) => {
      throw new InvalidTokenError('The token is not valid.', { cause });
    },
  );
  return { identity: identityOf(payload), expiresAt: (payload.exp ?? Infinity) * 1_000 };
}

/** Base64url leaves bits of a last character unused, which decoders ignore: one token would have several spellings. */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

function identityOf({ op, acc, sub }: JWTPayload): Identity {
  if (op === true) return { kind: 'operator' };
  if (typeof acc === 'string' && typeof sub === 'string' && isId(acc) && isId(sub))
    return { kind: 'user', account: acc, user: sub };
  throw new InvalidTokenError('The token names no user of an account.');
}

/** The token of an `Authorization: Bearer ...` header, or null. */
export const bearerToken = (header: string | undefined): string | null =>
  /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '')?.[1] ?? null;
