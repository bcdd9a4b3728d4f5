import type { EventType, RolebookEvent } from './events';
import { FIRST_SCHEMA, READS_SCHEMA, type SchemaVersion } from './schema-versions';

/** Version for an event that has a field; for one that has it with a value that came later, by value. */
type NeededForField = SchemaVersion | { readonly [Value in string]?: SchemaVersion };
type VersionOfFields<Type extends EventType, Needed> = {
  readonly [Field in keyof Extract<RolebookEvent, { type: Type }>['data']]?: Needed;
};

/**
 * Schema version that a reader needs for a type of event. `fields`: of fields and values that came later, the version for
 * an event that has them. `encrypted`: of those that were clear text at first, the version for an event in which they are
 * encrypted.
 */
type Needed<Type extends EventType> =
  | SchemaVersion
  | {
      readonly type: SchemaVersion;
      readonly fields?: VersionOfFields<Type, NeededForField>;
      readonly encrypted?: VersionOfFields<Type, SchemaVersion>;
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
  ScopeDefined: { type: 1, fields: { description: 2 } },
  ScopeRetired: 1,
  PermissionDefined: 1,
  PermissionRetired: 1,
  DefaultRoleDefined: 1,
  DefaultRoleRetired: 1,
  DefaultRoleGrantAdded: 1,
  DefaultRoleGrantRemoved: 1,
  RoleConflictDeclared: 1,
  RoleConflictWithdrawn: 1,
  RoleTemplateDefined: 2,
  RoleTemplateWithdrawn: 2,
  CataloguePublished: { type: 1, fields: { previousVersion: 2 } },
  AccountOpened: 1,
  FeatureEnabled: 1,
  FeatureDisabled: 1,
  UserRegistered: { type: 1, fields: { claims: 2, externalId: 2, externalIdClaim: 2, kind: 3 } },
  UserProfileChanged: { type: 1, fields: { claims: 2, externalIdClaim: 2 } },
  UserLoggedIn: 1,
  UserDeactivated: 1,
  UserReactivated: 1,
  UserErased: 2,
  UsernameReleased: 2,
  UserIdentityLinked: 3,
  UserIdentityUnlinked: 3,
  ApiKeyCreated: 3,
  ApiKeyRevoked: 3,
  RoleCreated: 1,
  RoleRenamed: 1,
  RoleDescriptionChanged: 1,
  PermissionGranted: 1,
  PermissionScopesChanged: 1,
  PermissionRevoked: 1,
  UserAssigned: { type: 1, fields: { kind: 3 } },
  UserUnassigned: 1,
  RoleDeleted: 1,
  UserBarred: 1,
  UserUnbarred: 1,
  ClaimAbandoned: 1,
  Claimed: { type: 1, fields: { kind: { EXTERNAL_ID: 2, IDENTITY: 3 } } },
  Released: { type: 1, fields: { kind: { EXTERNAL_ID: 2, IDENTITY: 3 } } },
  EventVoided: { type: 1, encrypted: { reason: 2 } },
};

/** The same as lists that are made once: every event that is written or read is looked at. */
interface NeededBy {
  readonly type: number;
  readonly fields: readonly (readonly [field: string, needed: NeededForField])[];
  readonly encrypted: readonly (readonly [field: string, version: number])[];
}
const listed = (needed: Needed<EventType>): NeededBy => {
  const { type, fields = {}, encrypted = {} } = typeof needed === 'object' ? needed : { type: needed };
  return {
    type,
    fields: Object.entries<NeededForField>(fields),
    encrypted: Object.entries<number>(encrypted),
  };
};
const neededBy: ReadonlyMap<string, NeededBy> = new Map(
  Object.entries<Needed<EventType>>(NEEDED).map(([type, needed]) => [type, listed(needed)]),
);

/** Versions of the first readers that take metadata with these traits. */
const NEEDED_BY_TRAIT = { sealedReason: 2, actorHost: 2 } as const satisfies Record<
  keyof MetadataTraits,
  SchemaVersion
>;
const TRAITS = Object.entries(NEEDED_BY_TRAIT) as readonly (readonly [keyof MetadataTraits, number])[];

/** Traits of an event's metadata that readers of the first version refuse. */
export interface MetadataTraits {
  readonly sealedReason?: boolean;
  readonly actorHost?: boolean;
}

/** The schema version that a reader needs for an event; of an unknown type nobody can tell, so the highest. */
export function schemaNeeded(type: string, data: unknown, traits: MetadataTraits = {}): number {
  let needed = neededFor(type, data);
  for (const [trait, version] of TRAITS) if (traits[trait]) needed = Math.max(needed, version);
  return needed;
}

/** Traits of metadata that are to be recorded, or are. */
export const traitsOf = (metadata: {
  readonly reason?: unknown;
  readonly actorHost?: unknown;
}): MetadataTraits => ({
  sealedReason: isEncrypted(metadata.reason),
  actorHost: metadata.actorHost !== undefined,
});

function neededFor(type: string, data: unknown): number {
  const by = neededBy.get(type);
  if (by === undefined) return READS_SCHEMA;
  const has = data as Readonly<Record<string, unknown>>;
  let needed = by.type;
  for (const [field, version] of by.fields) needed = Math.max(needed, forField(version, has[field]));
  for (const [field, version] of by.encrypted)
    if (isEncrypted(has[field])) needed = Math.max(needed, version);
  return needed;
}

function forField(needed: NeededForField, value: unknown): number {
  if (value === undefined) return FIRST_SCHEMA;
  if (typeof needed !== 'object') return needed;
  return (typeof value === 'string' && Object.hasOwn(needed, value) ? needed[value] : null) ?? FIRST_SCHEMA;
}

/** True for a text of a sound event that is encrypted; else it is a string, or null. */
const isEncrypted = (text: unknown): boolean => typeof text === 'object' && text !== null;

/** The same as the metadata of an event say it. */
export const schemaVersionOf = (
  { type, data }: { readonly type: string; readonly data: unknown },
  traits: MetadataTraits = {},
): string => String(schemaNeeded(type, data, traits));

/**
 * Versions of the contract of a type with its readers, the oldest first: one more with each field or value that came later.
 * Encryption makes none, for readers get clear texts.
 */
export function contractVersions(type: EventType): readonly number[] {
  const { type: first, fields } = neededBy.get(type)!;
  const later = fields.flatMap(([, needed]) =>
    typeof needed === 'object' ? Object.values(needed).map(Number) : [needed],
  );
  return [...new Set([first, ...later])].sort((a, b) => a - b);
}

/** The version of the contract that an event is of, as readers get it: of an event that is recorded it never changes. */
export const contractVersion = (type: string, data: unknown): number => neededFor(type, data);

/** True if a field of a type, or a value of it, is of the contract of a version. */
export function isInContract(type: EventType, version: number, field: string, value?: string): boolean {
  const needed = neededBy.get(type)!.fields.find(([name]) => name === field)?.[1];
  if (needed === undefined) return true;
  if (typeof needed !== 'object') return needed <= version;
  return value === undefined || !Object.hasOwn(needed, value) || Number(needed[value]) <= version;
}

/** Values that came with a version of a contract, by field: one of each. */
export const valuesOfContract = (type: EventType, version: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    neededBy.get(type)!.fields.flatMap(([field, needed]) => {
      const came =
        typeof needed === 'object' && Object.entries(needed).find(([, since]) => since === version);
      return came ? [[field, came[0]]] : [];
    }),
  );

/** The version of a definition: what a reader needs for an event that has all its fields. */
export function definitionVersion(type: string): number {
  const by = neededBy.get(type);
  if (by === undefined) return READS_SCHEMA;
  const ofFields = by.fields.flatMap(([, version]) =>
    typeof version === 'object' ? Object.values(version).map(Number) : [version],
  );
  return Math.max(by.type, ...ofFields, ...by.encrypted.map(([, version]) => version));
}
