/**
 * Versions of the event schemas: one number for the whole program, so that a reader knows of an event whose type it has
 * never heard of if it is too old for it, or if the event is damaged. See `docs/decisions/0025-rolling-upgrades.md`.
 */

/** All versions, the oldest first. A type that comes, or changes in a way that older readers refuse, needs a new one. */
export const SCHEMA_VERSIONS = [1, 2, 3] as const;
export type SchemaVersion = (typeof SCHEMA_VERSIONS)[number];

/** Highest version that this build reads. */
export const READS_SCHEMA: number = Math.max(...SCHEMA_VERSIONS);

/** Highest version that this build writes, once all that follow the log read it. */
export const WRITES_SCHEMA: number = READS_SCHEMA;

/** Version that every program reads, release 0.1.0 too, which does not say what it reads. */
export const FIRST_SCHEMA = 1;

/** The versions as texts, since metadata are flat texts. */
const READABLE: ReadonlySet<unknown> = new Set(SCHEMA_VERSIONS.map(String));
const NUMBER = /^[1-9]\d{0,8}$/;

/**
 * The version that an event says it needs, where that is above what this build reads; null for all other events, damaged
 * ones too. Nothing else of a newer event is known: neither its type nor its data may be looked at.
 */
export function newerSchema({ metadata }: { readonly metadata: unknown }): number | null {
  const version = (metadata as { readonly schemaVersion?: unknown } | null | undefined)?.schemaVersion;
  if (READABLE.has(version) || typeof version !== 'string' || !NUMBER.test(version)) return null;
  return Number(version) > READS_SCHEMA ? Number(version) : null;
}

/** Bounds of the schema version that may be written. */
export interface WriteBounds {
  /** Highest version by the setting; null where it leaves the decision to the readers. */
  readonly setting: number | null;
  /** Lowest version that a process which follows the log reads; null where there is none but this program. */
  readonly lowestReader: number | null;
}

/** Highest schema version that may be written. */
export const writableSchema = ({ setting, lowestReader }: WriteBounds): number =>
  setting ?? Math.min(WRITES_SCHEMA, lowestReader ?? WRITES_SCHEMA);

/** Words for an event that needs that version. */
export const newerMessage = (schema: number): string =>
  `it needs schema ${schema}, and this program reads ${READS_SCHEMA} at most: upgrade it`;
