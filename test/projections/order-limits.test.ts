import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import {
  MOST_CHANGES,
  OrderNotAsOfError,
  type RoleOrder,
  type UserOrder,
  type View,
} from '../../projections/view';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** Orders by value as of the past, at their limit and one above it. The limit is a small one here, else as served. */

const models = new Models();
afterAll(() => models.cleanUp());

/** Roles and users, and changes that are written after the moment. */
async function story(items: number, changes: number) {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  for (let n = 0; n < items; n += 1) await log.register(`u${n}`, `User ${n}`);
  for (let n = 0; n < items; n += 1) await log.create(`r${n}`, `Role ${n}`, {}, [`u${n}`]);
  const position = (await log.store.head())!.position;
  for (let n = 0; n < changes; n += 1)
    await log.role(`r${n}`, ['UserAssigned', { user: `u${(n + 1) % items}` }]);
  const read = await models.current(log.store);
  /** The past, with so many changes since allowed. */
  const past = (most?: number): View =>
    new Tables(read.tables().sql, new CatalogueSnapshots(), most).view(ACCOUNT, { position });
  return { past, served: read.tables().reading(ACCOUNT, read.view(ACCOUNT).pin.ordinal) };
}

const ROLE_FIELDS = ['USER_COUNT', 'PERMISSION_COUNT', 'SCOPE_COUNT', 'UPDATED_AT'] as const;
const DIRECTIONS = ['ASC', 'DESC'] as const;
const ITEMS = 12;
const ROLES = Array.from({ length: ITEMS }, (_, n) => `r${n}`);
const USERS = Array.from({ length: ITEMS }, (_, n) => `u${n}`);

/** A page from either end of the list. */
const ENDS = [{ first: 50 }, { last: 50 }] as const;

async function rolesBy(view: View, orderBy: RoleOrder): Promise<readonly string[][]> {
  const pages = await Promise.all(ENDS.map((page) => view.roleList({ kind: 'CUSTOM' }, orderBy, page)));
  return pages.map(({ items }) => items.map(({ item }) => item.id));
}
async function usersBy(view: View, orderBy: UserOrder): Promise<readonly string[][]> {
  const pages = await Promise.all(ENDS.map((page) => view.userList({}, orderBy, page)));
  return pages.map(({ items }) => items.map(({ item }) => item.id));
}

test('what is served has the limit that is documented', async () => {
  const { served } = await story(1, 0);
  expect(served.mostChanges).toBe(MOST_CHANGES);
  expect(MOST_CHANGES).toBe(10_000);
});

test.each(ROLE_FIELDS)('roles by %s: at the limit all are listed, one above it none is', async (field) => {
  const { past } = await story(ITEMS, 6);
  for (const direction of DIRECTIONS) {
    const orderBy = { field, direction };
    // Six roles changed since: the list of now tells.
    for (const roles of await rolesBy(past(6), orderBy)) expect(roles.sort()).toEqual([...ROLES].sort());
    // One more than may have, but as few roles as may be sorted.
    for (const roles of await rolesBy(past(ITEMS), orderBy)) expect(roles.sort()).toEqual([...ROLES].sort());
    await expect(rolesBy(past(5), orderBy)).rejects.toThrow(OrderNotAsOfError);
    for (const roles of await rolesBy(past(5), { field: 'NAME', direction }))
      expect(roles.sort()).toEqual([...ROLES].sort());
  }
});

test('as many roles as may be sorted are sorted, whatever changed; one more is refused', async () => {
  const { past } = await story(ITEMS, ITEMS);
  const orderBy = { field: 'USER_COUNT', direction: 'ASC' } as const;
  // All twelve changed, and eleven may have.
  await expect(rolesBy(past(ITEMS - 1), orderBy)).rejects.toThrow(OrderNotAsOfError);
  for (const roles of await rolesBy(past(ITEMS), orderBy)) expect(roles.sort()).toEqual([...ROLES].sort());
});

test('users by their sign-ins: at the limit all are listed, one above it none is', async () => {
  const { past } = await story(ITEMS, 6);
  for (const direction of DIRECTIONS) {
    const orderBy = { field: 'LAST_LOGIN_AT', direction } as const;
    for (const users of await usersBy(past(6), orderBy)) expect(users.sort()).toEqual([...USERS].sort());
    await expect(usersBy(past(5), orderBy)).rejects.toThrow(OrderNotAsOfError);
    for (const field of ['NAME', 'USERNAME'] as const)
      for (const users of await usersBy(past(5), { field, direction }))
        expect(users.sort()).toEqual([...USERS].sort());
  }
  // Twice as many changes as the limit, but as few users as may be sorted.
  const many = await story(4, 4);
  const four = USERS.slice(0, 4);
  for (const users of await usersBy(many.past(4), { field: 'LAST_LOGIN_AT', direction: 'ASC' }))
    expect(users.sort()).toEqual(four);
  await expect(usersBy(many.past(3), { field: 'LAST_LOGIN_AT', direction: 'ASC' })).rejects.toThrow(
    OrderNotAsOfError,
  );
});
