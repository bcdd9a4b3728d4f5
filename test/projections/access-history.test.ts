import { setTimeout as sleep } from 'node:timers/promises';
import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import type { AccessHistoryFilter, Ordinal, UserAccessChange, View } from '../../projections/view';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { repairStream, roleStream } from '../../src/event-store/port/streams';
import { eventDigest } from '../../src/repair/digest';
import { Work } from '../../src/shared/turns';
import { ACCOUNT, CATALOGUE, Log, Models, START } from './log';
import { edgesOf, everyPage, naivePage } from './paging';

/** Every gain and loss along the history of a user and of a permission, whatever made it. */

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
  const viewAt = (ordinal: Ordinal): View => read.view(ACCOUNT, { ordinal });
  const view = async (): Promise<View> => {
    const { position } = (await log.store.head())!;
    expect(await read.waitFor(position, 30_000)).toBe(true);
    return read.view(ACCOUNT);
  };
  return { log, read, view, viewAt };
}

type Opened = Awaited<ReturnType<typeof opened>>;

const USER = (user: string): AccessHistoryFilter => ({ user, permission: null });
const PERMISSION = (permission: string): AccessHistoryFilter => ({ user: null, permission });

const words = (changes: UserAccessChange['gained'], sign: string): string[] =>
  changes.map(({ permission, scopes }) => `${sign}${permission} [${scopes.join()}]`);

/** Changes in words, newest first, each with the types of its causes. */
async function told({ view, viewAt }: Opened, filter: AccessHistoryFilter): Promise<string[]> {
  const now = await view();
  const found = await everyPage(2, (page) => now.accessHistory(filter, page));
  expect(await now.countAccessHistory(filter)).toBe(found.length);
  const lines: string[] = [];
  for (const change of found) {
    const { first, last } = change.append;
    const then = viewAt(last);
    const [causes] = await then.accessCauses((first - 1) as Ordinal, [change]);
    const numbers = [...causes!.gained, ...causes!.lost].flat();
    const types = new Set(then.historyEntries(numbers).map((row) => row!.type));
    const what = [...words(change.gained, '+'), ...words(change.lost, '-')].join(' ');
    lines.push(`${change.user} ${what} by ${[...types].join(' + ')}`);
  }
  return lines;
}

test('every cause is told once, newest first; what changes nothing is not', async () => {
  const world = await opened();
  const { log } = world;
  await log.assign('desk', 'eve');
  // Bob has it through another role already; his is the only gain that is none.
  await log.create('night', 'Night', { 'flows/edit': ['flow:manage'] }, ['bob']);
  await log.role('desk', [
    'PermissionScopesChanged',
    { permission: 'flows/edit', from: ['flow:manage'], to: ['flow:manage', 'flow:read'] },
  ]);
  await log.role('desk', ['PermissionRevoked', { permission: 'people/view', scopes: [] }]);
  await log.feature('FLOW', false);
  await log.feature('FLOW');
  await log.user('eve', 'UserLoggedIn', { at: new Date(START).toISOString() });
  await log.user('eve', 'UserDeactivated', {});
  await log.user('eve', 'UserReactivated', {});
  await log.role('desk', ['UserBarred', { user: 'eve', member: true }]);
  await log.role('desk', ['UserBarred', { user: 'eve', member: false }]);
  await log.assign('night', 'eve');
  await log.role('desk', ['RoleDeleted', { name: 'Desk' }]);
  await log.user('eve', 'UserErased', {});
  await log.user('ada', 'UserDeactivated', {});
  const both = 'flows/edit [flow:manage,flow:read]';
  expect(await told(world, USER('eve'))).toEqual([
    'eve -flows/edit [flow:manage] by UserErased',
    'eve +flows/edit [flow:manage] by UserAssigned',
    `eve -${both} by UserBarred`,
    `eve +${both} by UserReactivated`,
    `eve -${both} by UserDeactivated`,
    `eve +${both} by FeatureEnabled`,
    `eve -${both} by FeatureDisabled`,
    'eve -people/view [] by PermissionRevoked',
    'eve +flows/edit [flow:read] by PermissionScopesChanged',
    'eve +flows/edit [flow:manage] +people/view [] by UserAssigned',
  ]);
  expect(await told(world, USER('bob'))).toEqual([
    'bob -flows/edit [flow:read] by RoleDeleted',
    `bob +${both} by FeatureEnabled`,
    `bob -${both} by FeatureDisabled`,
    'bob -people/view [] by PermissionRevoked',
    'bob +flows/edit [flow:read] by PermissionScopesChanged',
    'bob +flows/edit [flow:manage] +people/view [] by UserAssigned',
  ]);
  expect(await told(world, PERMISSION('people/view'))).toEqual([
    'ada -people/view [people:read] by UserDeactivated',
    'bob -people/view [] by PermissionRevoked',
    'eve -people/view [] by PermissionRevoked',
    'eve +people/view [] by UserAssigned',
    'bob +people/view [] by UserAssigned',
    'ada +people/view [people:read] by UserAssigned',
  ]);
  expect(await told(world, { user: 'eve', permission: 'people/view' })).toEqual([
    'eve -people/view [] by PermissionRevoked',
    'eve +people/view [] by UserAssigned',
  ]);
  const flows = await told(world, PERMISSION('flows/edit'));
  expect(flows.filter((line) => line.includes('Feature'))).toEqual([
    `ada +${both} by FeatureEnabled`,
    `bob +${both} by FeatureEnabled`,
    `eve +${both} by FeatureEnabled`,
    `ada -${both} by FeatureDisabled`,
    `bob -${both} by FeatureDisabled`,
    `eve -${both} by FeatureDisabled`,
  ]);
  expect(await told(world, USER('nobody'))).toEqual([]);
  expect(await told(world, PERMISSION('nothing/at-all'))).toEqual([]);
});

test('publications: of a permission, of a default role, and of neither', async () => {
  const world = await opened();
  const { log } = world;
  await log.assign('viewer', 'eve');
  const [admin, viewer] = CATALOGUE.defaultRoles;
  const second = {
    ...CATALOGUE,
    version: 2,
    permissions: CATALOGUE.permissions.map((each) =>
      each.key === 'flows/edit' ? { ...each, scopes: ['flow:read'] } : each,
    ),
    defaultRoles: [admin!, { ...viewer!, permissions: ['flows/view', 'flows/edit'] }],
  };
  await log.publish(second);
  await log.publish({ ...second, version: 3, defaultRoles: [admin!] });
  const assigned = 'eve +flows/view [flow:read] +people/view [people:read] by UserAssigned';
  expect(await told(world, USER('eve'))).toEqual([
    'eve -flows/view [flow:read] -flows/edit [flow:read] by DefaultRoleRetired',
    'eve +flows/edit [flow:read] -people/view [people:read] by DefaultRoleChanged + PermissionChanged',
    assigned,
  ]);
  expect(await told(world, PERMISSION('flows/edit'))).toEqual([
    'eve -flows/edit [flow:read] by DefaultRoleRetired',
    'ada -flows/edit [flow:manage] by DefaultRoleChanged + PermissionChanged',
    'bob -flows/edit [flow:manage] by PermissionChanged',
    'eve +flows/edit [flow:read] by DefaultRoleChanged + PermissionChanged',
    'bob +flows/edit [flow:manage] by UserAssigned',
    'ada +flows/edit [flow:manage,flow:read] by UserAssigned',
  ]);
});

test('a void event changed nothing, and those beside it did', async () => {
  const { log, read, view, viewAt } = await opened();
  await log.assign('desk', 'eve');
  await log.append(roleStream(ACCOUNT, 'desk'), ['UserAssigned', { role: 'desk', user: 7 }]);
  let poison: RecordedEvent | undefined;
  for await (const event of log.store.readAll()) poison = event;
  while (read.status().state !== 'poisoned') await sleep(5);
  const { id, stream, revision } = poison!;
  const data = { event: id, stream, revision, digest: eventDigest(poison!), reason: 'SUP-7' };
  log.actor = { type: 'operator', id: 'root' };
  await log.append(repairStream, ['EventVoided', data]);
  await log.role('desk', ['UserUnassigned', { user: 'eve' }]);
  const world = { log, read, view, viewAt };
  expect(await told(world, USER('eve'))).toEqual([
    'eve -flows/edit [flow:manage] -people/view [] by UserUnassigned',
    'eve +flows/edit [flow:manage] +people/view [] by UserAssigned',
  ]);
  expect((await told(world, PERMISSION('people/view'))).filter((line) => line.startsWith('eve'))).toEqual([
    'eve -people/view [] by UserUnassigned',
    'eve +people/view [] by UserAssigned',
  ]);
});

test('pages go on within one change that many users gained by, and stay while changes come', async () => {
  const { log, view } = await opened();
  const users = Array.from({ length: 7 }, (_, n) => `u${n}`);
  for (const user of users) await log.register(user);
  await log.assign('desk', ...users);
  await log.role('desk', ['PermissionGranted', { permission: 'flows/view', scopes: ['flow:read'] }]);
  const now = await view();
  for (const filter of [PERMISSION('flows/view'), PERMISSION('people/view'), USER('u3')]) {
    const edges = await edgesOf(3, (page) => now.accessHistory(filter, page));
    await log.feature('FLOW', false);
    await log.feature('FLOW');
    await log.assign('viewer', 'u1');
    await log.role('viewer', ['UserUnassigned', { user: 'u1' }]);
    const later = await view();
    for (const after of [null, ...edges.map(({ cursor }) => cursor)])
      for (const before of [null, edges[1]?.cursor, edges.at(-1)?.cursor])
        for (const size of [{ first: 2 }, { last: 2 }, { first: 0 }])
          for (const including of [false, true]) {
            const page = { ...size, after, before: before ?? null, including };
            expect([page, await now.accessHistory(filter, page)]).toEqual([page, naivePage(edges, page)]);
            // Changes that came since are before the first.
            if (after !== null && !('last' in size))
              expect(await later.accessHistory(filter, page)).toEqual(naivePage(edges, page));
          }
  }
});

test('a role of more users than one step reads, and more roles than are listed one by one', async () => {
  const { log, view } = await opened();
  const users = Array.from({ length: 1_100 }, (_, n) => `u${n}`);
  for (const user of users) await log.register(user);
  for (let at = 0; at < users.length; at += 100) await log.assign('desk', ...users.slice(at, at + 100));
  await log.role('desk', ['PermissionGranted', { permission: 'flows/view', scopes: ['flow:read'] }]);
  const since = { ...PERMISSION('flows/view') };
  const now = await view();
  const gained = await everyPage(200, (page) => now.accessHistory(since, page));
  expect(gained.map(({ user }) => user)).toEqual(['bob', ...users, 'ada']);
  expect(await now.countAccessHistory(since)).toBe(gained.length);
  for (let n = 0; n < 70; n += 1)
    await log.create(`r${n}`, `R${n}`, { 'flows/view': [] }, n % 20 === 0 ? ['eve'] : []);
  await log.role('r0', ['RoleDeleted', { name: 'R0' }]);
  for (const n of [20, 40, 60]) await log.role(`r${n}`, ['UserUnassigned', { user: 'eve' }]);
  const later = await view();
  const { items } = await later.accessHistory(since, { first: 3 });
  expect(items.map(({ item: { user, gained: g, lost: l } }) => [user, g.length, l.length])).toEqual([
    ['eve', 0, 1],
    ['eve', 1, 0],
    ['bob', 1, 0],
  ]);
});

test('a page of a user looks at what concerns the user, however many others there are', async () => {
  const rowsRead = async (users: number): Promise<number[]> => {
    const { log, view, read } = await opened();
    const ids = Array.from({ length: users }, (_, n) => `u${n}`);
    for (const user of ids) await log.register(user);
    for (let at = 0; at < users; at += 100) await log.assign('desk', ...ids.slice(at, at + 100));
    for (const user of ids.slice(0, 50)) await log.user(user, 'UserDeactivated', {});
    await log.assign('viewer', 'eve');
    await view();
    const rows = async (filter: AccessHistoryFilter): Promise<number> => {
      const work = new Work();
      const tables = new Tables(read.tables().sql, new CatalogueSnapshots());
      await tables.view(ACCOUNT, null, null, work).accessHistory(filter, { first: 5 });
      return work.rows;
    };
    return [await rows(USER('eve')), await rows(PERMISSION('people/view'))];
  };
  const small = await rowsRead(200);
  expect(await rowsRead(800)).toEqual(small);
  expect(Math.max(...small)).toBeLessThan(800);
});
