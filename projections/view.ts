import type { Catalogue, CatalogueContent } from '../src/domain/catalogue/catalogue';
import type { ExternalIdentity, UserKind } from '../src/domain/user/events';
import type { UserStatus } from '../src/domain/user/user';
import type { Actor } from '../src/domain/vocabulary';
import type { Position } from '../src/event-store/port/event-store';
import type { HistoryNumber } from '../src/shared/position-codec';
import type { Work } from '../src/shared/turns';
import type * as diffs from './diff-rows';
import type { Append, HistoryFilter, NameAsked, VoidRow } from './history-rows';
import type { Changed } from './history-types';
import { BEFORE_FIRST, ordinalFrom, type Ordinal } from './numbers';
import type { Page, PageRequest } from './pages';
import type * as previews from './preview-rows';
import type { ApiKeyRow, IdentityRow } from './sign-in-rows';

/**
 * View that queries read: one account, pinned at one position of the log. Every statement of a view reads as of that
 * position, so an answer is never torn, even while events are projected.
 *
 * Inside the read models that position is an *ordinal*: the dense number of an event among Rolebook's own (from 1; 0 is
 * before the first). Ordinals are the same on every replica and fit a narrow column; positions of the log need not.
 */
export { BEFORE_FIRST, ordinalFrom, type Ordinal };
export { CATALOGUE_CHANGES, HISTORY_EVENTS, OTHER_TYPE } from './history-types';
export * from './diff-rows';
export * from './history-rows';
export * from './pages';
export * from './preview-rows';
export type { ApiKeyRow, Changed, IdentityRow };

/** `showing`: an event that the view is to show, so it is pinned at the end of its append; all else is rounded down. */
export type AsOf =
  | { readonly time: Date }
  | { readonly position: Position }
  | { readonly ordinal: Ordinal }
  | { readonly showing: Ordinal };

/** An event's place among Rolebook's own, in the log and on the time line. */
export interface Place {
  readonly ordinal: Ordinal;
  readonly position: Position;
  /** Running maximum of `recordedAt`, in milliseconds. */
  readonly time: number;
  readonly eventId: string;
}

/**
 * An event that is looked for: its ordinal, its position in the log, or its id. With an account, only events that its
 * history shows are found.
 */
export type Sought =
  | Ordinal
  | Position
  | { readonly event: string; readonly account: string | null }
  | { readonly entry: Ordinal; readonly account: string };

export interface Pin {
  readonly ordinal: Ordinal;
  /** Position of the event at `ordinal`; null before the first event. */
  readonly position: Position | null;
  /** The time line's value there: the running maximum of `recordedAt`. */
  readonly time: Date | null;
}

export interface RoleRow {
  readonly id: string;
  readonly kind: 'DEFAULT' | 'CUSTOM';
  readonly name: string;
  readonly description: string | null;
  /** Key of the group, for default roles. */
  readonly group: string | null;
  readonly userCount: number;
  readonly permissionCount: number;
  /** Distinct scopes over all grants. */
  readonly scopeCount: number;
  readonly version: number;
  readonly createdAt: Date | null;
  readonly createdBy: Actor | null;
  readonly updatedAt: Date | null;
  readonly updatedBy: Actor | null;
  readonly deletedAt: Date | null;
}

export interface UserRow {
  readonly id: string;
  /** `erased-<id>` and “Erased user” once erased, at any ordinal; `unreadable-<id>` and “Unreadable user” without a key. */
  readonly username: string;
  readonly name: string;
  /** Id by which another directory of the company knows the user; null for none, and of one who is erased or unreadable. */
  readonly externalId: string | null;
  readonly kind: UserKind;
  readonly status: UserStatus;
  /** The latest known, whatever ordinal the view is pinned at: it is the one fact that is overwritten. */
  readonly lastLoginAt: Date | null;
}

export interface Grant {
  readonly permission: string;
  /** Scopes that were kept. */
  readonly scopes: readonly string[];
}

/** The event that put a user into a role. */
export interface Assignment {
  readonly assignedAt: Date;
  readonly assignedBy: Actor;
  readonly event: Ordinal;
}

export interface Membership extends Assignment {
  readonly user: UserRow;
}

/** A user and a role whose membership is asked for, by their ids. */
export interface AssignmentAsked {
  readonly user: string;
  readonly role: string;
}

export type WithheldReason = 'FEATURE_DISABLED' | 'RETIRED' | 'USER_INACTIVE';
export type DenialReason =
  WithheldReason | 'NOT_GRANTED' | 'SCOPE_NOT_GRANTED' | 'UNKNOWN_USER' | 'UNKNOWN_PERMISSION';

/** `via`: ids of the roles that it came through, default roles first in the catalogue's order, then by id. */
export interface EffectivePermissions {
  readonly granted: readonly {
    readonly permission: string;
    readonly scopes: readonly string[];
    readonly via: readonly string[];
  }[];
  readonly withheld: readonly {
    readonly permission: string;
    readonly reason: WithheldReason;
    readonly via: readonly string[];
  }[];
}

export interface PermissionCheck {
  readonly user: string;
  readonly permission: string;
  /** Null: the permission alone. */
  readonly scope: string | null;
}

export interface PermissionDecision {
  readonly allowed: boolean;
  readonly via: readonly string[];
  readonly reason: DenialReason | null;
}

export interface PermissionHolder {
  readonly user: UserRow;
  readonly scopes: readonly string[];
  readonly via: readonly string[];
}

/** An order of a list. Items of equal value are by name, then in order of appearance; those without a value come last. */
interface Order<Field extends string> {
  readonly field: Field;
  readonly direction: 'ASC' | 'DESC';
}
export type RoleOrder = Order<'NAME' | 'USER_COUNT' | 'PERMISSION_COUNT' | 'SCOPE_COUNT' | 'UPDATED_AT'>;
export type UserOrder = Order<'NAME' | 'USERNAME' | 'LAST_LOGIN_AT'>;
export type MemberOrder = Order<UserOrder['field'] | 'ASSIGNED_AT'>;

/** Too much changed since the moment of a view to list it in an order that only the present has an index for. */
export class OrderNotAsOfError extends Error {
  override readonly name = 'OrderNotAsOfError';
}

export interface RoleFilter {
  readonly kind?: 'DEFAULT' | 'CUSTOM' | null;
  /** A part of the name or the description. */
  readonly search?: string | null;
  readonly includeDeleted?: boolean | null;
  /** Key of the group; only default roles have one. */
  readonly group?: string | null;
  /** Only roles that grant this permission, withheld or not; none of them is deleted. */
  readonly permission?: string | null;
  /** Only roles that this user holds; none of them is deleted. */
  readonly user?: string | null;
}
export interface MemberFilter {
  readonly search?: string | null;
  /** Left out: nobody who is erased is in a role. */
  readonly status?: UserStatus | null;
  /** Only users who were not in this role as of this ordinal, at which it had not ended. */
  readonly notIn?: { readonly role: string; readonly at: Ordinal } | null;
}
export interface UserFilter {
  readonly search?: string | null;
  /** Left out: erased users are not listed. */
  readonly status?: UserStatus | null;
  /** Only users who are not in this role. */
  readonly notInRole?: string | null;
  /** Left out: persons and service users. */
  readonly kind?: UserKind | null;
}

/**
 * One event as history shows it, or one role or permission that a publication changed; newest first. Claims, fences and
 * bars that changed nothing are not history.
 */
export interface HistoryRow {
  readonly ordinal: Ordinal;
  /** 0 for the event itself; parts of a publication are numbered from 1. All else but `type` and `data` is its event's. */
  readonly part: number;
  readonly position: Position;
  /** The last event of its append: the first moment that shows it. */
  readonly shown: Omit<Place, 'eventId'>;
  readonly eventId: string;
  readonly type: string;
  /** Time of the event on the time line: answers as of this time, and not before, include it. */
  readonly at: Date;
  /** Time of the writer’s clock: earlier than `at` where that clock was behind another’s. */
  readonly recordedAt: Date;
  /** Null if it is not readable in a void event; `command` and `requestId` are empty then. */
  readonly actor: Actor | null;
  readonly reason: string | null;
  readonly command: string;
  readonly requestId: string;
  readonly role: string | null;
  readonly user: string | null;
  readonly permission: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** Set if the event is void: it stays in the log and never changed anything. */
  readonly voided: VoidRow | null;
}

/** All entries of one append: what a command recorded at once. */
export interface ChangeRow extends Append {
  /** Its first entry. */
  readonly entry: HistoryRow;
  /** Number of its other entries, by type, in the order in which they begin. */
  readonly others: ReadonlyMap<string, number>;
}

/** Subject of a replay. */
export type Replayed = { readonly role: string } | { readonly user: string };

/** A step of a replay: a change, and its first entry about the role or user. */
export interface ReplayRow {
  readonly change: ChangeRow;
  readonly entry: HistoryRow;
}

/** Counting stops here: a count above it is null if it would have to walk (searches, holders). */
export const EXACT_COUNT_LIMIT = 10_000;
/** Changes since a moment of the past up to which it is listed in the orders of the present: events, or changed roles. */
export const MOST_CHANGES = 10_000;

/**
 * Each question takes a set, or a page, and costs as many statements for many items as for one. A question that may
 * have to read many rows returns a promise: it runs in steps, counted by the work that the view was made for.
 */
export interface View {
  readonly account: string;
  readonly pin: Pin;
  catalogue(): Catalogue;
  /** Null if the account is not open (yet) at this ordinal. */
  accountInfo(): {
    readonly id: string;
    readonly name: string;
    readonly features: ReadonlySet<string>;
  } | null;

  /**
   * Ordered by null: default roles in the catalogue's order, then custom ones by name. In orders other than by name, here
   * and below, a moment of the past since which more than `MOST_CHANGES` happened throws OrderNotAsOfError.
   */
  roleList(filter: RoleFilter, orderBy: RoleOrder | null, page: PageRequest): Promise<Page<RoleRow>>;
  countRoles(filter: RoleFilter): Promise<number | null>;
  /** Roles by id, deleted ones included; default roles always exist. */
  roles(ids: readonly string[]): ReadonlyMap<string, RoleRow>;
  /** Grants as stored, in the catalogue's order; of a deleted role those it had. */
  grants(roles: readonly string[]): ReadonlyMap<string, readonly Grant[]>;
  /** Ordered by null: by name, here and below. */
  roleUsers(
    role: string,
    filter: MemberFilter,
    orderBy: MemberOrder | null,
    page: PageRequest,
  ): Promise<Page<Membership>>;
  countRoleUsers(role: string, filter: MemberFilter): Promise<number | null>;

  userList(filter: UserFilter, orderBy: UserOrder | null, page: PageRequest): Promise<Page<UserRow>>;
  countUsers(filter: UserFilter): Promise<number | null>;
  users(ids: readonly string[]): ReadonlyMap<string, UserRow>;
  /** Ids of users by username (compared by name key). */
  userIds(usernames: readonly string[]): ReadonlyMap<string, string>;
  /** Ids of users by external id (compared exactly, in recorded form). */
  userIdsByExternalId(externalIds: readonly string[]): ReadonlyMap<string, string>;
  /** Identities of users, in the order in which they were linked; a user without any is left out, an erased one too. */
  identities(users: readonly string[]): ReadonlyMap<string, readonly IdentityRow[]>;
  /** Ids of the users to whom identities were linked, in the order asked; null where one was nobody’s. */
  userIdsByIdentity(identities: readonly ExternalIdentity[]): readonly (string | null)[];
  /** Ids of the roles that each user holds, default roles first in the catalogue's order, then by name. */
  rolesOf(users: readonly string[]): ReadonlyMap<string, readonly string[]>;
  /** Memberships that hold, in the order asked; null where the user is not in the role. */
  assignments(asked: readonly AssignmentAsked[]): readonly (Assignment | null)[];
  /** API keys of users, at most 100 of each: those not revoked first, then by expiry, the latest first. */
  apiKeys(users: readonly string[]): ReadonlyMap<string, readonly ApiKeyRow[]>;
  /** Last changes of what a user is: registration, profile, status. */
  userChanges(users: readonly string[]): ReadonlyMap<string, Changed>;
  /** Registrations of users. */
  userRegistrations(users: readonly string[]): ReadonlyMap<string, Changed>;

  effective(users: readonly string[]): ReadonlyMap<string, EffectivePermissions>;
  /** Decisions in the order of the checks. */
  checks(checks: readonly PermissionCheck[]): readonly PermissionDecision[];
  check(user: string, permission: string, scope: string | null): PermissionDecision;
  /** Users who effectively have the permission (and, if given, the scope), by name. */
  holders(permission: string, scope: string | null, page: PageRequest): Promise<Page<PermissionHolder>>;
  countHolders(permission: string, scope: string | null): Promise<number | null>;

  /** Users whose access differs from that of an earlier moment, in order of registration. */
  accessDiffs(filter: diffs.AccessDiffFilter, page: PageRequest): Promise<Page<diffs.UserAccessDiff>>;
  /** Null where more users than `EXACT_COUNT_LIMIT` would have to be compared. */
  countAccessDiffs(filter: diffs.AccessDiffFilter): Promise<diffs.AccessDiffCounts | null>;
  /** Causes of differences since an earlier moment, in the order asked. */
  accessCauses(from: Ordinal, diffs: readonly diffs.UserAccessDiff[]): Promise<readonly diffs.AccessCauses[]>;
  /** Changes of access, newest first, each of one user by one append; within an append in order of registration. */
  accessHistory(filter: diffs.AccessHistoryFilter, page: PageRequest): Promise<Page<diffs.UserAccessChange>>;
  /** Null where more would have to be looked at than the limit. */
  countAccessHistory(filter: diffs.AccessHistoryFilter): Promise<number | null>;
  /** Entries of the catalogue that differ from those of an earlier moment. */
  catalogueDiff(from: Ordinal): Promise<readonly diffs.CatalogueDiffRow[]>;
  /** A role as a change would leave it that was decided on what this view shows, and not recorded. */
  preview(change: previews.UnrecordedChange): RolePreview;
  /** The effect of a publication of the catalogue that is not recorded. */
  previewPublication(content: CatalogueContent): PublicationPreview;
  /**
   * Permissions that the catalogue took up after the last edit of custom roles: of name, description, permissions or
   * scopes. In the order of the catalogue; a role that is deleted, a default one and an unknown one are left out.
   */
  publishedSinceEdit(roles: readonly string[]): ReadonlyMap<string, readonly string[]>;

  /** Names of roles and users at ordinals up to the pinned one, in the order asked; null before there was one. */
  namesThen(asked: readonly NameAsked[]): readonly (string | null)[];

  history(filter: HistoryFilter, page: PageRequest): Promise<Page<HistoryRow>>;
  /** Entries of the account’s history by number, in the order asked; null where it has none. */
  historyEntries(numbers: readonly HistoryNumber[]): readonly (HistoryRow | null)[];
  countHistory(filter: HistoryFilter): Promise<number | null>;
  /** Changes of which an entry matches, newest first. */
  changes(filter: HistoryFilter, page: PageRequest): Promise<Page<ChangeRow>>;
  countChanges(filter: HistoryFilter): Promise<number | null>;
  /** Changes about a role or user, oldest first; as many as `countChanges` tells. */
  replay(of: Replayed, page: PageRequest): Promise<Page<ReplayRow>>;
  /** Changes by the number of one of their entries, in the order asked; null where the history has none. */
  changesOfEntries(numbers: readonly HistoryNumber[]): readonly (ChangeRow | null)[];
  /** Entries of a change, oldest first. */
  changeEntries(change: Append): Promise<readonly HistoryRow[]>;
}

/** A role as a change would leave it, and the effect on people, as of a view; all else is as the view shows it. */
export interface RolePreview {
  /** Null where there would be no role: it would be deleted, or is unknown. */
  row(): RoleRow | null;
  /** True if name, description, permissions or scopes would change. */
  readonly isEdited: boolean;
  readonly grants: readonly Grant[];
  /** Those who would join are assigned at the moment of the view, by the actor of the change, and by no event yet. */
  users(
    which: previews.PreviewedUsers,
    filter: Pick<MemberFilter, 'search' | 'status'>,
    orderBy: MemberOrder | null,
    page: PageRequest,
  ): Promise<Page<Membership>>;
  countUsers(
    which: previews.PreviewedUsers,
    filter: Pick<MemberFilter, 'search' | 'status'>,
  ): Promise<number | null>;
  /** Users whose access would change, in order of registration. */
  affected(page: PageRequest): Promise<Page<diffs.UserAccessDiff>>;
  /** Null where more users than `EXACT_COUNT_LIMIT` would have to be compared. */
  countAffected(): Promise<diffs.AccessDiffCounts | null>;
}

/** Effect of a publication of the catalogue on an account, as of a view. */
export interface PublicationPreview {
  /**
   * Roles that would give other permissions or scopes, as they are now, default ones first; default roles that nobody
   * was ever in are left out.
   */
  roles(): Promise<readonly RoleRow[]>;
  /** Users whose access would change, in order of registration. */
  affected(page: PageRequest): Promise<Page<diffs.UserAccessDiff>>;
  /** All are compared, however many they are. */
  countAffected(): Promise<diffs.AccessDiffCounts>;
}

/** The read models of one replica, as the rest of the program sees them. */
export interface ReadModels {
  /**
   * Pins a view at the end of an append. `now` when `asOf` is left out. Throws UnknownPositionError.
   * `work` counts the rows that the view's questions read.
   */
  view(account: string, asOf?: AsOf | null, work?: Work): View;
  /** Resolves true once the tables hold the position or ordinal, false when the wait ran out. */
  waitFor(until: Position | Ordinal, timeoutMs: number): Promise<boolean>;
  /**
   * Resolves true once the tables hold all that the log held when this was called; false when the wait ran out, or the
   * log is out of reach.
   */
  waitForHead(timeoutMs: number): Promise<boolean>;
  /** The place of an event in the tables; null where they do not hold it. */
  findPlace(sought: Sought): Place | null;
  status(): ReplicaStatus;
}

/** A position or an ordinal beyond the last one that this replica has projected. */
export class UnknownPositionError extends Error {
  override readonly name = 'UnknownPositionError';
}

/** Nothing was projected into the folder yet. */
export class NoReadModelsError extends Error {
  override readonly name = 'NoReadModelsError';
}

/** Progress of a projector that catches up, reported about once a second. */
export interface Progress {
  /** Events in the tables. */
  readonly done: Ordinal;
  /** Estimate of the total number of events, from their positions in the log; null if there is no estimate. */
  readonly total: number | null;
}

/** An event, and where it is in the log. */
export interface PlacedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

/** An event that this program is too old for. */
export interface NewerEvent extends PlacedEvent {
  /** The schema version that it needs. */
  readonly schema: number;
}

/** Tells an operator which event cannot be applied, and the command that gets past it. */
export const wayPast = ({ id, type, stream, revision }: PlacedEvent) => ({
  event: id,
  type,
  stream,
  revision,
  command: `npx rolebook log void ${id} --reason "..."`,
});

/** Tells an operator at which event this program is too old, and what to do. */
export const wayOn = ({ id, type, stream, revision, schema }: NewerEvent) => ({
  event: id,
  type,
  stream,
  revision,
  needsSchema: schema,
  todo: 'Upgrade this replica to the release that the newest replica has.',
});

export interface ReplicaStatus {
  readonly state: 'starting' | 'rebuilding' | 'live' | 'stale' | 'poisoned' | 'newer' | 'stopped';
  readonly ordinal: Ordinal;
  readonly position: Position | null;
  /** Since when the tables are not known to be current, if they are not. */
  readonly staleSince: Date | null;
  /** Events that are known to be in the log and not yet in the tables; null if not known. */
  readonly lagEvents: number | null;
  readonly lagMs: number;
  /** The reason that the projector stopped, for operators: its text may name any account. */
  readonly poison: string | null;
  /** The event that it stopped at; null where it stopped for another reason, or did not. */
  readonly poisonEvent: PlacedEvent | null;
  /** The event that this program is too old for, at which the projector stopped; else null. */
  readonly newer: NewerEvent | null;
}

/** True if the projector stopped at an event: the tables stay as they are, for as long as nobody does anything. */
export const isStopped = ({ poison, newer }: Pick<ReplicaStatus, 'poison' | 'newer'>): boolean =>
  poison !== null || newer !== null;
