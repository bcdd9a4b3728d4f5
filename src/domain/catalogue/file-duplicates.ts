import { keysToClaim } from '../text';
import type { CatalogueList } from './catalogue';
import type { FileEntries } from './file-shape';

/** Nothing is named twice in a catalogue file, nor listed twice in one of its lists. */
export function duplicateFaults({ keys, sound }: FileEntries): string[] {
  const faults: string[] = [];
  for (const list of Object.keys(keys) as CatalogueList[]) {
    faults.push(...repeats(keys[list]).map(({ at, first }) => `${at}: the same as ${first}`));
  }
  for (const { at, entry } of sound.scopes) faults.push(...twice(at, 'includes', entry.includes ?? []));
  for (const { at, entry } of sound.permissions) faults.push(...twice(at, 'scopes', entry.scopes));
  for (const { at, entry } of sound.defaultRoles) faults.push(...twice(at, 'permissions', entry.permissions));

  const names = sound.defaultRoles.map(({ at, entry }) => ({ at, id: keysToClaim(entry.name)[0]! }));
  faults.push(...repeats(names).map(({ at, first }) => `${at}: name: means the same as that of ${first}`));
  return faults;
}

function repeats(items: readonly { readonly at: string; readonly id: string }[]) {
  const firsts = new Map<string, string>();
  return items.flatMap(({ at, id }) => {
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, at);
    return first === undefined ? [] : [{ at, first }];
  });
}

function twice(at: string, field: string, items: readonly string[]): string[] {
  if (new Set(items).size === items.length) return [];
  const repeated = new Set(items.filter((item, index) => items.indexOf(item) !== index));
  return [...repeated].map((item) => `${at}: ${field}: ${JSON.stringify(item)} stands there more than once`);
}
