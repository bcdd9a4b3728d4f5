import type { Changed } from './history-types';

/** Rows of how users sign in. */

/** An identity that an issuer of tokens knows a user by. */
export interface IdentityRow {
  readonly issuer: string;
  /** Null if it cannot be decrypted. */
  readonly subject: string | null;
  readonly linkedAt: Date;
}

/** An API key of a service user. */
export interface ApiKeyRow {
  readonly user: string;
  readonly id: string;
  /** Null of a user who was erased, or is unreadable. */
  readonly name: string | null;
  /** Beginning of the key. */
  readonly prefix: string;
  readonly created: Changed;
  readonly expiresAt: Date;
  /** Time at which it was revoked, or its user erased; null if neither was by the ordinal of the view. */
  readonly revokedAt: Date | null;
}
