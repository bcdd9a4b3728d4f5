import type { EventType, RolebookEvent } from './events';
import { FIRST_SCHEMA, READS_SCHEMA, type SchemaVersion } from './schema-versions';

/** Version for an event that has a field; for one that has it with a value that came later, by value. */
type NeededForField = SchemaVersion | { readonly [Value in string]?: SchemaVersion };

/** Schema version that a reader needs for a type of event; of fields and values that came later, the version for those. */
type Needed<Type extends EventType> =
  | SchemaVersion
  | {
      readonly type: SchemaVersion;
      readonly fields: {
        readonly [Field in keyof Extract<RolebookEvent, { type: Type }>['data']]?: NeededForField;
      };
    };

/**
 * Versions that a reader needs, by type of event. A new type does not compile until it is numbered here, with a version that no
 * release has. So is a field that is added to a type, or a value that is added to a field: older readers refuse an event that
 * has it, and take one that has not.
 */
const NEEDED: { readonly [Type in EventType]: Needed<Type> } = {
  RoleGroupDefined: 1,
  RoleGroupRetired: 1,
  FeatureDefined: 1,
  FeatureRetired: 1,
  SectionDefined: 1,
  SectionRetired: 1,
  ScopeDefined: 1,
  ScopeRetired: 1,
  PermissionDefined: 1,
  PermissionRetired: 1,
  DefaultRoleDefined: 1,
  DefaultRoleRetired: 1,
  DefaultRoleGrantAdded: 1,
  DefaultRoleGrantRemoved: 1,
  RoleConflictDeclared: 1,
  RoleConflictWithdrawn: 1,
  CataloguePublished: 1,
  AccountOpened: 1,
  FeatureEnabled: 1,
  FeatureDisabled: 1,
  UserRegistered: { type: 1, fields: { claims: 2, externalId: 2, externalIdClaim: 2 } },
  UserProfileChanged: { type: 1, fields: { claims: 2, externalIdClaim: 2 } },
  UserLoggedIn: 1,
  UserDeactivated: 1,
  UserReactivated: 1,
  UserErased: 2,
  UsernameReleased: 2,
  RoleCreated: 1,
  RoleRenamed: 1,
  RoleDescriptionChanged: 1,
  PermissionGranted: 1,
  PermissionScopesChanged: 1,
  PermissionRevoked: 1,
  UserAssigned: 1,
  UserUnassigned: 1,
  RoleDeleted: 1,
  UserBarred: 1,
  UserUnbarred: 1,
  ClaimAbandoned: 1,
  Claimed: { type: 1, fields: { kind: { EXTERNAL_ID: 2 } } },
  Released: { type: 1, fields: { kind: { EXTERNAL_ID: 2 } } },
  EventVoided: 1,
};

const neededBy = new Map<string, Needed<EventType>>(Object.entries(NEEDED));

/** Version of the first readers that take an encrypted reason. */
const SEALED_REASON = 2 satisfies SchemaVersion;

/** Traits of an event's metadata that readers of the first version refuse. */
export interface MetadataTraits {
  readonly sealedReason?: boolean;
}

/** The schema version that a reader needs for an event; of an unknown type nobody can tell, so the highest. */
export function schemaNeeded(type: string, data: unknown, { sealedReason }: MetadataTraits = {}): number {
  const ofData = neededFor(type, data);
  return sealedReason ? Math.max(ofData, SEALED_REASON) : ofData;
}

function neededFor(type: string, data: unknown): number {
  const needed = neededBy.get(type) ?? READS_SCHEMA;
  if (typeof needed !== 'object') return needed;
  const has = data as Readonly<Record<string, unknown>>;
  const later = Object.entries<NeededForField>(needed.fields).map(([field, version]) =>
    forField(version, has[field]),
  );
  return Math.max(needed.type, ...later);
}

function forField(needed: NeededForField, value: unknown): number {
  if (value === undefined) return FIRST_SCHEMA;
  if (typeof needed !== 'object') return needed;
  return (typeof value === 'string' && Object.hasOwn(needed, value) ? needed[value] : null) ?? FIRST_SCHEMA;
}

/** The same as the metadata of an event say it. */
export const schemaVersionOf = (
  { type, data }: { readonly type: string; readonly data: unknown },
  traits: MetadataTraits = {},
): string => String(schemaNeeded(type, data, traits));

/** The version of a definition: what a reader needs for an event that has all its fields. */
export function definitionVersion(type: string): number {
  const needed = neededBy.get(type) ?? READS_SCHEMA;
  if (typeof needed !== 'object') return needed;
  const fields = Object.values<NeededForField>(needed.fields).flatMap((version) =>
    typeof version === 'object' ? Object.values(version) : [version],
  );
  return Math.max(needed.type, ...fields.map(Number));
}
