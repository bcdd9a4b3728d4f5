import type { CatalogueList } from './catalogue';
import type { FileEntries } from './file-shape';

/** Checks that everything an entry of a catalogue file refers to is in the file. */
export function referenceFaults({ sound, keys }: FileEntries): string[] {
  const known = (Object.keys(keys) as CatalogueList[]).reduce<
    Partial<Record<CatalogueList, ReadonlySet<string>>>
  >((sets, list) => ({ ...sets, [list]: new Set(keys[list].map(({ id }) => id)) }), {});
  const faults: string[] = [];
  const refer = (at: string, field: string, list: CatalogueList, targets: readonly string[]): void => {
    for (const target of targets) {
      if (!known[list]?.has(target)) faults.push(`${at}: ${field}: there is no ${JSON.stringify(target)}`);
    }
  };

  for (const { at, entry } of sound.scopes) refer(at, 'includes', 'scopes', entry.includes ?? []);
  for (const { at, entry } of sound.permissions) {
    refer(at, 'section', 'sections', [entry.section]);
    refer(at, 'feature', 'features', [entry.feature]);
    refer(at, 'scopes', 'scopes', entry.scopes);
  }
  for (const { at, entry } of sound.defaultRoles) {
    refer(at, 'group', 'groups', [entry.group]);
    refer(at, 'permissions', 'permissions', entry.permissions);
  }
  for (const { at, entry } of sound.conflicts) {
    const [a, b] = entry.roles;
    if (a === b) faults.push(`${at}: roles: a role cannot be in conflict with itself`);
    refer(at, 'roles', 'defaultRoles', [...new Set(entry.roles)]);
  }
  return faults;
}
