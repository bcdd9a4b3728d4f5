import { InvalidCursorError, type RoleOrder, type UserOrder, type View } from '../../projections/view';
import { nameKey } from '../../src/domain/text';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';
import { everyPage } from './paging';

const models = new Models();
afterAll(() => models.cleanUp());

let view: View;
let early: View;
const USERS = 5_300;
const NAMES = ['Zoë', 'andré', 'Łukasz', '王小明', '𝒜da', 'bob', 'Émile', 'ﬀion'];
const nameOf = (index: number): string => `${NAMES[index % NAMES.length]} ${index % 97}`;

beforeAll(async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.feature('BASE');
  let first = 0n;
  for (let index = 0; index < USERS; index++) {
    const position = await log.register(`u${index}`, nameOf(index), `user-${index}@example.com`);
    if (index === 9) first = position;
  }
  for (let index = 0; index < USERS; index += 53) await log.user(`u${index}`, 'UserDeactivated', {});
  const all = Array.from({ length: USERS }, (_, index) => `u${index}`);
  for (let start = 0; start < 5_000; start += 1_000)
    await log.assign('viewer', ...all.slice(start, start + 1_000));
  await log.create('small', 'Small', { 'people/view': ['people:read'] }, all.slice(0, 40));
  for (const [index, name] of ['Ärzte', 'arzt', 'Zebra', 'account admin', 'mid', 'Mid'].entries()) {
    await log.create(`role-${index}`, name, {}, []);
  }
  await log.role('role-2', ['RoleDeleted', { name: 'Zebra' }]);
  const read = await models.current(log.store);
  view = read.view(ACCOUNT);
  early = read.view(ACCOUNT, { position: first });
});

const compare = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(nameKey(a)), Buffer.from(nameKey(b)));

test.each<UserOrder>([
  { field: 'NAME', direction: 'ASC' },
  { field: 'NAME', direction: 'DESC' },
  { field: 'USERNAME', direction: 'ASC' },
  { field: 'USERNAME', direction: 'DESC' },
])('users by $field $direction, every page', async (order) => {
  const users = await everyPage(500, (page) => view.userList({}, order, page));
  expect(new Set(users.map(({ id }) => id)).size).toBe(USERS);
  const keys = users.map((user) => (order.field === 'NAME' ? user.name : user.username));
  expect(keys).toEqual([...keys].sort((a, b) => compare(a, b) * (order.direction === 'DESC' ? -1 : 1)));
});

test('users by status, and those not in a role', async () => {
  const inactive = await everyPage(30, (page) => view.userList({ status: 'INACTIVE' }, null, page));
  expect([inactive.length, await view.countUsers({ status: 'INACTIVE' })]).toEqual([100, 100]);
  const others = await everyPage(70, (page) => view.userList({ notInRole: 'viewer' }, null, page));
  expect([others.length, await view.countUsers({ notInRole: 'viewer' })]).toEqual([300, 300]);
  expect(await view.countUsers({ notInRole: 'viewer', status: 'ACTIVE' })).toBe(295);
  expect(await view.countUsers({ notInRole: 'role-2' })).toBe(USERS);
});

test.each([
  'zoe',
  'ZO',
  'ë',
  'andre 1',
  '王',
  '小明',
  '明 3',
  'ﬀ',
  'ffion',
  '"',
  '%',
  '-77@',
  'ada',
  'nobody at all',
  '@example.com',
  'x',
])('a search for %p finds what a scan finds', async (search) => {
  const fold = (text: string): string =>
    nameKey(text).normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
  const expected = Array.from({ length: USERS }, (_, index) => [nameOf(index), `user-${index}@example.com`])
    .filter((names) => names.some((name) => fold(name).includes(fold(search))))
    .map(([, username]) => username);
  const found = await everyPage(400, (page) => view.userList({ search }, null, page));
  expect(found.map(({ username }) => username).sort()).toEqual(expected.sort());
  expect(found.map(({ name }) => name)).toEqual(found.map(({ name }) => name).sort(compare));
  expect(await view.countUsers({ search })).toBe(expected.length);
});

test('long ago there were few', async () => {
  expect((await everyPage(3, (page) => early.userList({}, null, page))).map(({ id }) => id)).toHaveLength(10);
  expect(await early.countUsers({})).toBe(10);
  expect(
    (await early.userList({ search: 'zoe' }, null, { first: 9 })).items.map(({ item }) => item.id),
  ).toEqual(['u0', 'u8']);
  expect((await early.roleUsers('viewer', {}, null, { first: 9 })).items).toEqual([]);
});

test.each(['viewer', 'small'])('users of %s, by name, every page; many and few alike', async (role) => {
  const expected = role === 'small' ? 40 : 5_000;
  const members = await everyPage(300, (page) => view.roleUsers(role, {}, null, page));
  expect([members.length, await view.countRoleUsers(role, {})]).toEqual([expected, expected]);
  const names = members.map(({ user }) => user.name);
  expect(names).toEqual([...names].sort(compare));
  const found = await everyPage(100, (page) => view.roleUsers(role, { search: 'zoe' }, null, page));
  expect(found.every(({ user }) => user.name.startsWith('Zoë'))).toBe(true);
  expect([found.length, await view.countRoleUsers(role, { search: 'ZOË' })]).toEqual([
    expected / 8,
    expected / 8,
  ]);
});

test('holders of a permission, many and few alike', async () => {
  const holders = await everyPage(300, (page) => view.holders('people/view', null, page));
  expect(new Set(holders.map(({ user }) => user.id)).size).toBe(holders.length);
  expect(holders.length).toBe(await view.countHolders('people/view', null));
  expect(holders.length).toBe(5_000 - Math.ceil(5_000 / 53));
  expect(holders.filter(({ via }) => via.length === 2)).toHaveLength(39);
  expect((await view.holders('people/view', 'people:read', { first: 1 })).items).toHaveLength(1);
});

test.each<[RoleOrder | null, string[]]>([
  [null, ['account-admin', 'viewer', 'role-3', 'role-1', 'role-4', 'role-5', 'small', 'role-0']],
  [
    { field: 'NAME', direction: 'ASC' },
    ['account-admin', 'role-3', 'role-1', 'role-4', 'role-5', 'small', 'viewer', 'role-0'],
  ],
  [
    { field: 'NAME', direction: 'DESC' },
    ['role-0', 'viewer', 'small', 'role-5', 'role-4', 'role-1', 'role-3', 'account-admin'],
  ],
])('roles by %j, page by page', async (order, expected) => {
  expect((await everyPage(2, (page) => view.roleList({}, order, page))).map(({ id }) => id)).toEqual(
    expected,
  );
  expect(await view.countRoles({})).toBe(expected.length);
});

test('roles by kind, search and deletion', async () => {
  const ids = async (filter: Parameters<View['roleList']>[0]) =>
    (await everyPage(3, (page) => view.roleList(filter, { field: 'NAME', direction: 'ASC' }, page))).map(
      ({ id }) => id,
    );
  expect(await ids({ kind: 'DEFAULT' })).toEqual(['account-admin', 'viewer']);
  expect(await ids({ search: 'ARZ' })).toEqual(['role-1', 'role-0']);
  expect(await ids({ search: 'admin' })).toEqual(['account-admin', 'role-3']);
  expect(await ids({ search: 'zebra' })).toEqual([]);
  expect(await ids({ search: 'zebra', includeDeleted: true })).toEqual(['role-2']);
  expect(await ids({ includeDeleted: true, kind: 'CUSTOM' })).toHaveLength(7);
  expect([
    await view.countRoles({ search: 'arz' }),
    await view.countRoles({ search: 'ZEB', includeDeleted: true }),
  ]).toEqual([2, 1]);
});

test('history, page by page', async () => {
  const entries = await everyPage(2, (page) => view.history({ types: ['RoleCreated', 'RoleDeleted'] }, page));
  expect(entries.map(({ type }) => type)).toEqual(['RoleDeleted', ...Array<string>(7).fill('RoleCreated')]);
  expect(await everyPage(1, (page) => view.history({ role: 'viewer', user: 'u7' }, page))).toHaveLength(1);
  expect(await view.countHistory({ role: 'viewer' })).toBe(5_001);
  expect(await view.countHistory({})).toBeNull();
});

test('what is no cursor of the list is refused', async () => {
  const cursor = (await view.userList({}, null, { first: 1 })).items[0]!.cursor;
  const refused = [
    cursor.slice(2),
    '',
    'x',
    Buffer.from('["users:NAME:DESC",null,"a","b"]').toString('base64url'),
    'A'.repeat(9_999),
  ];
  for (const after of refused) {
    await expect(
      view.userList({}, { field: 'NAME', direction: 'DESC' }, { first: 1, after }),
    ).rejects.toThrow(InvalidCursorError);
  }
  await expect(
    view.userList({}, { field: 'NAME', direction: 'DESC' }, { first: 1, after: cursor }),
  ).rejects.toThrow(InvalidCursorError);
  await expect(
    view.roleList({}, { field: 'NAME', direction: 'ASC' }, { first: 1, after: cursor }),
  ).rejects.toThrow(InvalidCursorError);
  await expect(view.history({}, { first: 1, after: cursor })).rejects.toThrow(InvalidCursorError);
});
