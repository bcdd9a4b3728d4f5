import type { Page, PageRequest, RoleOrder, UserOrder, View } from '../../projections/view';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';
import { everyPage } from './paging';

/**
 * Lists walk what roles and users are and were called. However many versions there are of one, and wherever a chunk or a
 * page ends among them, each that holds is listed once.
 */

const models = new Models();
afterAll(() => models.cleanUp());

const ROLES = 26;
const USERS = 150;
/** Changes of every third; more than the smallest chunks are long. */
const CHANGES = 70;
const two = (n: number): string => String(n).padStart(3, '0');

let now: View;
let then: View;

beforeAll(async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  for (let n = 0; n < ROLES; n += 1) await log.create(`r${n}`, `Role ${two(n)}`);
  for (let n = 0; n < USERS; n += 1) await log.register(`u${n}`, `User ${two(n)}`, `name-${two(n)}`);
  let middle = 0n;
  for (let change = 0; change < CHANGES; change += 1) {
    for (let n = 0; n < ROLES; n += 3) {
      const to = `${change}`;
      const position = await log.role(`r${n}`, ['RoleDescriptionChanged', { from: null, to }]);
      if (change === CHANGES / 2) middle = position;
    }
    for (let n = 1; n < USERS; n += 30) {
      const of = (version: number) => ({ name: `User ${two(n)}`, username: `name-${two(n)}-${version % 2}` });
      await log.user(`u${n}`, 'UserProfileChanged', { from: of(change), to: of(change + 1) });
    }
  }
  const read = await models.current(log.store);
  now = read.view(ACCOUNT);
  then = read.view(ACCOUNT, { position: middle });
});

const SIZES = [1, 2, 3, 5, 8, 20, 63, 64, 65, 66, 70, 100];

const idsOf = async (
  list: (page: PageRequest) => Promise<Page<{ readonly id: string }>>,
  size: number,
): Promise<string[]> => (await everyPage(size, list)).map(({ id }) => id);

const inOrder = (prefix: string, count: number, order: RoleOrder | UserOrder | null): string[] => {
  const ids = Array.from({ length: count }, (_, n) => `${prefix}${n}`);
  return order?.direction === 'DESC' ? ids.reverse() : ids;
};

describe.each(['now', 'as of a moment'])('%s', (moment) => {
  const view = (): View => (moment === 'now' ? now : then);

  test.each<[RoleOrder | null]>([
    [{ field: 'NAME', direction: 'ASC' }],
    [{ field: 'NAME', direction: 'DESC' }],
    [null],
  ])('roles by %j, in pages of any size', async (order) => {
    for (const first of SIZES) {
      const roles = await idsOf((page) => view().roleList({ kind: 'CUSTOM' }, order, page), first);
      expect([first, roles]).toEqual([first, inOrder('r', ROLES, order)]);
      const found = await idsOf(
        (page) => view().roleList({ kind: 'CUSTOM', search: 'role 02' }, order, page),
        first,
      );
      expect([first, found.sort()]).toEqual([first, ['r20', 'r21', 'r22', 'r23', 'r24', 'r25']]);
    }
    expect(await view().countRoles({ kind: 'CUSTOM', search: 'role 02' })).toBe(6);
  });

  test.each<[UserOrder]>([
    [{ field: 'NAME', direction: 'ASC' }],
    [{ field: 'NAME', direction: 'DESC' }],
    [{ field: 'USERNAME', direction: 'ASC' }],
    [{ field: 'USERNAME', direction: 'DESC' }],
  ])('users by %j, in pages of any size', async (order) => {
    for (const first of SIZES) {
      const users = await idsOf((page) => view().userList({}, order, page), first);
      expect([first, users]).toEqual([first, inOrder('u', USERS, order)]);
      const active = await idsOf((page) => view().userList({ status: 'ACTIVE' }, order, page), first);
      expect([first, active]).toEqual([first, inOrder('u', USERS, order)]);
    }
  });
});
