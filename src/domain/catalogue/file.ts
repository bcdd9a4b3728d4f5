import { Type, type Static, type TProperties } from '@sinclair/typebox';
import { CatalogueKey, FeatureKey, PermissionKey, ScopeName } from '../vocabulary';
import { duplicateFaults } from './file-duplicates';
import { referenceFaults } from './file-references';
import { ruleFaults } from './file-rules';
import { readShape } from './file-shape';

/** The catalogue file (`schema/catalogue.json`): its shape, and the way from any JSON to a file that may be published. */

const closed = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const name = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });
const description = Type.String({ maxLength: 1000 });
/** Bounded, so that the definition of an entry fits one append. */
const Scopes = Type.Array(ScopeName, { maxItems: 1000 });
/** Form of the keys of default roles: they are role ids, and so parts of stream names. */
const RoleKey = Type.String({ pattern: '^[a-z0-9-]{1,64}$' });

export const CatalogueFile = closed({
  version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  groups: Type.Array(closed({ key: CatalogueKey, name: name(200) })),
  features: Type.Array(closed({ key: FeatureKey, name: name(200), required: Type.Optional(Type.Boolean()) })),
  scopes: Type.Array(closed({ name: ScopeName, includes: Type.Optional(Scopes) })),
  sections: Type.Array(closed({ key: CatalogueKey, name: name(200), description })),
  permissions: Type.Array(
    closed({
      key: PermissionKey,
      section: CatalogueKey,
      description,
      feature: FeatureKey,
      privileged: Type.Boolean(),
      scopes: Scopes,
    }),
  ),
  defaultRoles: Type.Array(
    closed({
      key: RoleKey,
      name: name(100),
      group: CatalogueKey,
      description,
      permissions: Type.Array(PermissionKey),
    }),
  ),
  conflicts: Type.Array(
    closed({ roles: Type.Tuple([CatalogueKey, CatalogueKey]), reason: Type.String({ maxLength: 1000 }) }),
  ),
});
export type CatalogueFile = Static<typeof CatalogueFile>;

export type CatalogueFileResult =
  | { readonly ok: true; readonly file: CatalogueFile }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Takes any JSON for a catalogue file, or says all that is wrong with it at once, each fault with its place:
 * `permissions[3] "flows/launch": feature: there is no "FLOWS"`. Entries of a wrong shape still count as known, so
 * that one slip is not reported again at everything that refers to it.
 */
export function validateCatalogueFile(json: unknown): CatalogueFileResult {
  const { faults, entries } = readShape(CatalogueFile, json);
  if (!entries) return { ok: false, faults };
  const all = [...faults, ...duplicateFaults(entries), ...referenceFaults(entries), ...ruleFaults(entries)];
  return all.length === 0 ? { ok: true, file: json as CatalogueFile } : { ok: false, faults: all };
}
