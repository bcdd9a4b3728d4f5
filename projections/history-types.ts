import type { CatalogueChange } from '../src/domain/catalogue/changes';
import type { CatalogueEvent } from '../src/domain/catalogue/events';
import type { ClaimEvent } from '../src/domain/claim/events';
import { eventDefinitions, type EventType } from '../src/domain/events';
import type { RepairEvent } from '../src/domain/repair/events';
import type { Actor } from '../src/domain/vocabulary';

/** Time and actor of a change. */
export interface Changed {
  readonly at: Date;
  readonly by: Actor;
}

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
  UserErased: true,
  UsernameReleased: true,
  UserIdentityLinked: true,
  UserIdentityUnlinked: true,
  ApiKeyCreated: true,
  ApiKeyRevoked: true,
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

/**
 * Entries that tell what a publication changed, each at the place of its `CataloguePublished`. The log has these changes as
 * staged events, which hold from the publication on, and so as many as it takes; history has one entry for each role.
 */
export const CATALOGUE_CHANGES = {
  DefaultRoleChanged: {
    description:
      'A publication of the catalogue made a default role, or changed its name, description, group, permissions or their scopes.',
  },
  DefaultRoleRetired: { description: 'A publication of the catalogue left a default role out.' },
  PermissionChanged: {
    description:
      'A publication of the catalogue changed a permission: its section, description, feature, scopes, or if it is privileged; or took it up again.',
  },
  PermissionRetired: {
    description:
      'A publication of the catalogue left a permission out: what was granted stays on record and is withheld.',
  },
} as const satisfies Record<CatalogueChange['type'], { readonly description: string }>;

/** Stands for every other type, which history shows of void events alone. */
export const OTHER_TYPE = 'Other' as const;

export const isShown = (type: string): type is Shown => Object.hasOwn(HISTORY_EVENTS, type);

export const historyType = (type: string): string => (isShown(type) ? type : OTHER_TYPE);
