import type { CatalogueEvent } from '../src/domain/catalogue/events';
import type { ClaimEvent } from '../src/domain/claim/events';
import { eventDefinitions, type EventType } from '../src/domain/events';
import type { RepairEvent } from '../src/domain/repair/events';

/** Definitions show through the publication that they are staged for; claims and repairs do not change roles. */
type Internal =
  Exclude<CatalogueEvent['type'], 'CataloguePublished'> | ClaimEvent['type'] | RepairEvent['type'];

/**
 * Flags, for each type of event, if history shows it: every event that changes something visible. The order is the
 * API's. A new event does not compile until it is listed here.
 */
const SHOWN = {
  RoleCreated: true,
  RoleRenamed: true,
  RoleDescriptionChanged: true,
  PermissionGranted: true,
  PermissionScopesChanged: true,
  PermissionRevoked: true,
  UserAssigned: true,
  UserUnassigned: true,
  RoleDeleted: true,
  UserBarred: true,
  UserUnbarred: false,
  ClaimAbandoned: false,
  UserRegistered: true,
  UserProfileChanged: true,
  UserLoggedIn: true,
  UserDeactivated: true,
  UserReactivated: true,
  AccountOpened: true,
  FeatureEnabled: true,
  FeatureDisabled: true,
  CataloguePublished: true,
} as const satisfies Record<Exclude<EventType, Internal>, boolean>;

type Shown = {
  [Type in keyof typeof SHOWN]: (typeof SHOWN)[Type] extends true ? Type : never;
}[keyof typeof SHOWN];

/** Definitions of the events that history shows, under the names used in the log. */
export const HISTORY_EVENTS = Object.fromEntries(
  Object.entries(SHOWN).flatMap(([type, shown]) => (shown ? [[type, eventDefinitions[type as Shown]]] : [])),
) as { readonly [Type in Shown]: (typeof eventDefinitions)[Type] };

/** Represents every other type, which history shows for void events alone. */
export const OTHER_TYPE = 'Other' as const;

export const isShown = (type: string): type is Shown => Object.hasOwn(HISTORY_EVENTS, type);

export const historyType = (type: string): string => (isShown(type) ? type : OTHER_TYPE);
