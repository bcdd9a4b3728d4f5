/** The caller, as a token names it. */
export type Identity =
  | { readonly kind: 'user'; readonly account: string; readonly user: string }
  /** The person who runs the command line on the server’s machine. */
  | { readonly kind: 'operator' };

/** A token without trustworthy claims. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** One kind of tokens. */
export interface Authenticator {
  /** True for a token in the form of this kind: no other authenticator is asked. */
  recognises(token: string): boolean;
  /**
   * The identity that a token names. Whether the user is active is not its matter.
   * @throws InvalidTokenError
   */
  identify(token: string): Promise<Identity>;
}

/** The token of an `Authorization: Bearer ...` header, or null. */
export const bearerToken = (header: string | undefined): string | null =>
  /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '')?.[1] ?? null;
