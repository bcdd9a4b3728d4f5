import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import type { AccessDiffFilter, Ordinal, UserAccessDiff, View } from '../../projections/view';
import { Work } from '../../src/shared/turns';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';
import { everyPage } from './paging';

/** Gains and losses of users between two moments, and the events that made it, cause by cause. */

const folders: Models[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder.cleanUp())));

/** An account with an admin, two users and a role that bob is in; all features on. */
async function opened() {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.feature('BASE');
  await log.feature('FLOW');
  for (const user of ['ada', 'bob', 'eve']) await log.register(user);
  await log.assign('account-admin', 'ada');
  await log.create('desk', 'Desk', { 'flows/edit': ['flow:manage'], 'people/view': [] }, ['bob']);
  const folder = new Models();
  folders.push(folder);
  const read = await folder.current(log.store);
  const from = read.status().ordinal;
  return { log, from, read, view: () => caughtUp(log, read).then(() => read.view(ACCOUNT)) };
}

async function caughtUp(log: Log, read: { waitFor(p: bigint, ms: number): Promise<boolean> }) {
  const { position } = (await log.store.head())!;
  expect(await read.waitFor(position, 120_000)).toBe(true);
}

const text = (changes: UserAccessDiff['gained']): string[] =>
  changes.map(({ permission, scopes }) => `${permission} [${scopes.join()}]`);

/** Differences in words, each change with the types of its causes. */
async function told(view: View, from: Ordinal, among: AccessDiffFilter['among'] = null): Promise<unknown[]> {
  const filter = { from, among };
  const diffs = await everyPage(2, (page) => view.accessDiffs(filter, page));
  const causes = await view.accessCauses(from, diffs);
  const side = (index: number, name: 'gained' | 'lost'): string[] =>
    text(diffs[index]![name]).map((change, place) => {
      const rows = view.historyEntries(causes[index]![name][place]!);
      return `${change} by ${rows.map((row) => row!.type).join(' + ')}`;
    });
  return diffs.map(({ user }, index) => [user, side(index, 'gained'), side(index, 'lost')]);
}

test('assignments, a bar, and grants of a role', async () => {
  const { log, from, view } = await opened();
  await log.assign('desk', 'eve');
  await log.role('account-admin', ['UserBarred', { user: 'ada', member: true }]);
  await log.role(
    'desk',
    ['PermissionGranted', { permission: 'flows/view', scopes: ['flow:read'] }],
    ['PermissionRevoked', { permission: 'people/view', scopes: [] }],
    [
      'PermissionScopesChanged',
      { permission: 'flows/edit', from: ['flow:manage'], to: ['flow:manage', 'flow:read'] },
    ],
  );
  const bar = 'by UserBarred';
  expect(await told(await view(), from)).toEqual([
    [
      'ada',
      [],
      [
        `flows/view [flow:read] ${bar}`,
        `flows/edit [flow:manage,flow:read] ${bar}`,
        `people/view [people:read] ${bar}`,
        `roles/manage [roles:manage] ${bar}`,
      ],
    ],
    [
      'bob',
      ['flows/view [flow:read] by PermissionGranted', 'flows/edit [flow:read] by PermissionScopesChanged'],
      ['people/view [] by PermissionRevoked'],
    ],
    [
      'eve',
      [
        'flows/view [flow:read] by PermissionGranted',
        'flows/edit [flow:manage,flow:read] by UserAssigned + PermissionScopesChanged',
      ],
      [],
    ],
  ]);
});

test('the deletion of a role, a deactivation and an erasure', async () => {
  const { log, from, view } = await opened();
  await log.assign('desk', 'eve');
  await log.user('eve', 'UserErased', {});
  await log.user('ada', 'UserDeactivated', {});
  await log.role('desk', ['RoleDeleted', { name: 'Desk' }]);
  // They change nothing for those who had lost all before.
  await log.role('account-admin', ['UserUnassigned', { user: 'ada' }]);
  const now = await view();
  const lost = (await told(now, from)) as [string, string[], string[]][];
  expect(lost.map(([user, gained]) => [user, gained])).toEqual([
    ['ada', []],
    ['bob', []],
  ]);
  expect(new Set(lost[0]![2].map((change) => change.split(' by ')[1]))).toEqual(new Set(['UserDeactivated']));
  expect(lost[1]![2]).toEqual(['flows/edit [flow:manage] by RoleDeleted', 'people/view [] by RoleDeleted']);
  expect(await now.countAccessDiffs({ from, among: null })).toEqual({ users: 2, gaining: 0, losing: 2 });
});

test('an erased user lost what the roles had given', async () => {
  const { log, view } = await opened();
  await log.assign('desk', 'eve');
  const from = (await view()).pin.ordinal;
  await log.user('eve', 'UserErased', {});
  const now = await view();
  expect(await told(now, from)).toEqual([
    ['eve', [], ['flows/edit [flow:manage] by UserErased', 'people/view [] by UserErased']],
  ]);
  expect(now.users(['eve']).get('eve')?.name).toBe('Erased user');
});

test('features and publications', async () => {
  const { log, from, view } = await opened();
  await log.assign('viewer', 'eve');
  const assigned = (await view()).pin.ordinal;
  await log.feature('FLOW', false);
  expect(await told(await view(), assigned)).toEqual([
    [
      'ada',
      [],
      ['flows/view [flow:read] by FeatureDisabled', 'flows/edit [flow:manage,flow:read] by FeatureDisabled'],
    ],
    ['bob', [], ['flows/edit [flow:manage] by FeatureDisabled']],
    ['eve', [], ['flows/view [flow:read] by FeatureDisabled']],
  ]);
  await log.feature('FLOW');
  // Off and on again: nothing is left of it.
  expect(await told(await view(), assigned)).toEqual([]);
  const [admin, viewer] = CATALOGUE.defaultRoles;
  await log.publish({
    ...CATALOGUE,
    version: 2,
    permissions: CATALOGUE.permissions.map((each) =>
      each.key === 'flows/edit' ? { ...each, scopes: ['flow:read'] } : each,
    ),
    defaultRoles: [admin!, { ...viewer!, permissions: ['flows/view', 'flows/edit'] }],
  });
  expect(await told(await view(), assigned)).toEqual([
    ['ada', [], ['flows/edit [flow:manage] by DefaultRoleChanged + PermissionChanged']],
    ['bob', [], ['flows/edit [flow:manage] by PermissionChanged']],
    [
      'eve',
      ['flows/edit [flow:read] by DefaultRoleChanged + PermissionChanged'],
      ['people/view [people:read] by DefaultRoleChanged'],
    ],
  ]);
  expect(await told(await view(), from, { user: 'eve' })).toEqual([
    [
      'eve',
      [
        // The last event that gave it, not the first: it was withheld in between.
        'flows/view [flow:read] by FeatureEnabled',
        'flows/edit [flow:read] by DefaultRoleChanged + PermissionChanged',
      ],
      [],
    ],
  ]);
});

test('one user, the users of a role, and nobody', async () => {
  const { log, from, view } = await opened();
  await log.create('night', 'Night', { 'flows/view': ['flow:read'] }, ['bob', 'eve']);
  await log.assign('viewer', 'ada');
  await log.role('desk', ['UserUnassigned', { user: 'bob' }]);
  const now = await view();
  const users = async (among: AccessDiffFilter['among']): Promise<string[]> =>
    (await everyPage(1, (page) => now.accessDiffs({ from, among }, page))).map(({ user }) => user);
  expect(await users(null)).toEqual(['bob', 'eve']);
  expect(await users({ user: 'eve' })).toEqual(['eve']);
  // The admin had all of it before.
  expect(await users({ user: 'ada' })).toEqual([]);
  expect(await users({ user: 'nobody' })).toEqual([]);
  expect(await users({ role: 'desk' })).toEqual(['bob']);
  const only = async (permission: string): Promise<unknown[]> =>
    (await everyPage(1, (page) => now.accessDiffs({ from, among: null, permission }, page))).map(
      ({ user, gained, lost }) => [user, text(gained), text(lost)],
    );
  expect(await only('people/view')).toEqual([['bob', [], ['people/view []']]]);
  expect(await only('roles/manage')).toEqual([]);
  expect(await users({ role: 'night' })).toEqual(['bob', 'eve']);
  expect(await users({ role: 'viewer' })).toEqual([]);
  expect(await users({ role: 'nothing' })).toEqual([]);
  await log.role('desk', ['RoleDeleted', { name: 'Desk' }]);
  const deleted = (await view()).pin.ordinal;
  await log.assign('night', 'ada');
  await log.register('zoe');
  await log.assign('night', 'zoe');
  const later = await view();
  // Nobody is in a role any more that was deleted.
  expect((await later.accessDiffs({ from: deleted, among: { role: 'desk' } }, { first: 9 })).items).toEqual(
    [],
  );
  expect(
    (await later.accessDiffs({ from: deleted, among: null }, { first: 9 })).items.map(
      ({ item }) => item.user,
    ),
  ).toEqual(['zoe']);
});

test('between cursors, and a page of none', async () => {
  const { log, from, view } = await opened();
  for (const user of ['u1', 'u2', 'u3', 'u4', 'u5']) await log.register(user);
  await log.assign('viewer', 'u1', 'u2', 'u3', 'u4', 'u5');
  const now = await view();
  const filter = { from, among: null };
  const { items } = await now.accessDiffs(filter, { first: 9 });
  const ids = (page: typeof items): string[] => page.map(({ item }) => item.user);
  expect(ids(items)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5']);
  const ends = { after: items[0]!.cursor, before: items[4]!.cursor };
  const forward = await now.accessDiffs(filter, { first: 2, ...ends });
  expect([ids(forward.items), forward.hasMore]).toEqual([['u2', 'u3'], true]);
  const backward = await now.accessDiffs(filter, { last: 9, ...ends });
  expect([ids(backward.items), backward.hasMore]).toEqual([['u2', 'u3', 'u4'], false]);
  expect(await now.accessDiffs(filter, { first: 0, after: items[4]!.cursor, including: true })).toEqual({
    items: [],
    hasMore: true,
  });
  expect(await now.accessDiffs(filter, { first: 0, after: items[4]!.cursor })).toEqual({
    items: [],
    hasMore: false,
  });
});

/** Rows that questions read about an account in which everybody was put into a role, and later one user out of it. */
async function rowsRead(users: number): Promise<{ page: number; one: number; few: number; count: number }> {
  const { log, view, read } = await opened();
  const ids = Array.from({ length: users }, (_, n) => `u${n}`);
  for (const user of ids) await log.register(user);
  const from = (await view()).pin.ordinal;
  for (let at = 0; at < users; at += 100) await log.assign('desk', ...ids.slice(at, at + 100));
  const assigned = (await view()).pin.ordinal;
  await log.role('desk', ['UserUnassigned', { user: ids.at(-1)! }]);
  await view();
  const rows = async (ask: (now: View) => Promise<unknown>): Promise<number> => {
    const work = new Work();
    // Tables that have read nothing yet.
    await ask(new Tables(read.tables().sql, new CatalogueSnapshots()).view(ACCOUNT, null, null, work));
    return work.rows;
  };
  const page = { first: 20 };
  return {
    page: await rows((now) => now.accessDiffs({ from, among: null }, page)),
    one: await rows((now) => now.accessDiffs({ from, among: { user: 'u7' } }, page)),
    few: await rows((now) => now.accessDiffs({ from: assigned, among: null }, page)),
    count: await rows((now) => now.countAccessDiffs({ from, among: null })),
  };
}

test('a page looks at the users that it shows; those of whom nothing changed are passed over', async () => {
  const small = await rowsRead(200);
  const large = await rowsRead(800);
  expect(large.page).toBe(small.page);
  expect(large.one).toBe(small.one);
  expect(large.page).toBeLessThan(600);
  // One user differs, the last one: all others are passed over, at a fraction of a row each.
  expect(large.few).toBeLessThan(800 / 2);
  expect(large.count).toBeGreaterThan(800);
});
