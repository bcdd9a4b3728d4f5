import type { Catalogue } from '../domain/catalogue/catalogue';
import type { Position } from '../event-store/port/event-store';

/**
 * The reads of this replica's own tables before a decision: rights, activity, the catalogue.
 * The tables may lag behind the log by up to `MAX_GUARD_LAG_MS`; what must be exact is decided on streams instead.
 */
export interface DecisionReads {
  /**
   * Milliseconds since the tables were last known to hold all of the log, Infinity before they ever were since the start;
   * commands are refused above the limit.
   */
  lagMs(): number;
  /** True where projecting stopped at an event that cannot be applied; commands are refused at once. */
  poisoned(): boolean;
  /** True where projecting stopped at an event that this program is too old for; commands are refused at once. */
  newer(): boolean;
  /** Position of the last declaration of a void event that the tables rest on; null where no event is void. */
  voidedBy(): Position | null;
  /** Position that the tables stand at; null before the first event. */
  position(): Position | null;
  catalogue(): Catalogue;
  /** Keys of the features enabled in an account, or null where there is no such account. */
  enabledFeatures(account: string): ReadonlySet<string> | null;
  /** Status of those of the users that the account has. */
  userStatus(account: string, users: readonly string[]): ReadonlyMap<string, 'ACTIVE' | 'INACTIVE'>;
  /** Present permissions that the roles of a user grant, whether or not the user is active and the features enabled. */
  permissionsHeld(account: string, user: string): ReadonlySet<string>;
  /** Rights of an actor who is a user. */
  rights(account: string, user: string): ActorRights;
  /** Names of custom roles in use that start with the key of `prefix` (for "Copy of X (2)"); name keys. */
  roleNameKeys(account: string, prefix: string): ReadonlySet<string>;
}

export interface ActorRights {
  /** Effective: granted, its feature enabled, the user active. */
  may(permission: string): boolean;
  /** Granted by a role held, whether or not its feature is enabled: what ESCALATION asks. */
  isGranted(permission: string): boolean;
}

export const MAX_GUARD_LAG_MS = 5_000;

/** A writer whose clock is further off would record moments that never were. */
export const MAX_CLOCK_SKEW_MS = 2_000;
