import type { Actor } from '../../src/domain/vocabulary';
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { recorded } from '../reducers/history';
import { heldBy, membersSince } from '../tables/memberships';
import { byName, type Asking, type AsOfContext, type RoleAt } from './as-of-context';
import { countUsersWho, findUsers } from './user-search/planner';
import { patternOf } from '../tables/user-search-index';
import { BY_NAME, type Place, type UserQuery } from './user-search/candidates';
import { userRows } from '../tables/user-rows';
import type { Membership, Page, PageRequest } from '../view';

/** Users of a role, by name, and roles of users. */

const LIST = 'role-users';
const NOBODY: Actor = { type: 'service', id: 'unknown' };

export async function listRoleUsers(
  asking: Asking,
  id: string,
  search: string | null,
  page: PageRequest,
): Promise<Page<Membership>> {
  const { reading } = asking;
  const after = decodeCursor<Place>(LIST, page.after, ['string', 'number']);
  const role = liveRole(reading, id);
  if (!role) return { items: [], hasNextPage: false };
  const members = reading.userCount(role);
  const slice = { after, count: page.first + 1 };
  const found = await findUsers(asking, queryOf(role, search), slice, members);
  const memberships = membershipsOf(
    reading,
    role.n,
    found.map(({ n }) => n),
  );
  return pageOf(
    found.map(({ n, key }) => ({ item: memberships.get(n)!, cursor: encodeCursor(LIST, [key, n]) })),
    page.first,
  );
}

type LiveRole = RoleAt & { readonly n: number };
function liveRole(reading: AsOfContext, id: string): LiveRole | null {
  const role = reading.role(id);
  return role && role.n !== null && role.ended === null ? { ...role, n: role.n } : null;
}

const queryOf = (role: LiveRole, search: string | null): UserQuery => ({
  sort: BY_NAME,
  statuses: [1, 0],
  pattern: patternOf(search),
  roles: [role.n],
  notInRole: null,
});

function membershipsOf(
  { sql, account, at }: AsOfContext,
  role: number,
  users: readonly number[],
): ReadonlyMap<number, Membership> {
  const rows = userRows(sql, account, users, at);
  const since = membersSince(sql, account, role, users, at);
  const events = recorded(sql, since.values());
  return new Map(
    [...rows].map(([n, user]) => {
      const event = events.get(since.get(n) ?? 0);
      return [n, { user, assignedAt: event?.at ?? new Date(0), assignedBy: event?.by ?? NOBODY }];
    }),
  );
}

export async function countRoleUsers(
  asking: Asking,
  id: string,
  search: string | null,
): Promise<number | null> {
  const { reading } = asking;
  const role = liveRole(reading, id);
  if (!role) return 0;
  const query = queryOf(role, search);
  const members = reading.userCount(role);
  return query.pattern === null ? members : countUsersWho(asking, query, members);
}

/** Ids of the roles that users hold, by id of the user. */
export function rolesOfUsers(
  reading: AsOfContext,
  ids: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const states = [...heldBy(reading.sql, reading.account, ids, reading.at)];
  const held = reading.rolesBy(
    states.map(([, { roles }]) => roles),
    byName,
  );
  return new Map(
    states.map(([id], index) => [id, held[index]!.flatMap((role) => (role.ended === null ? [role.id] : []))]),
  );
}
