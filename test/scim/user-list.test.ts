import fc from 'fast-check';
import type { PageRequest, UserFilter, UserRow, View } from '../../projections/view';
import { MOST_RESULTS, UserLists } from '../../src/scim/user-list';

/** Pages by place over lists by cursor. */

const userOf = (n: number, kind: UserRow['kind'] = 'PERSON'): UserRow => ({
  id: `u${n}`,
  username: `user ${n}`,
  name: `User ${n}`,
  externalId: null,
  status: n % 3 === 0 ? 'INACTIVE' : 'ACTIVE',
  lastLoginAt: null,
  kind,
});

/** A view of users whose cursors are their ids, as `users` is when it is asked. `read`: number of users read so far. */
function viewOf(users: readonly UserRow[]): { readonly view: View; readonly read: () => number } {
  let read = 0;
  const those = ({ status, kind }: UserFilter) =>
    users.filter(
      (each) => (status == null || each.status === status) && (kind == null || each.kind === kind),
    );
  const view = {
    account: 'acme',
    countUsers: async (filter: UserFilter) => those(filter).length,
    userList: async (filter: UserFilter, _order: null, { first = 0, after = null }: PageRequest) => {
      const all = those(filter);
      const rest = after === null ? all : all.slice(all.findIndex(({ id }) => id === after) + 1);
      const items = rest.slice(0, first).map((item) => ({ item, cursor: item.id }));
      read += items.length;
      return { items, hasMore: rest.length > first };
    },
  };
  return { view: view as unknown as View, read: () => read };
}

const charge = async (): Promise<void> => undefined;

const idsOf = (rows: readonly UserRow[]): string[] => rows.map(({ id }) => id);

test('in whatever order pages are asked for, each is the part of the list at its place', async () => {
  const asked = fc.record({
    startIndex: fc.integer({ min: -1, max: 40 }),
    count: fc.integer({ min: -1, max: 12 }),
    active: fc.constantFrom(null, true, false),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.array(asked, { maxLength: 12 }), async (size, requests) => {
      const users = Array.from({ length: size }, (_, n) => userOf(n, n % 5 === 4 ? 'SERVICE' : 'PERSON'));
      const { view } = viewOf(users);
      const lists = new UserLists();
      for (const { startIndex, count, active } of requests) {
        const filter = active === null ? undefined : `active eq ${active}`;
        const page = await lists.page(
          view,
          'p',
          {
            filter,
            startIndex: String(startIndex),
            count: String(count),
          },
          charge,
        );
        const all = users.filter(
          ({ status, kind }) => kind === 'PERSON' && (active === null || (status === 'ACTIVE') === active),
        );
        const from = Math.max(1, startIndex);
        expect(page).toEqual({
          total: all.length,
          startIndex: from,
          rows: all.slice(from - 1, from - 1 + Math.max(0, count)),
        });
      }
    }),
  );
});

test('whoever reads on reads each user once; whoever begins in the middle reads the way there', async () => {
  const users = Array.from({ length: 2_500 }, (_, n) => userOf(n));
  const { view, read } = viewOf(users);
  const lists = new UserLists();
  const seen: string[] = [];
  const passed: number[] = [];
  const passing = async (rows: number): Promise<void> => void passed.push(rows);
  for (let startIndex = 1; startIndex <= users.length; startIndex += MOST_RESULTS)
    seen.push(...idsOf((await lists.page(view, 'p', { startIndex: String(startIndex) }, passing)).rows));
  expect([seen, read(), passed]).toEqual([idsOf(users), users.length, []]);

  const { rows } = await lists.page(view, 'other', { startIndex: '2401' }, passing);
  expect([idsOf(rows), read()]).toEqual([idsOf(users.slice(2_400)), 2 * users.length]);
  // The way is paid for.
  expect(passed).toEqual([2_400]);
  const none = await lists.page(view, 'other', { startIndex: '2501' }, passing);
  expect([none.rows, read()]).toEqual([[], 2 * users.length]);
});

test('whoever reads on misses and repeats nobody, though users before came and went', async () => {
  const users = Array.from({ length: 10 }, (_, n) => userOf(n));
  const lists = new UserLists();
  const first = await lists.page(viewOf(users).view, 'p', { count: '4' }, charge);
  const later = viewOf([userOf(100), userOf(101), ...users.filter(({ id }) => id !== 'u1')]);
  const second = await lists.page(later.view, 'p', { startIndex: '5', count: '4' }, charge);
  expect(idsOf([...first.rows, ...second.rows])).toEqual(idsOf(users.slice(0, 8)));
});
