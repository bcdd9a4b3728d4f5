import type { Actor } from '../../src/domain/vocabulary';
import type { Ordinal, RoleNumber, UserNumber } from '../numbers';
import { recorded, type Recorded } from '../tables/history';
import { memberSince, membersSince } from '../tables/memberships';
import { roleNumbers } from '../tables/roles';
import { patternOf } from '../tables/search/user-search-index';
import { userRows } from '../tables/users';
import type {
  Assignment,
  AssignmentAsked,
  MemberFilter,
  MemberOrder,
  Membership,
  Page,
  PageRequest,
} from '../view';
import { byName, type Asking, type AsOfContext, type RoleAt } from './as-of-context';
import { listName, statusesOf, userSort } from './user-list';
import { userRoles } from './user-roles';
import { BY_NAME, EVERYBODY, type UserQuery, type UserSort } from './user-search/candidates';
import { countUsersWho } from './user-search/planner';
import { pageOfUsers } from './user-search/user-page';

/** Users of a role, by name, and roles of users. */

const NOBODY: Actor = { type: 'service', id: 'unknown' };

/** A role, and which of its users are asked for, in which order. */
export interface MembersAsked {
  readonly id: string;
  readonly filter: MemberFilter;
  readonly order: MemberOrder | null;
}

export async function listRoleUsers(
  asking: Asking,
  { id, filter, order }: MembersAsked,
  page: PageRequest,
): Promise<Page<Membership>> {
  const { reading } = asking;
  const role = liveRole(reading, id);
  return pageOfUsers(
    asking,
    {
      name: listName('role-users', order),
      query: queryOf(reading, role, filter, userSort(order)),
      members: role ? reading.userCount(role) : 0,
      read: (users) => (role ? membershipsOf(reading, role.n, users) : new Map()),
    },
    page,
  );
}

type LiveRole = RoleAt & { readonly n: RoleNumber };
function liveRole(reading: AsOfContext, id: string): LiveRole | null {
  const role = reading.role(id);
  return role && role.n !== null && role.ended === null ? { ...role, n: role.n } : null;
}

/** `role`: null for one that nobody is in. */
const queryOf = (
  reading: AsOfContext,
  role: LiveRole | null,
  { search, status, notIn }: MemberFilter,
  sort: UserSort = BY_NAME,
): UserQuery => ({
  sort,
  statuses: statusesOf(status),
  pattern: patternOf(search),
  roles: role ? [role.n] : [],
  notIn: notIn == null ? null : othersThan(reading, notIn),
  kind: null,
});

/** Null for a role that has no number: a default role that nobody was ever in. */
function othersThan(
  reading: AsOfContext,
  { role, at }: NonNullable<MemberFilter['notIn']>,
): UserQuery['notIn'] {
  const n = roleNumbers(reading, [role]).get(role);
  return n === undefined ? null : { role: n, at };
}

/** Memberships of users in a role, in which they are, by number of the user. */
export function membershipsOf(
  reading: AsOfContext,
  role: RoleNumber,
  users: readonly UserNumber[],
): ReadonlyMap<UserNumber, Membership> {
  const rows = userRows(reading, users);
  const since = membersSince(reading, role, users);
  const events = recorded(reading.sql, since.values());
  return new Map([...rows].map(([n, user]) => [n, { user, ...assignment(since.get(n)!, events) }]));
}

function assignment(event: Ordinal, events: ReadonlyMap<Ordinal, Recorded>): Assignment {
  const { at, by } = events.get(event) ?? { at: new Date(0), by: NOBODY };
  return { assignedAt: at, assignedBy: by, event };
}

/** Memberships that hold, in the order asked; null where the user is not in the role. */
export function assignments(
  reading: AsOfContext,
  asked: readonly AssignmentAsked[],
): readonly (Assignment | null)[] {
  const since = memberSince(reading, asked);
  const events = recorded(reading.sql, new Set(since.values()));
  return asked.map((_asked, index) => {
    const event = since.get(index);
    return event === undefined ? null : assignment(event, events);
  });
}

export async function countRoleUsers(
  asking: Asking,
  id: string,
  filter: MemberFilter,
): Promise<number | null> {
  const { reading } = asking;
  const role = liveRole(reading, id);
  if (!role) return 0;
  const query = queryOf(reading, role, filter);
  const members = reading.userCount(role);
  return query.pattern === null && query.statuses === EVERYBODY && query.notIn === null
    ? members
    : countUsersWho(asking, query, members);
}

/** Ids of the roles that users hold, by id of the user. */
export function rolesOfUsers(
  reading: AsOfContext,
  ids: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const states = [...userRoles(reading, ids)];
  const held = reading.rolesBy(
    states.map(([, { roles }]) => roles),
    byName,
  );
  return new Map(
    states.map(([id], index) => [id, held[index]!.flatMap((role) => (role.ended === null ? [role.id] : []))]),
  );
}
