import { Type, type Static, type TArray, type TObject, type TProperties } from '@sinclair/typebox';
import { LIST_WANTED, UNKNOWN_FIELD } from '../fault-words';
import { compileSchema, faultsOf } from '../schemas';
import { nameFault, plainTextFault, tidyName } from '../text';
import { CatalogueKey, FeatureKey, PermissionKey, ScopeName } from '../vocabulary';
import { CATALOGUE_LISTS, pairKey, type CatalogueList } from './catalogue';

/** The catalogue file (`schema/catalogue.json`): its shape, and its entries that have that shape. */

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
  scopes: Type.Array(
    closed({
      name: ScopeName,
      description: Type.Optional(description),
      includes: Type.Optional(Scopes),
    }),
  ),
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
  roleTemplates: Type.Optional(
    Type.Array(
      closed({
        key: CatalogueKey,
        name: name(100),
        description,
        // Bounded as scopes are.
        permissions: Type.Array(PermissionKey, { maxItems: 1000 }),
      }),
    ),
  ),
});
export type CatalogueFile = Static<typeof CatalogueFile>;
type Entry<List extends CatalogueList> = NonNullable<CatalogueFile[List]>[number];

/** An entry of the right shape, and its path as faults show it: `permissions[3] "flows/launch"`. */
export interface Placed<T> {
  readonly at: string;
  readonly id: string;
  readonly entry: T;
}

/** Input of the checks beyond the shape. */
export interface FileEntries {
  readonly sound: { readonly [List in CatalogueList]: readonly Placed<Entry<List>>[] };
  /** Keys of all entries with their paths, those of a wrong shape included. */
  readonly keys: {
    readonly [List in CatalogueList]: readonly { readonly at: string; readonly id: string }[];
  };
}

const { version: versionShape, ...listShapes } = CatalogueFile.properties;
const shapes: { readonly [List in CatalogueList]: TArray<TObject> } = listShapes;
type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the entries of any JSON that have the right shape, and the faults of the others. No entries if the JSON is not
 * even an object.
 */
export function readEntries(json: unknown): {
  readonly faults: string[];
  readonly entries: FileEntries | null;
} {
  if (!isObject(json)) return { faults: ['a catalogue file is a JSON object'], entries: null };

  const sound: Record<CatalogueList, Placed<unknown>[]> = emptyLists();
  const keys: Record<CatalogueList, { at: string; id: string }[]> = emptyLists();

  const faults = Object.keys(json)
    .filter((key) => !Object.hasOwn(CatalogueFile.properties, key))
    .map((key) => `${key}: ${UNKNOWN_FIELD}`);
  faults.push(...faultsOf(compileSchema(versionShape), json.version).map((f) => `version: ${f}`));
  for (const list of CATALOGUE_LISTS) {
    const items = json[list] === undefined && isOptional(list) ? [] : json[list];
    if (!Array.isArray(items)) {
      faults.push(`${list}: ${LIST_WANTED}`);
      continue;
    }
    const check = compileSchema(shapes[list].items);
    for (const [index, entry] of items.entries()) {
      const id = idOf(entry);
      const at = `${list}[${index}]${id === null ? '' : ` ${JSON.stringify(id)}`}`;
      const misshapen = faultsOf(check, entry);
      const wrong = misshapen.length > 0 ? misshapen : textFaults(list, entry as Json);
      faults.push(...wrong.map((fault) => `${at}: ${fault}`));
      if (id !== null) keys[list].push({ at, id });
      if (wrong.length === 0) sound[list].push({ at, id: id ?? '', entry: entry as Static<TObject> });
    }
  }
  return { faults, entries: { sound, keys } as FileEntries };
}

/** Identity of an entry: its key, its name (scopes), or its pair of roles in either order (conflicts). */
function idOf(entry: unknown): string | null {
  if (!isObject(entry)) return null;
  const { key, name, roles } = entry;
  if (typeof key === 'string') return key;
  if (Array.isArray(roles)) return roles.every((role) => typeof role === 'string') ? pairKey(roles) : null;
  return typeof name === 'string' && !('key' in entry) ? name : null;
}

/** Faults in the texts of an entry of the right shape. Scopes are identified by name, so their names count as keys. */
function textFaults(list: CatalogueList, entry: Json): string[] {
  return Object.entries(entry).flatMap(([field, value]) => {
    const isName = field === 'name' && list !== 'scopes';
    const multiline = field === 'description' || field === 'reason';
    const texts = [value].flat().filter((each) => typeof each === 'string');
    const faults = texts.map((text) =>
      isName ? catalogueNameFault(text) : plainTextFault(text, { multiline }),
    );
    return faults.flatMap((fault) => (fault === null ? [] : [`${field}: ${fault}`]));
  });
}

/** Names of a catalogue are published unchanged, so they must be normalised already. */
const catalogueNameFault = (name: string): string | null =>
  nameFault(name) ??
  (tidyName(name) === name.trim() ? null : 'A name has no invisible characters without effect.');

/** Catalogues that were written before a list came do not have it. */
const isOptional = (list: CatalogueList): boolean =>
  !(CatalogueFile.required as readonly string[]).includes(list);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const emptyLists = <T>(): Record<CatalogueList, T[]> =>
  Object.fromEntries(CATALOGUE_LISTS.map((list) => [list, []])) as unknown as Record<CatalogueList, T[]>;
