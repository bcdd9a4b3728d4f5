import type { UserStatus } from '../../src/domain/user/user';
import { recorded } from '../tables/history';
import { patternOf } from '../tables/user-search/user-search-index';
import { lastUserFacts, userRows } from '../tables/users';
import type { Changed, Page, PageRequest, UserFilter, UserOrder, UserRow } from '../view';
import type { Asking, AsOfContext } from './as-of-context';
import type { Activity } from '../tables/rows';
import { EVERYBODY, type UserQuery, type UserSort } from './user-search/candidates';
import { countUsersWho } from './user-search/planner';
import { pageOfUsers } from './user-search/user-page';

/** Lists of an account's users. */

export const listUsers = (
  asking: Asking,
  filter: UserFilter,
  order: UserOrder,
  page: PageRequest,
): Promise<Page<UserRow>> =>
  pageOfUsers(
    asking,
    {
      name: `users:${order}`,
      query: queryOf(asking.reading, filter, sortOf(order)),
      read: (users) => userRows(asking.reading, users),
    },
    page,
  );

const sortOf = (order: UserOrder): UserSort => ({
  column: order.startsWith('NAME') ? 'name_key' : 'username_key',
  descending: order.endsWith('DESC'),
});

const STATUSES = { ACTIVE: 1, INACTIVE: 0, ERASED: 2 } as const satisfies Record<UserStatus, Activity>;

function queryOf(reading: AsOfContext, { search, status, notInRole }: UserFilter, sort: UserSort): UserQuery {
  const role = notInRole == null ? undefined : reading.role(notInRole);
  return {
    sort,
    statuses: status == null ? EVERYBODY : [STATUSES[status]],
    pattern: patternOf(search),
    roles: null,
    // Nobody is in a role that ended.
    notInRole: role?.ended === null ? role.n : null,
  };
}

export async function countUsers(asking: Asking, filter: UserFilter): Promise<number | null> {
  const { reading } = asking;
  const query = queryOf(reading, filter, sortOf('NAME_ASC'));
  const { active, inactive, erased } = reading.counts();
  if (query.pattern === null && query.notInRole === null) {
    const counts = { 0: inactive, 1: active, 2: erased } satisfies Record<Activity, number>;
    return query.statuses.reduce((sum: number, status) => sum + counts[status], 0);
  }
  if (query.pattern === null && query.statuses === EVERYBODY) {
    const role = reading.role(filter.notInRole ?? '');
    return active + inactive - (role ? reading.userCount(role) : 0);
  }
  return countUsersWho(asking, query);
}

/** Last changes of what users are, by id: registration, profile and status. */
export function lastUserChanges(reading: AsOfContext, ids: readonly string[]): ReadonlyMap<string, Changed> {
  const facts = [...lastUserFacts(reading, ids)];
  const events = recorded(reading.sql, new Set(facts.map(([, ordinal]) => ordinal)));
  return new Map(
    facts.flatMap(([id, ordinal]) => {
      const event = events.get(ordinal);
      return event ? [[id, event] as const] : [];
    }),
  );
}
