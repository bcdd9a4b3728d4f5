import type { UserStatus } from '../../src/domain/user/user';
import { recorded } from '../tables/history';
import { patternOf } from '../tables/search/user-search-index';
import { firstUserFacts, lastUserFacts, userRows } from '../tables/users';
import type { Changed, MemberOrder, Page, PageRequest, UserFilter, UserOrder, UserRow } from '../view';
import type { Asking, AsOfContext, RoleAt } from './as-of-context';
import type { Activity } from '../tables/rows';
import { BY_NAME, EVERYBODY, type UserQuery, type UserSort } from './user-search/candidates';
import { countUsersWho } from './user-search/planner';
import { pageOfUsers } from './user-search/user-page';

/** Lists of an account's users. */

export const listUsers = (
  asking: Asking,
  filter: UserFilter,
  order: UserOrder | null,
  page: PageRequest,
): Promise<Page<UserRow>> =>
  pageOfUsers(
    asking,
    {
      name: listName('users', order),
      query: queryOf(asking.reading, filter, userSort(order)),
      read: (users) => userRows(asking.reading, users),
    },
    page,
  );

const SORTS = {
  NAME: 'name',
  USERNAME: 'username',
  LAST_LOGIN_AT: 'login',
  ASSIGNED_AT: 'since',
} as const satisfies Record<MemberOrder['field'], UserSort['by']>;

/** The sort of a list of users or members; by name where it is left out. */
export const userSort = (order: MemberOrder | null): UserSort =>
  order ? { by: SORTS[order.field], descending: order.direction === 'DESC', backward: false } : BY_NAME;

/** Name of a list in an order, for its cursors. */
export const listName = (list: string, order: MemberOrder | null): string =>
  `${list}:${order?.field ?? 'NAME'}:${order?.direction ?? 'ASC'}`;

const STATUSES = { ACTIVE: 1, INACTIVE: 0, ERASED: 2 } as const satisfies Record<UserStatus, Activity>;

export const statusesOf = (status: UserStatus | null | undefined): readonly Activity[] =>
  status == null ? EVERYBODY : [STATUSES[status]];

function queryOf(
  reading: AsOfContext,
  { search, status, notInRole, kind }: UserFilter,
  sort: UserSort,
): UserQuery {
  const role = notInRole == null ? undefined : reading.role(notInRole);
  return {
    sort,
    statuses: statusesOf(status),
    pattern: patternOf(search),
    roles: null,
    // Nobody is in a role that ended.
    notIn: role?.ended === null && role.n !== null ? { role: role.n, at: reading.at } : null,
    kind: kind ?? null,
  };
}

export async function countUsers(asking: Asking, filter: UserFilter): Promise<number | null> {
  const { reading } = asking;
  const query = queryOf(reading, filter, BY_NAME);
  if (query.kind !== null) return countUsersOfKind(asking, query);
  if (query.pattern === null && query.notIn === null) return countOf(reading, query.statuses);
  if (query.pattern !== null) return countUsersWho(asking, query);
  const inRole = await countMembers(asking, query, reading.role(filter.notInRole ?? ''));
  return inRole === null ? null : countOf(reading, query.statuses) - inRole;
}

/** Number of a role's users with the statuses of a query. */
async function countMembers(asking: Asking, query: UserQuery, role?: RoleAt): Promise<number | null> {
  if (!role || role.n === null || role.ended !== null) return 0;
  const members = asking.reading.userCount(role);
  if (query.statuses === EVERYBODY) return members;
  return countUsersWho(asking, { ...query, notIn: null, roles: [role.n] }, members);
}

/** Counts persons, who are most, as all less the service users. */
async function countUsersOfKind(asking: Asking, query: UserQuery): Promise<number | null> {
  if (query.kind === 'SERVICE' || query.pattern !== null || query.notIn !== null)
    return countUsersWho(asking, query);
  const services = await countUsersWho(asking, { ...query, kind: 'SERVICE' });
  return services === null ? null : countOf(asking.reading, query.statuses) - services;
}

const countOf = (reading: AsOfContext, statuses: UserQuery['statuses']): number => {
  const { active, inactive, erased } = reading.counts();
  const counts = { 0: inactive, 1: active, 2: erased } satisfies Record<Activity, number>;
  return statuses.reduce((sum: number, status) => sum + counts[status], 0);
};

/** Last changes of what users are, by id: registration, profile and status. */
export const lastUserChanges = (reading: AsOfContext, ids: readonly string[]): ReadonlyMap<string, Changed> =>
  eventsOf(reading, lastUserFacts(reading, ids));

/** Registrations of users, by id. */
export const userRegistrations = (
  reading: AsOfContext,
  ids: readonly string[],
): ReadonlyMap<string, Changed> => eventsOf(reading, firstUserFacts(reading, ids));

function eventsOf(
  reading: AsOfContext,
  ordinals: ReturnType<typeof lastUserFacts>,
): ReadonlyMap<string, Changed> {
  const facts = [...ordinals];
  const events = recorded(reading.sql, new Set(facts.map(([, ordinal]) => ordinal)));
  return new Map(
    facts.flatMap(([id, ordinal]) => {
      const event = events.get(ordinal);
      return event ? [[id, event] as const] : [];
    }),
  );
}
