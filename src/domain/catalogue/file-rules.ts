import { keysToClaim } from '../text';
import { ACCOUNT_ADMIN } from '../vocabulary';
import type { CatalogueList } from './catalogue';
import { readEntries, type CatalogueFile, type FileEntries } from './file';
import { findCycles, scopesLeadingTo } from './scope-inclusion';

/** The rules of a catalogue file: validation from any JSON to a publishable file. */

/** Permissions that Rolebook itself requires: without one of them nobody could do some things. */
export const OWN_PERMISSIONS = [
  'roles/view',
  'roles/manage',
  'roles/assign',
  'users/view',
  'users/manage',
  'audit-log/view',
  'accounts/manage',
] as const;

export type CatalogueFileResult =
  | { readonly ok: true; readonly file: CatalogueFile }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Accepts any JSON as a catalogue file, or returns all its faults at once, each with its path: `permissions[3]
 * "flows/launch": feature: there is no "FLOWS"`. Entries of a wrong shape still count as known, so that one slip is not
 * reported again by everything that refers to it.
 */
export function validateCatalogueFile(json: unknown): CatalogueFileResult {
  const { faults, entries } = readEntries(json);
  if (!entries) return { ok: false, faults };
  const all = [...faults, ...duplicateFaults(entries), ...referenceFaults(entries), ...ruleFaults(entries)];
  return all.length === 0 ? { ok: true, file: json as CatalogueFile } : { ok: false, faults: all };
}

/** Rejects a name given twice in a catalogue file, and an item listed twice in one of its lists. */
function duplicateFaults({ keys, sound }: FileEntries): string[] {
  const faults: string[] = [];
  for (const list of Object.keys(keys) as CatalogueList[]) {
    faults.push(...repeats(keys[list]).map(({ at, first }) => `${at}: the same as ${first}`));
  }
  for (const { at, entry } of sound.scopes) faults.push(...twice(at, 'includes', entry.includes ?? []));
  for (const { at, entry } of sound.permissions) faults.push(...twice(at, 'scopes', entry.scopes));
  for (const { at, entry } of [...sound.defaultRoles, ...sound.roleTemplates])
    faults.push(...twice(at, 'permissions', entry.permissions));

  // A role by the name of a default one could not be made of a template.
  const names = [...sound.defaultRoles, ...sound.roleTemplates].map(({ at, entry }) => ({
    at,
    id: keysToClaim(entry.name)[0]!,
  }));
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
  return [...repeated].map((item) => `${at}: ${field}: ${JSON.stringify(item)} is listed more than once`);
}

/** Checks that every reference of an entry is to something in the file. */
function referenceFaults({ sound, keys }: FileEntries): string[] {
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
  for (const { at, entry } of sound.roleTemplates) refer(at, 'permissions', 'permissions', entry.permissions);
  return faults;
}

/** Rules of a catalogue as a whole, so that nobody is locked out and nobody can escalate their own rights. */
function ruleFaults(entries: FileEntries): string[] {
  return [...ownFaults(entries), ...adminFaults(entries), ...cycleFaults(entries), ...scopeFaults(entries)];
}

function ownFaults({ sound, keys }: FileEntries): string[] {
  const known = new Set(keys.permissions.map(({ id }) => id));
  const faults = OWN_PERMISSIONS.filter((key) => !known.has(key)).map(
    (key) => `permissions: ${JSON.stringify(key)} is missing, and Rolebook asks for it`,
  );
  const features = new Map(sound.features.map(({ id, entry }) => [id, entry]));
  const allKnown = sound.features.length === keys.features.length;
  if (allKnown && ![...features.values()].some(({ required }) => required)) {
    faults.push('features: none is required, yet one must guard the role pages');
  }
  for (const { at, entry } of sound.permissions) {
    const feature = features.get(entry.feature);
    if (feature && !feature.required && entry.key.startsWith('roles/')) {
      faults.push(
        `${at}: feature: ${JSON.stringify(entry.feature)} must be required, for it guards the role pages`,
      );
    }
  }
  return faults;
}

function adminFaults({ sound, keys }: FileEntries): string[] {
  if (!keys.defaultRoles.some(({ id }) => id === ACCOUNT_ADMIN)) {
    return [`defaultRoles: ${JSON.stringify(ACCOUNT_ADMIN)} is missing`];
  }
  const admin = sound.defaultRoles.find(({ id }) => id === ACCOUNT_ADMIN);
  if (!admin) return [];
  const granted = new Set(admin.entry.permissions);
  return sound.permissions
    .filter(({ entry }) => entry.privileged && !granted.has(entry.key))
    .map(({ id }) => `${admin.at}: permissions: lacks ${JSON.stringify(id)}, which is privileged`);
}

const cycleFaults = ({ sound }: FileEntries): string[] =>
  findCycles(inclusions(sound)).map(
    (cycle) => `scopes: ${cycle.map((scope) => JSON.stringify(scope)).join(' includes ')}: a cycle`,
  );

/**
 * Otherwise a holder of the right to grant only unprivileged permissions could give away a privileged API authority.
 */
function scopeFaults({ sound }: FileEntries): string[] {
  const holders = new Map<string, string>();
  for (const { id, entry } of sound.permissions) {
    if (!entry.privileged) continue;
    for (const scope of entry.scopes) if (!holders.has(scope)) holders.set(scope, id);
  }
  const leading = scopesLeadingTo(holders.keys(), inclusions(sound));
  return sound.permissions.flatMap(({ at, entry }) => {
    if (entry.privileged) return [];
    return entry.scopes.flatMap((scope) => {
      const guarded = leading.get(scope);
      if (guarded === undefined) return [];
      const through = guarded === scope ? '' : ` includes ${JSON.stringify(guarded)}, which`;
      const holder = JSON.stringify(holders.get(guarded));
      return [
        `${at}: scopes: ${JSON.stringify(scope)}${through} comes with ${holder}, which is privileged; this permission is not`,
      ];
    });
  });
}

const inclusions = (sound: FileEntries['sound']): ReadonlyMap<string, readonly string[]> =>
  new Map(sound.scopes.map(({ id, entry }) => [id, entry.includes ?? []]));
