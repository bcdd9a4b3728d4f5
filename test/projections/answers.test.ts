import { UnknownPositionError, type AsOf, type Ordinal, type View } from '../../projections/view';
import type { Position } from '../../src/event-store/port/event-store';
import { roleStream, userStream } from '../../src/event-store/port/streams';
import { ACCOUNT, CATALOGUE, DAY, Log, Models, START } from './log';

const BY_NAME = { field: 'NAME', direction: 'ASC' } as const;

/** Each test has a folder of its own; all are cleaned up together. */
const folders: Models[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder.cleanUp())));

/** An account with an admin and two users; base features on. */
async function opened() {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.feature('BASE');
  for (const user of ['ada', 'bob', 'eve']) await log.register(user);
  await log.assign('account-admin', 'ada');
  const folder = new Models();
  folders.push(folder);
  const read = await folder.current(log.store);
  const view = (asOf?: AsOf): View => read.view(ACCOUNT, asOf);
  return { log, view, read };
}
const reached = async (
  read: { waitFor(p: bigint, ms: number): Promise<boolean> },
  position: bigint,
): Promise<bigint> => {
  expect(await read.waitFor(position, 5_000)).toBe(true);
  return position;
};

test('a role, now and at each moment of its past', async () => {
  const { log, view, read } = await opened();
  const created = await log.create(
    'r',
    'Flows',
    { 'flows/edit': ['flow:manage', 'flow:read'], 'flows/view': ['flow:read'] },
    ['bob'],
  );
  const renamed = await log.role('r', ['RoleRenamed', { from: 'Flows', to: 'Streams' }]);
  const narrowed = await log.role('r', [
    'PermissionScopesChanged',
    { permission: 'flows/edit', from: ['flow:manage', 'flow:read'], to: [] },
  ]);
  const swapped = await log.role('r', ['UserUnassigned', { user: 'bob' }], ['UserAssigned', { user: 'eve' }]);
  log.actor = { type: 'operator', id: 'root' };
  const deleted = await log.role('r', ['RoleDeleted', { name: 'Streams' }]);
  await reached(read, deleted);

  const at = (position: bigint) => view({ position }).roles(['r']).get('r');
  const users = async (position: bigint) =>
    (await view({ position }).roleUsers('r', {}, null, { first: 9 })).items.map(({ item }) => item.user.id);
  expect(at(created - 4n)).toBeUndefined();
  expect(at(created)).toMatchObject({
    name: 'Flows',
    userCount: 1,
    permissionCount: 2,
    scopeCount: 2,
    version: 4,
    kind: 'CUSTOM',
  });
  expect(at(renamed)).toMatchObject({ name: 'Streams', version: 5 });
  expect(at(narrowed)).toMatchObject({ permissionCount: 2, scopeCount: 1, version: 6 });
  expect(at(swapped)).toMatchObject({ userCount: 1, version: 8, deletedAt: null });
  expect(at(deleted)).toMatchObject({
    userCount: 0,
    permissionCount: 0,
    scopeCount: 0,
    version: 9,
    createdBy: { type: 'user', id: 'ada' },
  });
  expect(at(deleted)?.deletedAt).toEqual(at(deleted)?.updatedAt);
  expect(await Promise.all([created, swapped, deleted].map(users))).toEqual([['bob'], ['eve'], []]);
  // Its members and grants are complete as of before; a deleted role has nothing.
  expect(view({ position: swapped }).grants(['r']).get('r')).toEqual([
    { permission: 'flows/view', scopes: ['flow:read'] },
    { permission: 'flows/edit', scopes: [] },
  ]);
  expect(view().grants(['r']).get('r')).toEqual([]);
  expect((await view().roleList({ kind: 'CUSTOM' }, BY_NAME, { first: 9 })).items).toEqual([]);
  expect(
    (await view().roleList({ kind: 'CUSTOM', includeDeleted: true }, BY_NAME, { first: 9 })).items,
  ).toHaveLength(1);
  expect([await view().countRoles({}), await view().countRoles({ includeDeleted: true })]).toEqual([2, 3]);
  expect(view({ position: swapped }).rolesOf(['eve', 'ada', 'nobody'])).toEqual(
    new Map([
      ['eve', ['r']],
      ['ada', ['account-admin']],
    ]),
  );
  expect(view().rolesOf(['eve']).get('eve')).toEqual([]);
});

test('what is effective: features, retirement, deactivation, and why not', async () => {
  const { log, view, read } = await opened();
  await log.create('r', 'Flows', { 'flows/edit': ['flow:manage'], 'people/view': [] }, ['bob', 'ada']);
  const off = await log.feature('FLOW');
  const on = await log.feature('FLOW', false);
  const inactive = await log.user('bob', 'UserDeactivated', {});
  await reached(read, inactive);

  const while_ = view({ position: off });
  expect(while_.effective(['bob']).get('bob')).toEqual({
    granted: [
      { permission: 'flows/edit', scopes: ['flow:manage'], via: ['r'] },
      { permission: 'people/view', scopes: [], via: ['r'] },
    ],
    withheld: [],
  });
  expect(
    while_
      .effective(['ada'])
      .get('ada')
      ?.granted.find(({ permission }) => permission === 'flows/edit'),
  ).toEqual({
    permission: 'flows/edit',
    scopes: ['flow:manage', 'flow:read'],
    via: ['account-admin', 'r'],
  });
  expect(view({ position: on }).effective(['bob']).get('bob')).toEqual({
    granted: [{ permission: 'people/view', scopes: [], via: ['r'] }],
    withheld: [{ permission: 'flows/edit', reason: 'FEATURE_DISABLED', via: ['r'] }],
  });
  expect(view().effective(['bob']).get('bob')?.granted).toEqual([]);
  expect(
    new Set(
      view()
        .effective(['bob'])
        .get('bob')
        ?.withheld.map(({ reason }) => reason),
    ),
  ).toEqual(new Set(['USER_INACTIVE']));
  expect(view().effective(['nobody']).size).toBe(0);

  const check = (v: View, user: string, permission: string, scope: string | null = null) =>
    v.check(user, permission, scope);
  expect(check(while_, 'bob', 'flows/edit', 'flow:read')).toEqual({
    allowed: true,
    via: ['r'],
    reason: null,
  });
  expect(check(while_, 'bob', 'people/view', 'people:read')).toMatchObject({
    reason: 'SCOPE_NOT_GRANTED',
    via: ['r'],
  });
  expect(check(while_, 'nobody', 'x/y').reason).toBe('UNKNOWN_USER');
  expect(check(while_, 'bob', 'x/y').reason).toBe('UNKNOWN_PERMISSION');
  expect(check(while_, 'eve', 'flows/edit').reason).toBe('NOT_GRANTED');
  expect(check(view({ position: on }), 'bob', 'flows/edit').reason).toBe('FEATURE_DISABLED');
  expect(check(view(), 'bob', 'flows/edit').reason).toBe('USER_INACTIVE');

  const holders = async (v: View, permission: string, scope: string | null) =>
    (await v.holders(permission, scope, { first: 9 })).items.map(({ item }) => [
      item.user.id,
      item.via,
      item.scopes,
    ]);
  expect(await holders(while_, 'flows/edit', 'flow:read')).toEqual([
    ['ada', ['account-admin', 'r'], ['flow:manage', 'flow:read']],
    ['bob', ['r'], ['flow:manage']],
  ]);
  expect(await holders(while_, 'people/view', 'people:read')).toEqual([
    ['ada', ['account-admin'], ['people:read']],
  ]);
  expect((await holders(view(), 'people/view', null)).map(([user]) => user)).toEqual(['ada']);
  expect([
    await while_.countHolders('people/view', null),
    await view().countHolders('flows/edit', null),
  ]).toEqual([2, 0]);
});

test('a bar ends a membership, and only that counts', async () => {
  const { log, view, read } = await opened();
  await log.assign('account-admin', 'bob');
  const before = await log.role('account-admin', ['UserBarred', { user: 'eve', member: false }]);
  const barred = await log.role('account-admin', ['UserBarred', { user: 'bob', member: true }]);
  const after = await log.role('account-admin', ['UserUnbarred', { user: 'bob' }]);
  await reached(read, after);
  const admins = (position: bigint) => view({ position }).roles(['account-admin']).get('account-admin');
  expect(admins(before)).toMatchObject({
    userCount: 2,
    version: 2,
    kind: 'DEFAULT',
    group: 'admins',
    permissionCount: 4,
    scopeCount: 4,
  });
  expect(admins(barred)).toMatchObject({ userCount: 1, version: 3 });
  expect(admins(after)).toMatchObject({ userCount: 1, version: 3 });
  expect(
    (await view().history({ role: 'account-admin' }, { first: 9 })).items.map(({ item }) => item.type),
  ).toEqual(['UserBarred', 'UserAssigned', 'UserAssigned', 'DefaultRoleChanged']);
});

test('a moment inside an append, and a time, are rounded down to the end of one', async () => {
  const { log, view, read } = await opened();
  const before = await log.register('zoe');
  const day = log.day;
  const created = await log.create('r', 'R', { 'people/view': [] }, ['bob']);
  // A clock that fell behind does not turn time back.
  log.day -= 10;
  const late = await log.assign('r', 'eve');
  await reached(read, late);
  expect(view({ position: created - 1n }).pin.position).toBe(before);
  expect(view({ position: created - 1n }).roles(['r']).size).toBe(0);
  expect(view({ time: new Date(START + day * DAY - 1) }).pin.position).toBe(before);
  expect(view({ time: new Date(START + day * DAY) }).pin).toMatchObject({
    position: late,
    time: new Date(START + day * DAY),
  });
  expect(view({ time: new Date(START - 1) }).pin).toEqual({ ordinal: 0, position: null, time: null });
  expect(view({ time: new Date(START - 1) }).catalogue().version).toBe(0);
  expect(() => view({ position: late + 1n })).toThrow(UnknownPositionError);
});

test('users: names as they were, the last sign-in as it is', async () => {
  const { log, view, read } = await opened();
  const before = await log.register('zoe', 'Zoë Ångström', 'zoe@example.com');
  await log.user('zoe', 'UserProfileChanged', {
    from: { username: 'zoe@example.com', name: 'Zoë Ångström' },
    to: { username: 'zoe@example.com', name: 'Zoe Smith' },
  });
  await log.user('zoe', 'UserLoggedIn', { at: '2026-03-01T10:00:00.000Z' });
  await reached(read, await log.user('zoe', 'UserDeactivated', {}));
  const lastLoginAt = new Date('2026-03-01T10:00:00.000Z');
  expect(view({ position: before }).users(['zoe']).get('zoe')).toEqual({
    id: 'zoe',
    username: 'zoe@example.com',
    name: 'Zoë Ångström',
    externalId: null,
    kind: 'PERSON',
    status: 'ACTIVE',
    lastLoginAt,
  });
  expect(view().users(['zoe']).get('zoe')).toMatchObject({ name: 'Zoe Smith', status: 'INACTIVE' });
  const found = async (v: View, search: string) =>
    (await v.userList({ search }, null, { first: 9 })).items.map(({ item }) => item.id);
  expect([await found(view({ position: before }), 'ANGSTR'), await found(view(), 'angstr')]).toEqual([
    ['zoe'],
    [],
  ]);
  expect([await found(view({ position: before }), 'ö'), await found(view(), 'ITH')]).toEqual([
    ['bob', 'zoe'],
    ['zoe'],
  ]);
  expect([
    await view().countUsers({}),
    await view().countUsers({ status: 'INACTIVE' }),
    await view().countUsers({ search: 'example' }),
  ]).toEqual([4, 1, 1]);
  expect(view().userIds(['ZOE@example.com', 'nobody'])).toEqual(new Map([['ZOE@example.com', 'zoe']]));
});

test('an external id is exact, one user’s at a time, and as it was at each moment', async () => {
  const { log, view, read } = await opened();
  await log.account('other');
  const stream = (user: string, account = ACCOUNT) => userStream(account, user);
  const profile = { username: 'xen', name: 'Xen' };
  const give = (from: object, to: object) =>
    log.append(stream('xen'), [
      'UserProfileChanged',
      { user: 'xen', from: { ...profile, ...from }, to: { ...profile, ...to } },
    ]);
  await log.append(stream('xen', 'other'), [
    'UserRegistered',
    { user: 'xen', ...profile, externalId: 'É-1' },
  ]);
  const none = await log.register('xen', 'Xen');
  const one = await give({}, { externalId: 'É-1' });
  const inactive = await log.user('xen', 'UserDeactivated', {});
  const two = await give({ externalId: 'É-1' }, { externalId: 'é-1' });
  await give({ externalId: 'é-1' }, {});
  const moved = await log.append(stream('yve'), [
    'UserRegistered',
    { user: 'yve', username: 'yve', name: 'Yve', externalId: 'É-1' },
  ]);
  await reached(read, moved);
  const asked = ['É-1', 'é-1', ' E\u0301-1\n', 'xen', ''];
  const found = (position: Position) => {
    const at = view({ position });
    return [at.users(['xen']).get('xen')?.externalId, Object.fromEntries(at.userIdsByExternalId(asked))];
  };
  expect(found(none)).toEqual([null, {}]);
  expect(found(one)).toEqual(['É-1', { 'É-1': 'xen', ' E\u0301-1\n': 'xen' }]);
  expect(found(inactive)).toEqual(found(one));
  expect(found(two)).toEqual(['é-1', { 'é-1': 'xen' }]);
  expect(found(moved)).toEqual([null, { 'É-1': 'yve', ' E\u0301-1\n': 'yve' }]);
  expect(read.view('other').userIdsByExternalId(['É-1']).get('É-1')).toBe('xen');
});

test('accounts never see one another', async () => {
  const { log, view, read } = await opened();
  await log.account('other');
  await reached(read, await log.register('ada', 'Another Ada', 'ada', 'other'));
  const other = read.view('other');
  expect(
    (await other.userList({ search: 'ada' }, null, { first: 9 })).items.map(({ item }) => item.name),
  ).toEqual(['Another Ada']);
  expect((await view().userList({ search: 'another' }, null, { first: 9 })).items).toEqual([]);
  expect(other.rolesOf(['ada']).get('ada')).toEqual([]);
  expect(other.roles(['account-admin']).get('account-admin')).toMatchObject({
    userCount: 0,
    version: 0,
    // The publication: nothing else ever changed it here.
    updatedAt: new Date(START + DAY),
  });
  expect(read.view('nowhere').accountInfo()).toBeNull();
  expect(view().accountInfo()).toEqual({ id: ACCOUNT, name: 'Acme', features: new Set(['BASE']) });
});

test('history: who, when, why; by every filter', async () => {
  const { log, view, read } = await opened();
  log.reason = 'CHG-1';
  const created = await log.create('r', 'R', { 'people/view': ['people:read'] }, ['bob']);
  log.actor = { type: 'user', id: 'eve' };
  await log.assign('r', 'eve');
  await log.append(roleStream(ACCOUNT, 'r'), ['ClaimAbandoned', { claim: 'x' }]);
  await reached(read, await log.user('bob', 'UserDeactivated', {}));
  const types = async (filter: Parameters<View['history']>[0], v = view()) =>
    (await v.history(filter, { first: 99 })).items.map(({ item }) => item.type);
  expect(await types({ role: 'r' })).toEqual([
    'UserAssigned',
    'UserAssigned',
    'PermissionGranted',
    'RoleCreated',
  ]);
  expect(await types({ user: 'bob' })).toEqual(['UserDeactivated', 'UserAssigned', 'UserRegistered']);
  expect(await types({ actor: { type: 'user', id: 'eve' } })).toEqual(['UserDeactivated', 'UserAssigned']);
  expect(await types({ permission: 'people/view' })).toEqual([
    'PermissionGranted',
    'DefaultRoleChanged',
    'DefaultRoleChanged',
  ]);
  expect(await types({ role: 'r', user: 'bob' })).toEqual(['UserAssigned']);
  expect(await types({ types: ['CataloguePublished', 'RoleCreated'] })).toEqual([
    'RoleCreated',
    'CataloguePublished',
  ]);
  expect(await types({ role: 'nothing' })).toEqual([]);
  expect(await types({ role: 'r' }, view({ position: created }))).toHaveLength(3);
  const [entry] = (await view().history({ types: ['PermissionGranted'] }, { first: 1 })).items;
  expect(entry?.item).toMatchObject({
    actor: { type: 'user', id: 'ada' },
    reason: 'CHG-1',
    role: 'r',
    permission: 'people/view',
    user: null,
    position: created - 1n,
    command: 'test',
  });
  expect(entry?.item.data).toEqual({ role: 'r', permission: 'people/view', scopes: ['people:read'] });
  const since = entry!.item.at;
  expect(await types({ since, until: since })).toEqual(['UserAssigned', 'PermissionGranted', 'RoleCreated']);
  expect([
    await view().countHistory({}),
    await view().countHistory({ role: 'r', actor: { type: 'user', id: 'eve' } }),
  ]).toEqual([14, 1]);
});

test('what roles and users were called when something happened', async () => {
  const { log, view, read } = await opened();
  const { ordinal: early } = read.status();
  await log.create('r', 'Flows');
  await log.role('r', ['RoleRenamed', { from: 'Flows', to: 'Streams' }]);
  const renamed = await log.user('bob', 'UserProfileChanged', {
    from: { username: 'bob', name: 'bob' },
    to: { username: 'bob', name: 'Bobby' },
  });
  await reached(read, renamed);
  const { ordinal: last } = read.status();
  const asked = (kind: 'role' | 'user', id: string, at: number) => ({ kind, id, at: at as Ordinal });
  expect(
    view().namesThen([
      asked('user', 'bob', last),
      asked('user', 'bob', last - 1),
      asked('role', 'r', last),
      asked('role', 'r', last - 2),
      asked('role', 'r', early),
      asked('role', 'viewer', last),
      asked('role', 'viewer', 0),
      asked('user', 'nobody', last),
      asked('role', 'bob', last),
    ]),
  ).toEqual(['Bobby', 'bob', 'Streams', 'Flows', null, 'Viewer', null, null, null]);
});

test('an id, name or key that only starts as a known one does is unknown', async () => {
  const { view } = await opened();
  const now = view();
  for (const id of ['ada\u0000', 'ada\u0000x', 'ada ', 'Ada']) {
    expect([now.users([id]).size, now.rolesOf([id]).size, now.effective([id]).size]).toEqual([0, 0, 0]);
    expect(now.check(id, 'people/view', null).reason).toBe('UNKNOWN_USER');
  }
  expect(now.userIds(['ada\u0000']).size).toBe(0);
  expect(now.roles(['viewer\u0000']).size + now.grants(['viewer\u0000']).size).toBe(0);
});
