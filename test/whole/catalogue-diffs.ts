import type { View } from '../../projections/view';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { NaiveCatalogue } from './naive-catalogue';
import type { NaiveAccount } from './naive-model';

/** Differences of the catalogue, and permissions that roles were never decided on, as a replay of the log has them. */

interface Side {
  readonly view: View;
  readonly naive: NaiveAccount;
}

/** Definitions of what is in a catalogue, as text, by kind and key. */
function definitions({ roles, permissions }: NaiveCatalogue): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, { name, description, group, grants, retired }] of roles)
    if (!retired)
      found.set(`defaultRoles ${key}`, JSON.stringify([name, description, group, [...grants].sort()]));
  for (const [key, permission] of permissions) {
    const { section, description, feature, privileged, scopes } = permission as unknown as Defined;
    const text = JSON.stringify([section, description, feature, privileged, [...scopes].sort()]);
    if (!permission.retired) found.set(`permissions ${key}`, text);
  }
  return found;
}

interface Defined {
  readonly section: string;
  readonly description: string;
  readonly feature: string;
  readonly privileged: boolean;
  readonly scopes: readonly string[];
}

export async function compareCatalogues(
  log: readonly RecordedEvent[],
  [then, now]: readonly [Side, Side],
): Promise<void> {
  const [was, is] = [then, now].map(({ naive }) => definitions(naive.catalogue));
  const expected = [...new Set([...was!.keys(), ...is!.keys()])].flatMap((entry) => {
    if (was!.get(entry) === is!.get(entry)) return [];
    const change = !was!.has(entry) ? 'ADDED' : is!.has(entry) ? 'CHANGED' : 'RETIRED';
    return [`${entry} ${change}`];
  });
  const found = (await now.view.catalogueDiff(then.view.pin.ordinal)).filter(({ list }) =>
    ['defaultRoles', 'permissions'].includes(list),
  );
  expect(found.map(({ list, key, change }) => `${list} ${key} ${change}`).sort()).toEqual(expected.sort());
  const made = publications(log, [then, now]);
  for (const { list, key, publications: ordinals } of found) {
    const rows = now.view.historyEntries(ordinals.map((ordinal) => ({ ordinal, part: 0 })));
    expect([list, key, rows.map((row) => row?.eventId)]).toEqual([list, key, made.get(`${list} ${key}`)]);
  }
}

/** Publications between two moments that changed an entry. */
function publications(
  log: readonly RecordedEvent[],
  [then, now]: readonly [Side, Side],
): ReadonlyMap<string, readonly string[]> {
  const [from, to] = [then, now].map(({ view }) => view.pin.position!);
  const catalogue = new NaiveCatalogue();
  const made = new Map<string, string[]>();
  for (const event of log.filter(isOfCatalogue)) {
    if (event.position > to!) break;
    const counts = event.position > from! && event.type === 'CataloguePublished';
    const before = counts ? definitions(catalogue) : new Map<string, string>();
    catalogue.apply(event);
    if (!counts) continue;
    const after = definitions(catalogue);
    for (const entry of new Set([...before.keys(), ...after.keys()]))
      if (before.get(entry) !== after.get(entry)) made.set(entry, [...(made.get(entry) ?? []), event.id]);
  }
  return made;
}

const isOfCatalogue = ({ stream }: RecordedEvent): boolean => stream.endsWith('catalogue');

const EDITS = [
  'RoleCreated',
  'RoleRenamed',
  'RoleDescriptionChanged',
  'PermissionGranted',
  'PermissionScopesChanged',
  'PermissionRevoked',
];

/** Permissions published since each custom role was last edited. */
export function compareEdits(view: View, log: readonly RecordedEvent[], account: string): void {
  const catalogue = new NaiveCatalogue();
  const edited = new Map<string, bigint>();
  const deleted = new Set<string>();
  const takenUp = new Map<string, bigint>();
  for (const event of log) {
    const role = String(event.data['role']);
    if (isOfCatalogue(event)) catalogue.apply(event);
    else if (event.metadata.account === account && EDITS.includes(event.type))
      edited.set(role, event.position);
    else if (event.metadata.account === account && event.type === 'RoleDeleted') deleted.add(role);
    if (event.type !== 'CataloguePublished') continue;
    for (const [key, { retired }] of catalogue.permissions) {
      if (retired) takenUp.delete(key);
      else if (!takenUp.has(key)) takenUp.set(key, event.position);
    }
  }
  const found = view.publishedSinceEdit([...edited.keys(), 'account-admin', 'nothing']);
  const expected = [...edited].flatMap(([role, position]) => {
    const since = [...takenUp].filter(([, at]) => at > position).map(([key]) => key);
    return deleted.has(role) ? [] : [[role, since.sort()]];
  });
  expect([...found].map(([role, keys]) => [role, [...keys].sort()]).sort()).toEqual(expected.sort());
}
