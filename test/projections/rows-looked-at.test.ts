import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import type { MemberOrder, Page, PageRequest, View } from '../../projections/view';
import { Work } from '../../src/shared/turns';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';
import { everyPage } from './paging';

/** Rows that pages look at: as many in a large account as in a small one. */

const models: Models[] = [];
afterAll(async () => {
  for (const each of models) await each.cleanUp();
});

const range = (to: number): number[] => Array.from({ length: to }, (_, n) => n);
/** In the description of so many roles of either account. */
const RARE = 5;
/** Members who sign in after the moment. */
const LATER = 20;

interface Account {
  /** A view that has read nothing, of now or as of before the last changes; counts rows. */
  view(work?: Work, past?: boolean): View;
  readonly members: number;
}

async function account(roles: number, users: number, members: number): Promise<Account> {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  for (const n of range(users)) await log.register(`u${n}`, `User ${(n * 7) % users}`);
  for (const n of range(roles)) {
    const isRare = n % Math.floor(roles / RARE) === 1 && n < roles;
    const description = isRare ? 'Of the quokka.' : 'Of desks.';
    await log.role(`r${n}`, ['RoleCreated', { name: `Role ${n}`, description, copiedFrom: null }]);
  }
  // The last names are former ones.
  for (const n of range(roles).slice(-40))
    await log.role(`r${n}`, ['RoleRenamed', { from: `Role ${n}`, to: `A role ${n}` }]);
  await log.assign('viewer', ...range(members).map((n) => `u${n}`));
  const { position } = (await log.store.head())!;
  for (const n of range(LATER))
    await log.user(`u${100 + n}`, 'UserLoggedIn', { at: new Date(Date.UTC(2026, 0, 1 + n)).toISOString() });
  const opened = new Models();
  models.push(opened);
  const { sql } = (await opened.current(log.store)).tables();
  return {
    members,
    view: (work = new Work(), past = false) =>
      new Tables(sql, new CatalogueSnapshots()).view(ACCOUNT, past ? { position } : null, null, work),
  };
}

let small: Account;
let large: Account;

beforeAll(async () => {
  small = await account(60, 330, 320);
  large = await account(700, 1_320, 1_280);
});

async function lookedAt(
  { view }: Account,
  ask: (view: View) => Promise<unknown>,
  past = false,
): Promise<number> {
  const work = new Work();
  await ask(view(work, past));
  return work.rows;
}

test('a search among roles looks at those that it finds, not at all', async () => {
  const asks: ((view: View) => Promise<unknown>)[] = [
    (view) => view.roleList({ search: 'quokka' }, null, { first: 20 }),
    (view) => view.roleList({ search: 'quokka' }, { field: 'USER_COUNT', direction: 'DESC' }, { last: 20 }),
    (view) => view.roleList({ search: 'nothing of it' }, null, { first: 20 }),
    (view) => view.countRoles({ search: 'quokka' }),
  ];
  for (const ask of asks) expect(await lookedAt(large, ask)).toBe(await lookedAt(small, ask));
  for (const { view } of [small, large]) {
    const found = (await view().roleList({ search: 'QUOKKA' }, null, { first: 50 })).items;
    expect(found.map(({ item }) => item.description)).toEqual(Array(RARE).fill('Of the quokka.'));
    expect(await view().countRoles({ search: 'quokka' })).toBe(RARE);
  }
});

test('a search that finds more roles than are collected finds all of them', async () => {
  const found = await everyPage(90, (page) => large.view().roleList({ search: 'desks' }, null, page));
  expect(found).toHaveLength(700 - RARE);
  expect(await large.view().countRoles({ search: 'desks' })).toBe(700 - RARE);
});

test('the last page of roles looks at few rows, though the last names are former ones', async () => {
  const rows = await lookedAt(large, (view) => view.roleList({ kind: 'CUSTOM' }, null, { last: 20 }));
  expect(rows).toBeLessThan(250);
});

const pageBy =
  (orderBy: MemberOrder, page: PageRequest) =>
  (view: View): Promise<unknown> =>
    view.roleUsers('viewer', {}, orderBy, page);

test.each(['ASC', 'DESC'] as const)(
  'users of a role by their assignments, %s: the page alone is read',
  async (direction) => {
    const orderBy = { field: 'ASSIGNED_AT', direction } as const;
    for (const page of [{ first: 20 }, { last: 20 }])
      for (const past of [false, true])
        expect(await lookedAt(large, pageBy(orderBy, page), past)).toBe(
          await lookedAt(small, pageBy(orderBy, page), past),
        );
  },
);

test.each(['NAME', 'USERNAME', 'LAST_LOGIN_AT'] as const)(
  'users of a role that has most of the account, by %s: not all are read',
  async (field) => {
    const orderBy = { field, direction: 'ASC' } as const;
    expect(await lookedAt(large, pageBy(orderBy, { first: 20 }))).toBeLessThan(large.members / 4);
  },
);

test.each(['ASC', 'DESC'] as const)(
  'as of before members signed in, by their assignments %s: each is on one page',
  async (direction) => {
    const list = async (page: PageRequest): Promise<Page<string>> => {
      const orderBy = { field: 'ASSIGNED_AT', direction } as const;
      const { items, hasMore } = await large.view(undefined, true).roleUsers('viewer', {}, orderBy, page);
      return { items: items.map(({ item, cursor }) => ({ item: item.user.id, cursor })), hasMore };
    };
    const ids = range(large.members).map((n) => `u${n}`);
    for (const size of [1, 7, 64].map((each) => each * 20))
      expect(await everyPage(size, list)).toEqual(direction === 'ASC' ? ids : [...ids].reverse());
  },
);
