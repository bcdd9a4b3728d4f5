import type { HistoryFilter, HistoryRow, View } from '../../projections/view';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import type { Question } from '../../src/shared/turns';
import { listHistory } from '../../projections/queries/history-list';
import { changesOf } from '../../src/graphql/history/history-event.type';
import { ACCOUNT, CATALOGUE, DAY, Log, Models, START } from './log';

/** Changes of default roles by publications: in the history of every account, and when a role changed last. */

const models: Models[] = [];
afterAll(() => Promise.all(models.map((each) => each.cleanUp())));

const [ADMIN, VIEWER] = CATALOGUE.defaultRoles as [
  CatalogueFile['defaultRoles'][number],
  CatalogueFile['defaultRoles'][number],
];

/** Version 2: the viewer has another name, one grant more and one less; the admin is as before. */
const SECOND: CatalogueFile = {
  ...CATALOGUE,
  version: 2,
  defaultRoles: [ADMIN, { ...VIEWER, name: 'Reader', permissions: ['flows/edit', 'flows/view'] }],
};
/** Version 3: no viewer, and nobody can see people. */
const THIRD: CatalogueFile = {
  ...CATALOGUE,
  version: 3,
  permissions: CATALOGUE.permissions.filter(({ key }) => key !== 'people/view'),
  defaultRoles: [{ ...ADMIN, permissions: ADMIN.permissions.filter((key) => key !== 'people/view') }],
};

async function opened(recordsPrevious = true) {
  const folder = new Models();
  models.push(folder);
  const log = new Log();
  log.recordsPrevious = recordsPrevious;
  log.actor = { type: 'operator', id: 'ops' };
  log.reason = 'CAT-1';
  const first = await log.publish(CATALOGUE);
  log.actor = { type: 'user', id: 'ada' };
  log.reason = undefined;
  await log.account();
  await log.register('ada');
  await log.assign('viewer', 'ada');
  log.actor = { type: 'operator', id: 'ops' };
  log.reason = 'CAT-2';
  const second = await log.publish(SECOND);
  log.actor = { type: 'user', id: 'ada' };
  log.reason = undefined;
  await log.assign('viewer', 'ada');
  log.actor = { type: 'operator', id: 'ops' };
  const third = await log.publish(THIRD);
  const read = await folder.current(log.store);
  const view = (position?: bigint, account = ACCOUNT): View =>
    read.view(account, position === undefined ? null : { position });
  return { log, read, view, first, second, third };
}

const rows = async (view: View, filter: HistoryFilter): Promise<HistoryRow[]> =>
  (await view.history(filter, { first: 100 })).items.map(({ item }) => item);
const told = async (view: View, filter: HistoryFilter): Promise<string[]> =>
  (await rows(view, filter)).map(({ type, role, permission }) =>
    [type, role, permission].filter((each) => each !== null).join(' '),
  );
const changes = (row: HistoryRow | undefined): string[] =>
  changesOf(row!).map(({ field, before, after }) => `${field}: ${before} -> ${after}`);

test('stand in the history of the role among those of its users, with who, when and why', async () => {
  const { view, first, second, third } = await opened();
  const entries = await rows(view(), { role: 'viewer' });
  expect(entries.map(({ type, part }) => [type, part])).toEqual([
    ['DefaultRoleRetired', 2],
    ['UserAssigned', 0],
    ['DefaultRoleChanged', 1],
    ['UserAssigned', 0],
    ['DefaultRoleChanged', 2],
  ]);
  const [retired, , changed, , defined] = entries;
  expect([third, second, first]).toEqual([retired, changed, defined].map((entry) => entry!.position));
  expect(changed).toMatchObject({
    role: 'viewer',
    actor: { type: 'operator', id: 'ops' },
    reason: 'CAT-2',
    command: 'test',
    requestId: 'request-1',
    voided: null,
  });
  expect(changes(changed)).toEqual([
    'name: Viewer -> Reader',
    'permission: null -> flows/edit',
    'permission: people/view -> null',
  ]);
  expect(changes(retired)).toContain('name: Reader -> null');
  expect(changes(defined)).toContain('permission: null -> people/view');
  expect(await view().countHistory({ role: 'viewer' })).toBe(5);
});

test('are found by permission, type, actor and time, and in several at once', async () => {
  const { view, log } = await opened();
  const now = view();
  expect(await told(now, { permission: 'people/view' })).toEqual([
    'PermissionRetired people/view',
    'DefaultRoleChanged account-admin',
    'DefaultRoleChanged viewer',
    'DefaultRoleChanged viewer',
    'DefaultRoleChanged account-admin',
  ]);
  expect(await told(now, { permission: 'flows/edit', role: 'viewer' })).toEqual([
    'DefaultRoleRetired viewer',
    'DefaultRoleChanged viewer',
  ]);
  expect(await told(now, { permission: 'roles/manage', role: 'viewer' })).toEqual([]);
  expect(await told(now, { types: ['DefaultRoleRetired', 'PermissionRetired'] })).toEqual([
    'PermissionRetired people/view',
    'DefaultRoleRetired viewer',
  ]);
  expect(await told(now, { role: 'viewer', actor: { type: 'operator', id: 'ops' } })).toEqual([
    'DefaultRoleRetired viewer',
    'DefaultRoleChanged viewer',
    'DefaultRoleChanged viewer',
  ]);
  expect(await told(now, { actor: { type: 'operator', id: 'ops' }, user: 'ada' })).toEqual([]);
  const [, , changed] = await rows(now, { role: 'viewer' });
  const { at } = changed!;
  expect(at).toEqual(new Date(START + (log.day - 4) * DAY));
  expect(await told(now, { since: at, until: at })).toEqual([
    'DefaultRoleChanged viewer',
    'CataloguePublished',
  ]);
  expect(await now.countHistory({ since: at, until: at })).toBe(2);
});

test('a publication says from which version, and stands before what it changed', async () => {
  const { view } = await opened();
  const entries = await rows(view(), {});
  expect(entries.map(({ type }) => type)).toEqual([
    'PermissionRetired',
    'DefaultRoleRetired',
    'DefaultRoleChanged',
    'CataloguePublished',
    'UserAssigned',
    'DefaultRoleChanged',
    'CataloguePublished',
    'UserAssigned',
    'UserRegistered',
    'AccountOpened',
    'DefaultRoleChanged',
    'DefaultRoleChanged',
    'CataloguePublished',
  ]);
  const published = await rows(view(), { types: ['CataloguePublished'] });
  expect(published.map(changes)).toEqual([['version: 2 -> 3'], ['version: 1 -> 2'], ['version: null -> 1']]);
});

test('a publication that did not record the version before tells it all the same', async () => {
  const { view } = await opened(false);
  const published = await rows(view(), { types: ['CataloguePublished'] });
  expect(published.map(({ data }) => 'previousVersion' in data)).toEqual([false, false, false]);
  expect(published.map(changes)).toEqual([['version: 2 -> 3'], ['version: 1 -> 2'], ['version: null -> 1']]);
});

test('are told as of a moment as they were then, staged events not before their publication', async () => {
  const { view, second, third } = await opened();
  expect(await told(view(second), { role: 'viewer' })).toHaveLength(3);
  expect(await told(view(second - 1n), { role: 'viewer' })).toEqual([
    'UserAssigned viewer',
    'DefaultRoleChanged viewer',
  ]);
  expect(await view(third - 1n).countHistory({})).toBe(9);
  expect(await told(view(0n), {})).toEqual([]);
});

test('come page by page, each once, whatever the size of a page; cursors of events as a whole are as they were', async () => {
  const { view } = await opened();
  const whole = await rows(view(), {});
  for (let first = 1; first <= whole.length; first += 1) {
    const found: HistoryRow[] = [];
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<View['history']>> = await view().history({}, { first, after });
      found.push(...page.items.map(({ item }) => item));
      if (!page.hasMore) break;
      after = page.items.at(-1)!.cursor;
    }
    expect(found).toEqual(whole);
  }
  const published = whole.findIndex(({ type }) => type === 'CataloguePublished');
  const after = Buffer.from(JSON.stringify(['history', whole[published]!.ordinal])).toString('base64url');
  const { items } = await view().history({}, { first: 1, after });
  expect(items[0]?.item).toEqual(whole[published + 1]);
});

test('an account that is opened later has them too: they made the roles that it begins with', async () => {
  const { log, read, view } = await opened();
  await log.account('later');
  const { position } = (await log.store.head())!;
  expect(await read.waitFor(position, 5_000)).toBe(true);
  expect(await told(view(undefined, 'later'), { role: 'viewer' })).toEqual([
    'DefaultRoleRetired viewer',
    'DefaultRoleChanged viewer',
    'DefaultRoleChanged viewer',
  ]);
});

test('the last change of a role is the later of its publications and its users', async () => {
  const { log, view, first, second, third } = await opened();
  const days = (roles: View): Record<string, number> =>
    Object.fromEntries(
      [...roles.roles(['account-admin', 'viewer'])].map(([id, { updatedAt }]) => [
        id,
        (Number(updatedAt) - START) / DAY,
      ]),
    );
  // Each publication takes two appends: what it stages, and itself.
  expect(days(view(first))).toEqual({ 'account-admin': 1, viewer: 1 });
  expect(days(view(second - 1n))).toEqual({ 'account-admin': 1, viewer: 4 });
  expect(days(view(second))).toEqual({ 'account-admin': 1, viewer: 6 });
  expect(days(view(second + 1n))).toEqual({ 'account-admin': 1, viewer: 7 });
  expect(days(view(third))).toEqual({ 'account-admin': 9, viewer: 9 });
  expect(log.day).toBe(10);
});

test('a custom role has none, were it called as a default role is', async () => {
  const folder = new Models();
  models.push(folder);
  const log = new Log();
  await log.publish({ ...CATALOGUE, defaultRoles: [ADMIN] });
  await log.account();
  await log.create('viewer', 'Ours');
  await log.publish({ ...CATALOGUE, version: 2 });
  const read = await folder.current(log.store);
  expect(await told(read.view(ACCOUNT), { role: 'viewer' })).toEqual(['RoleCreated viewer']);
});

test('of other roles cost nothing, however many there are', async () => {
  const looked: number[] = [];
  for (const publications of [2, 30]) {
    const folder = new Models();
    models.push(folder);
    const log = new Log();
    const others = Array.from({ length: 15 }, (_, n) => ({
      ...VIEWER,
      key: `other-${n}`,
      name: `Other ${n}`,
    }));
    await log.publish({ ...CATALOGUE, defaultRoles: [...CATALOGUE.defaultRoles, ...others] });
    await log.account();
    await log.register('ada');
    for (let version = 2; version <= publications; version += 1) {
      const renamed = others.map((role) => ({ ...role, name: `${role.name} ${version}` }));
      await log.publish({ ...CATALOGUE, version, defaultRoles: [...CATALOGUE.defaultRoles, ...renamed] });
    }
    await log.assign('viewer', 'ada');
    const read = await folder.current(log.store);
    const { ordinal } = read.status();
    const reading = read.tables().reading(ACCOUNT, ordinal);
    let sum = 0;
    const question: Question = {
      step: (read, rowsOf) => {
        const found = read();
        sum += rowsOf(found);
        return Promise.resolve(found);
      },
    };
    const { items } = await listHistory({ reading, question }, { role: 'viewer' }, { first: 20 });
    expect(items.map(({ item }) => item.type)).toEqual(['UserAssigned', 'DefaultRoleChanged']);
    looked.push(sum);
  }
  expect(looked[1]).toBe(looked[0]);
});

test('are in tables that are built anew as in those that followed', async () => {
  const { log, read } = await opened();
  const digest = await read.digest();
  await read.rebuild();
  expect(await read.digest()).toBe(digest);
  const other = new Models();
  models.push(other);
  expect(await (await other.current(log.store)).digest()).toBe(digest);
});
