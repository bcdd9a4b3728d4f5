import { patternOf } from '../tables/user-search/user-search-index';
import { userRows } from '../tables/users';
import type { Page, PageRequest, UserFilter, UserOrder, UserRow } from '../view';
import type { Asking, AsOfContext } from './as-of-context';
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import type { Place, UserQuery, UserSort } from './user-search/candidates';
import { countUsersWho, findUsers } from './user-search/planner';

/** Lists of an account's users. */

export async function listUsers(
  asking: Asking,
  filter: UserFilter,
  order: UserOrder,
  page: PageRequest,
): Promise<Page<UserRow>> {
  const { reading } = asking;
  const list = `users:${order}`;
  const after = decodeCursor<Place>(list, page.after, ['string', 'number']);
  const slice = { after, count: page.first + 1 };
  const found = await findUsers(asking, queryOf(reading, filter, sortOf(order)), slice);
  const rows = await asking.question.step(
    () =>
      userRows(
        reading,
        found.map(({ n }) => n),
      ),
    ({ size }) => size,
  );
  return pageOf(
    found.map(({ n, key }) => ({ item: rows.get(n)!, cursor: encodeCursor(list, [key, n]) })),
    page.first,
  );
}

const sortOf = (order: UserOrder): UserSort => ({
  column: order.startsWith('NAME') ? 'name_key' : 'username_key',
  descending: order.endsWith('DESC'),
});

function queryOf(reading: AsOfContext, { search, status, notInRole }: UserFilter, sort: UserSort): UserQuery {
  const role = notInRole == null ? undefined : reading.role(notInRole);
  return {
    sort,
    statuses: status === 'ACTIVE' ? [1] : status === 'INACTIVE' ? [0] : [1, 0],
    pattern: patternOf(search),
    roles: null,
    // Nobody is in a role that ended.
    notInRole: role?.ended === null ? role.n : null,
  };
}

export async function countUsers(asking: Asking, filter: UserFilter): Promise<number | null> {
  const { reading } = asking;
  const query = queryOf(reading, filter, sortOf('NAME_ASC'));
  const { active, inactive } = reading.counts();
  if (query.pattern === null && query.notInRole === null) {
    return (query.statuses.includes(1) ? active : 0) + (query.statuses.includes(0) ? inactive : 0);
  }
  if (query.pattern === null && query.statuses.length === 2) {
    const role = reading.role(filter.notInRole ?? '');
    return active + inactive - (role ? reading.userCount(role) : 0);
  }
  return countUsersWho(asking, query);
}
