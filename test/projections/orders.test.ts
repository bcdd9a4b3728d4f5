import fc from 'fast-check';
import type {
  MemberFilter,
  MemberOrder,
  Membership,
  Page,
  PageRequest,
  RoleFilter,
  RoleOrder,
  RoleRow,
  UserFilter,
  UserOrder,
  UserRow,
  View,
} from '../../projections/view';
import { nameKey, searchKey } from '../../src/domain/text';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';
import { edgesOf, naivePage } from './paging';

/**
 * Every order and filter of every list, against rows that are sorted and filtered here: now, as of the past, and in a view
 * that was pinned before further events were projected. Chunks of the indexes are shorter than the lists.
 */

const models = new Models();
afterAll(() => models.cleanUp());

const ROLES = 80;
const USERS = 110;
const DEFAULTS = ['account-admin', 'viewer'];
const PERMISSIONS = ['flows/view', 'flows/edit', 'people/view'];

type Step = readonly [kind: number, role: number, user: number, value: number];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.nat(11),
  fc.nat(ROLES + DEFAULTS.length - 1),
  fc.nat(USERS - 1),
  fc.nat(5),
);

/** Writes an event that means something; others of the same wish are left out. */
class Story {
  readonly log = new Log();
  readonly #members = new Map<string, Set<string>>();
  readonly #grants = new Map<string, Set<string>>();
  readonly #deleted = new Set<string>();
  readonly #inactive = new Set<string>();

  async begin(): Promise<void> {
    await this.log.publish(CATALOGUE);
    await this.log.account();
    for (let n = 0; n < USERS; n += 1)
      await this.log.register(`u${n}`, `User ${n % 40}`, `user-${(n * 7) % USERS}`);
    for (let n = 0; n < ROLES; n += 1)
      await this.log.role(`r${n}`, [
        'RoleCreated',
        { name: `Role ${(n * 11) % ROLES}`, description: n % 4 ? null : `Desks ${n % 8}`, copiedFrom: null },
      ]);
  }

  async play([kind, at, of, value]: Step): Promise<void> {
    const role = DEFAULTS[at - ROLES] ?? `r${at}`;
    const user = `u${of}`;
    const isCustom = at < ROLES;
    if (this.#deleted.has(role)) return;
    const members = this.#members.get(role) ?? new Set();
    this.#members.set(role, members);
    if (kind < 3 && !members.has(user)) {
      members.add(user);
      await this.log.assign(role, user);
    } else if (kind === 3 && members.delete(user)) await this.log.role(role, ['UserUnassigned', { user }]);
    else if (kind < 6 && isCustom) await this.#grant(role, PERMISSIONS[value % 3]!, value);
    else if (kind === 6 && isCustom)
      await this.log.role(role, ['RoleRenamed', { from: 'x', to: `Role ${value} ${at}` }]);
    else if (kind === 7 && isCustom && value < 2) {
      this.#deleted.add(role);
      await this.log.role(role, ['RoleDeleted', { name: 'x' }]);
    } else if (kind === 8) await this.#activity(user);
    else if (kind === 9) {
      const profile = { username: `user-${(of * 7) % USERS}`, name: `User ${value}` };
      await this.log.user(user, 'UserProfileChanged', { from: profile, to: profile });
    } else if (kind > 9) {
      const at = new Date(Date.UTC(2026, 0, 1 + value)).toISOString();
      await this.log.user(user, 'UserLoggedIn', { at });
    }
  }

  async #grant(role: string, permission: string, value: number): Promise<void> {
    const grants = this.#grants.get(role) ?? new Set();
    this.#grants.set(role, grants);
    if (grants.delete(permission))
      await this.log.role(role, ['PermissionRevoked', { permission, scopes: [] }]);
    else {
      grants.add(permission);
      const scopes = permission === 'flows/edit' && value > 3 ? ['flow:manage', 'flow:read'] : [];
      await this.log.role(role, ['PermissionGranted', { permission, scopes }]);
    }
  }

  async #activity(user: string): Promise<void> {
    const inactive = this.#inactive.delete(user);
    if (!inactive) this.#inactive.add(user);
    await this.log.user(user, inactive ? 'UserReactivated' : 'UserDeactivated', {});
  }
}

type Value = string | number | null;
const compareTexts = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(nameKey(a)), Buffer.from(nameKey(b)));

/** Sorted by value, nothing last; then by name, then by appearance. */
function sorted<T>(
  items: readonly T[],
  { direction }: { readonly direction: 'ASC' | 'DESC' },
  [value, name, n]: readonly [value: (item: T) => Value, name: (item: T) => string, n: (item: T) => number],
): T[] {
  const sense = direction === 'ASC' ? 1 : -1;
  return [...items].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
    } else if (typeof x === 'string') {
      // Names are values themselves: what is equal follows in the same direction.
      return (compareTexts(x, y as string) || n(a) - n(b)) * sense;
    } else if (x !== y) return (x - (y as number)) * sense;
    return compareTexts(name(a), name(b)) || n(a) - n(b);
  });
}

const numberOf = (id: string): number =>
  DEFAULTS.includes(id) ? DEFAULTS.indexOf(id) - DEFAULTS.length : 1 + Number(id.slice(1));
const userNumber = (id: string): number => Number(id.slice(1));
const time = (date: Date | null): number | null => date && date.getTime();

const ROLE_VALUES: Record<RoleOrder['field'], (role: RoleRow) => Value> = {
  NAME: ({ name }) => name,
  USER_COUNT: ({ userCount }) => userCount,
  PERMISSION_COUNT: ({ permissionCount }) => permissionCount,
  SCOPE_COUNT: ({ scopeCount }) => scopeCount,
  UPDATED_AT: ({ updatedAt }) => time(updatedAt),
};
const USER_VALUES: Record<UserOrder['field'], (user: UserRow) => Value> = {
  NAME: ({ name }) => name,
  USERNAME: ({ username }) => username,
  LAST_LOGIN_AT: ({ lastLoginAt }) => time(lastLoginAt),
};
const MEMBER_VALUES: Record<MemberOrder['field'], (member: Membership) => Value> = {
  NAME: ({ user }) => user.name,
  USERNAME: ({ user }) => user.username,
  LAST_LOGIN_AT: ({ user }) => time(user.lastLoginAt),
  ASSIGNED_AT: ({ assignedAt }) => assignedAt.getTime(),
};
const direction = fc.constantFrom('ASC' as const, 'DESC' as const);
const orderBy = <Field extends string>(values: Record<Field, unknown>) =>
  fc.record({ field: fc.constantFrom(...(Object.keys(values) as Field[])), direction });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2 });
const search = fc.constantFrom('1', 'role 2', 'desk', 'user 3', 'e', 'nothing of the kind');
const roleFilter: fc.Arbitrary<RoleFilter> = fc.record({
  kind: maybe(fc.constantFrom('DEFAULT' as const, 'CUSTOM' as const)),
  search: maybe(search),
  includeDeleted: fc.boolean(),
  group: fc.option(fc.constant('admins'), { freq: 8 }).map((group) => (group === null ? 'admins' : null)),
  permission: maybe(fc.constantFrom(...PERMISSIONS)),
  user: maybe(fc.nat(USERS - 1).map((n) => `u${n}`)),
});
const status = maybe(fc.constantFrom('ACTIVE' as const, 'INACTIVE' as const));
const userFilter: fc.Arbitrary<UserFilter> = fc.record({
  search: maybe(search),
  status,
  notInRole: maybe(fc.constantFrom('r0', 'viewer')),
});
const memberFilter: fc.Arbitrary<MemberFilter> = fc.record({ search: maybe(search), status });

const includes = (wanted: string | null | undefined, ...texts: readonly (string | null)[]): boolean =>
  wanted == null || texts.some((text) => text !== null && searchKey(text).includes(searchKey(wanted)));

const ALL = [...DEFAULTS, ...Array.from({ length: ROLES }, (_, n) => `r${n}`)];
const EVERYBODY = Array.from({ length: USERS }, (_, n) => `u${n}`);

function naiveRoles(view: View, filter: RoleFilter, order: RoleOrder): string[] {
  const grants = view.grants(ALL);
  const held = new Set(filter.user == null ? [] : view.rolesOf([filter.user]).get(filter.user));
  const fitting = [...view.roles(ALL).values()].filter(
    (role) =>
      (filter.kind == null || role.kind === filter.kind) &&
      (filter.includeDeleted || role.deletedAt === null) &&
      (filter.group == null || role.group === filter.group) &&
      (filter.user == null || (held.has(role.id) && role.deletedAt === null)) &&
      (filter.permission == null ||
        (role.deletedAt === null &&
          grants.get(role.id)?.some(({ permission }) => permission === filter.permission))) &&
      includes(filter.search, role.name, role.description),
  );
  return sorted(fitting, order, [ROLE_VALUES[order.field], ({ name }) => name, ({ id }) => numberOf(id)]).map(
    ({ id }) => id,
  );
}

const fits = ({ search, status }: MemberFilter, user: UserRow): boolean =>
  (status == null || user.status === status) && includes(search, user.name, user.username);

function naiveUsers(view: View, filter: UserFilter, order: UserOrder): string[] {
  const roles = view.rolesOf(EVERYBODY);
  const fitting = [...view.users(EVERYBODY).values()].filter(
    (user) =>
      fits(filter, user) && (filter.notInRole == null || !roles.get(user.id)?.includes(filter.notInRole)),
  );
  return sorted(fitting, order, [
    USER_VALUES[order.field],
    ({ name }) => name,
    ({ id }) => userNumber(id),
  ]).map(({ id }) => id);
}

async function naiveMembers(
  view: View,
  role: string,
  filter: MemberFilter,
  order: MemberOrder,
): Promise<string[]> {
  const members = (await view.roleUsers(role, {}, null, { first: USERS })).items.map(({ item }) => item);
  const users = EVERYBODY.filter((id) => view.rolesOf([id]).get(id)?.includes(role));
  expect(members.map(({ user }) => user.id).sort()).toEqual(users.sort());
  const fitting = members.filter(({ user }) => fits(filter, user));
  return sorted(fitting, order, [
    MEMBER_VALUES[order.field],
    ({ user }) => user.name,
    ({ user }) => userNumber(user.id),
  ]).map(({ user }) => user.id);
}

/** The list in pages of any size is what is expected, and any page is Relay's of it. */
async function expectList<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  id: (item: T) => string,
  [expected, count]: readonly [expected: readonly string[], count: number | null],
  [size, cuts]: readonly [size: number, cuts: readonly [number, number]],
): Promise<void> {
  const edges = await edgesOf(size, list);
  expect(edges.map(({ item }) => id(item))).toEqual(expected);
  expect(count).toBe(expected.length);
  if (edges.length === 0) return;
  const [after, before] = cuts.map((cut) => edges[cut % edges.length]!.cursor);
  for (const ends of [
    {},
    { after },
    { before },
    { after, before },
    { after, including: true },
    { before, including: true },
  ])
    for (const request of [
      { first: size, ...ends },
      { last: size, ...ends },
      { first: 0, ...ends },
    ])
      expect([request, await list(request)]).toEqual([request, naivePage(edges, request)]);
}

test('lists are sorted, filtered, counted and paged as of any moment', async () => {
  const cases = fc.array(
    fc.record({
      roles: fc.tuple(roleFilter, orderBy(ROLE_VALUES)),
      users: fc.tuple(userFilter, orderBy(USER_VALUES)),
      members: fc.tuple(fc.constantFrom('r0', 'r1', 'viewer'), memberFilter, orderBy(MEMBER_VALUES)),
      size: fc.constantFrom(1, 3, 17, 64, 65, 100),
      cuts: fc.tuple(fc.nat(USERS), fc.nat(USERS)),
    }),
    { minLength: 6, maxLength: 6 },
  );
  const steps = fc.array(step, { minLength: 40, maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(steps, steps, steps, cases, async (first, then, later, asked) => {
      const story = new Story();
      await story.begin();
      // Few roles have many users, so that indexes and not the role are walked.
      for (const each of first) await story.play(each);
      const position = (await story.log.store.head())!.position;
      for (const each of then) await story.play([each[0], each[1] % 3, each[2], each[3]]);
      const read = await models.current(story.log.store);
      const pinned = read.view(ACCOUNT);
      const past = read.view(ACCOUNT, { position });
      for (const each of later) await story.play(each);
      await read.waitFor((await story.log.store.head())!.position, 5_000);
      for (const view of [pinned, past, read.view(ACCOUNT)]) {
        for (const { roles, users, members, size, cuts } of asked) {
          await expectList(
            (page) => view.roleList(...roles, page),
            ({ id }) => id,
            [naiveRoles(view, ...roles), await view.countRoles(roles[0])],
            [size, cuts],
          );
          await expectList(
            (page) => view.userList(...users, page),
            ({ id }) => id,
            [naiveUsers(view, ...users), await view.countUsers(users[0])],
            [size, cuts],
          );
          await expectList(
            (page) => view.roleUsers(...members, page),
            ({ user }) => user.id,
            [await naiveMembers(view, ...members), await view.countRoleUsers(members[0], members[1])],
            [size, cuts],
          );
        }
      }
      await read.close();
    }),
    { numRuns: 6 },
  );
}, 120_000);
