import type { Static, TArray, TInteger, TObject } from '@sinclair/typebox';
import { compileSchema, faultsOf } from '../schemas';
import { CATALOGUE_LISTS, pairKey, type CatalogueList } from './catalogue';
import type { CatalogueFile } from './file';

/** The first look at a catalogue file: what has the right shape, entry by entry, and what has not. */

/** An entry of the right shape, and its place as faults say it: `permissions[3] "flows/launch"`. */
export interface Placed<T> {
  readonly at: string;
  readonly id: string;
  readonly entry: T;
}

/** What the checks beyond the shape work on. */
export interface FileEntries {
  readonly sound: { readonly [List in CatalogueList]: readonly Placed<CatalogueFile[List][number]>[] };
  /** Keys of all entries with their places, those of a wrong shape included. */
  readonly keys: {
    readonly [List in CatalogueList]: readonly { readonly at: string; readonly id: string }[];
  };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

type Shape = TObject<{ version: TInteger } & { [List in CatalogueList]: TArray<TObject> }>;
type Json = Readonly<Record<string, unknown>>;

/** No entries where the JSON is not even an object. */
export function readShape(
  shape: Shape,
  json: unknown,
): { readonly faults: string[]; readonly entries: FileEntries | null } {
  if (!isObject(json)) return { faults: ['a catalogue file is a JSON object'], entries: null };

  const sound: Record<CatalogueList, Placed<unknown>[]> = emptyLists();
  const keys: Record<CatalogueList, { at: string; id: string }[]> = emptyLists();

  const faults = Object.keys(json)
    .filter((key) => !Object.hasOwn(shape.properties, key))
    .map((key) => `${key}: Unexpected property`);
  faults.push(...faultsOf(compileSchema(shape.properties.version), json.version).map((f) => `version: ${f}`));
  for (const list of CATALOGUE_LISTS) {
    const items = json[list];
    if (!Array.isArray(items)) {
      faults.push(`${list}: Expected array`);
      continue;
    }
    const check = compileSchema(shape.properties[list].items);
    for (const [index, entry] of items.entries()) {
      const id = idOf(entry);
      const at = `${list}[${index}]${id === null ? '' : ` ${JSON.stringify(id)}`}`;
      const wrong = [...faultsOf(check, entry), ...surrogates(entry)];
      faults.push(...wrong.map((fault) => `${at}: ${fault}`));
      if (id !== null) keys[list].push({ at, id });
      if (wrong.length === 0) sound[list].push({ at, id: id ?? '', entry: entry as Static<TObject> });
    }
  }
  return { faults, entries: { sound, keys } as FileEntries };
}

/** What an entry is known by: its key, its name (scopes), or its pair of roles in either order (conflicts). */
function idOf(entry: unknown): string | null {
  if (!isObject(entry)) return null;
  const { key, name, roles } = entry;
  if (typeof key === 'string') return key;
  if (Array.isArray(roles)) return roles.every((role) => typeof role === 'string') ? pairKey(roles) : null;
  return typeof name === 'string' && !('key' in entry) ? name : null;
}

/** The log refuses text that is not Unicode; better said here than in the middle of a publication. */
const surrogates = (entry: unknown): string[] =>
  LONE_SURROGATE.test(texts(entry)) ? ['a lone surrogate is not Unicode text'] : [];

const texts = (value: unknown): string =>
  typeof value === 'string' ? value : isObject(value) || Array.isArray(value) ? joined(value) : '';
const joined = (value: object): string => Object.values(value).map(texts).join('\n');

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const emptyLists = <T>(): Record<CatalogueList, T[]> =>
  Object.fromEntries(CATALOGUE_LISTS.map((list) => [list, []])) as unknown as Record<CatalogueList, T[]>;
