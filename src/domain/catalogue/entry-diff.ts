import { CATALOGUE_LISTS, pairKey, type CatalogueContent, type CatalogueList } from './catalogue';

/** Differences between two contents of the catalogue, entry by entry. */

export interface CatalogueFieldDiff {
  readonly field: string;
  /** Text or truth of either side; null where there is none, and for a list. */
  readonly before: string | null;
  readonly after: string | null;
  /** Items of a list that one side has alone. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface CatalogueEntryDiff {
  readonly list: CatalogueList;
  readonly key: string;
  /** Name or description, as people read it. */
  readonly name: string;
  readonly change: 'ADDED' | 'CHANGED' | 'RETIRED';
  readonly fields: readonly CatalogueFieldDiff[];
}

/** Definition of an entry, as the catalogue holds it. */
export type CatalogueEntry = Readonly<Record<string, unknown>>;

/** Fields that say which entry it is, and if it is there. */
const IDENTIFYING: ReadonlySet<string> = new Set(['key', 'retired', 'roles']);

/** Entries that one side has alone, or otherwise: list by list, in the order of `after`, those that are gone last. */
export const entryDiffs = (before: CatalogueContent, after: CatalogueContent): CatalogueEntryDiff[] =>
  CATALOGUE_LISTS.flatMap((list) => {
    const [old, now] = [presentEntries(before, list), presentEntries(after, list)];
    return [...new Set([...now.keys(), ...old.keys()])].flatMap((key) =>
      entryDiff(list, key, old.get(key) ?? null, now.get(key) ?? null),
    );
  });

/** True if nothing of an entry changed: neither the order of a list, nor a change of what is retired, is one. */
export function isSameEntry(
  list: CatalogueList,
  before: CatalogueEntry | undefined,
  after: CatalogueEntry | undefined,
): boolean {
  const [was, is] = [before, after].map((entry) => (entry && isPresent(entry) ? entry : null));
  return was === is || entryDiff(list, '', was!, is!).length === 0;
}

const isPresent = ({ retired }: CatalogueEntry): boolean => retired !== true;

function entryDiff(
  list: CatalogueList,
  key: string,
  was: CatalogueEntry | null,
  is: CatalogueEntry | null,
): CatalogueEntryDiff[] {
  const names = new Set([...Object.keys(is ?? {}), ...Object.keys(was ?? {})]);
  const fields = [...names]
    .filter((field) => !IDENTIFYING.has(field) && !(list === 'scopes' && field === 'name'))
    .flatMap((field) => fieldDiff(field, was?.[field], is?.[field]));
  const change = was === null ? 'ADDED' : is === null ? 'RETIRED' : 'CHANGED';
  if (change === 'CHANGED' && fields.length === 0) return [];
  return [{ list, key, name: nameOf((is ?? was)!), change, fields }];
}

function fieldDiff(field: string, was: unknown, is: unknown): CatalogueFieldDiff[] {
  if (Array.isArray(was) || Array.isArray(is)) {
    const [old, now] = [was, is].map((items) => (items ?? []) as readonly string[]);
    const [added, removed] = [without(now!, old!), without(old!, now!)];
    const isSame = added.length + removed.length === 0;
    return isSame ? [] : [{ field, before: null, after: null, added, removed }];
  }
  const [before, after] = [was, is].map((value) => (value === undefined ? null : String(value)));
  return before === after ? [] : [{ field, before: before!, after: after!, added: [], removed: [] }];
}

const without = (items: readonly string[], others: readonly string[]): string[] =>
  items.filter((item) => !others.includes(item));

const nameOf = ({ name, description, reason }: CatalogueEntry): string =>
  String(name ?? description ?? reason);

function presentEntries(content: CatalogueContent, list: CatalogueList): ReadonlyMap<string, CatalogueEntry> {
  const entries = content[list] as readonly unknown[] as readonly CatalogueEntry[];
  return new Map(entries.filter(isPresent).map((entry) => [keyOf(entry), entry]));
}

const keyOf = ({ key, name, roles }: CatalogueEntry): string =>
  Array.isArray(roles) ? pairKey(roles as string[]) : String(key ?? name);
