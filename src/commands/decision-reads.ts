import type { Catalogue } from '../domain/catalogue/catalogue';
import type { ExternalIdentity } from '../domain/user/events';
import type { UserStatus } from '../domain/user/user';
import type { Position } from '../event-store/port/event-store';

/**
 * The reads of this replica's own tables before a decision: rights, activity, the catalogue. The tables may lag behind
 * the log by up to `MAX_GUARD_LAG_MS`; facts that must be exact are decided on streams instead.
 */
export interface DecisionReads {
  /**
   * Milliseconds since the tables were last known to hold all of the log, Infinity if never since the start; commands
   * are refused above the limit.
   */
  lagMs(): number;
  /** True if projecting stopped at an event that cannot be applied; commands are refused at once. */
  poisoned(): boolean;
  /** True where projecting stopped at an event that this program is too old for; commands are refused at once. */
  newer(): boolean;
  /** Position of the last declaration of a void event that the tables rest on; null where no event is void. */
  voidedBy(): Position | null;
  /** Position of the last event in the tables; null before the first event. */
  position(): Position | null;
  catalogue(): Catalogue;
  /** Keys of the features enabled in an account, or null if there is no such account. */
  enabledFeatures(account: string): ReadonlySet<string> | null;
  /** Status by id of the given users; users that the account does not have are left out. */
  userStatus(account: string, users: readonly string[]): ReadonlyMap<string, UserStatus>;
  /** Id of the user to whom an identity is linked, whatever the status; null where it is nobody's. */
  userByIdentity(account: string, identity: ExternalIdentity): string | null;
  /** True for a service user of the account. The kind is part of the registration, so that it never lags behind the status. */
  isService(account: string, user: string): boolean;
  /** The API key with that SHA-256, hex in lower case; null for unknown and revoked ones. It may have expired. */
  apiKey(hash: string): ActiveApiKey | null;
  /** Present permissions that the roles of a user grant, even if the user is inactive or the feature disabled. */
  permissionsHeld(account: string, user: string): ReadonlySet<string>;
  /** Rights of an actor who is a user. */
  rights(account: string, user: string): ActorRights;
  /**
   * A role as of the end of the append that an ordinal is in or after. Facts up to there change no more, so that this
   * lags behind nothing. Null where there was no such role, or not any more; undefined where the tables do not hold the
   * ordinal yet.
   */
  roleThen(account: string, role: string, ordinal: number): RoleThen | null | undefined;
  /**
   * True if something that a change of a role rests on changed after the append that an ordinal is in or after; undefined
   * where the tables do not hold the ordinal yet.
   */
  changedSince(account: string, ordinal: number, basis: ChangeBasis): boolean | undefined;
  /** Names of custom roles in use that start with the key of `prefix` (for "Copy of X (2)"); name keys. */
  roleNameKeys(account: string, prefix: string): ReadonlySet<string>;
}

/**
 * Facts that a change of a role rests on, and that its effect follows from: the catalogue, the features, what all roles
 * are called and grant; statuses and roles of the users below and of those in the role.
 */
export interface ChangeBasis {
  readonly role: string;
  readonly users: readonly string[];
  /** Positions that the streams of which all must be known have come to; these streams say what changed in the role. */
  readonly positions: readonly Position[];
}

/** An API key that was not revoked, and its user, whatever the status. */
export interface ActiveApiKey {
  readonly account: string;
  readonly user: string;
  /** Id of the key. */
  readonly id: string;
  readonly expiresAt: Date;
}

/** A role, default or custom, as of a moment. */
export interface RoleThen {
  readonly name: string;
  readonly description: string | null;
  readonly version: number;
  /** Permissions with the scopes kept, in the order of the catalogue of then. */
  readonly grants: readonly (readonly [permission: string, scopes: readonly string[]])[];
  /** Ids of the users in it, whatever became of them since. */
  members(): readonly string[];
}

export interface ActorRights {
  /** Effective: granted, its feature enabled, the user active. */
  may(permission: string): boolean;
  /** Granted by a role held, regardless of whether its feature is enabled: the basis of ESCALATION. */
  isGranted(permission: string): boolean;
}

export const MAX_GUARD_LAG_MS = 5_000;

/** A writer whose clock is further off would record times that never were. */
export const MAX_CLOCK_SKEW_MS = 2_000;
