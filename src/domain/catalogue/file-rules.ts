import { ACCOUNT_ADMIN } from '../vocabulary';
import type { FileEntries } from './file-shape';
import { findCycles, scopesLeadingTo } from './scope-inclusion';

/** Permissions that Rolebook itself asks for: without one of them something could be done by nobody. */
export const OWN_PERMISSIONS = [
  'roles/view',
  'roles/manage',
  'roles/assign',
  'users/view',
  'users/manage',
  'audit-log/view',
  'accounts/manage',
] as const;

/** Rules of a catalogue as a whole, so that nobody is locked out and nobody can raise themselves. */
export function ruleFaults(entries: FileEntries): string[] {
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

/** Else who may grant only what is unprivileged could give away an API authority that is privileged. */
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
