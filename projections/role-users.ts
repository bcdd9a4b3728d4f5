import { searchKey } from '../src/domain/names';
import type { Actor } from '../src/domain/vocabulary';
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { recordedAt } from './history';
import { memberSince } from './memberships';
import type { Reading, RoleAt } from './reading';
import { countUsersWho, findUsers } from './user-plans';
import { BY_NAME, type Place, type UserQuery } from './user-sources';
import { userFactAt, userRow } from './users';
import type { Membership, Page, PageRequest } from './view';

/** Users of a role, by name. */

const LIST = 'role-users';
const NOBODY: Actor = { type: 'service', id: 'unknown' };

export function listRoleUsers(
  reading: Reading,
  id: string,
  search: string | null,
  page: PageRequest,
): Page<Membership> {
  const after = decodeCursor<Place>(LIST, page.after, ['string', 'number']);
  const role = liveRole(reading, id);
  if (!role) return { items: [], hasNextPage: false };
  const members = reading.userCount(role);
  const found = findUsers(reading, queryOf(role, search), after, page.first + 1, members);
  return pageOf(
    found.flatMap(({ n, key }) => {
      const membership = membershipOf(reading, role.n, n);
      return membership ? [{ item: membership, cursor: encodeCursor(LIST, [key, n]) }] : [];
    }),
    page.first,
  );
}

type LiveRole = RoleAt & { readonly n: number };
function liveRole(reading: Reading, id: string): LiveRole | null {
  const role = reading.role(id);
  return role && role.n !== null && role.ended === null ? { ...role, n: role.n } : null;
}

const queryOf = (role: LiveRole, search: string | null): UserQuery => ({
  sort: BY_NAME,
  statuses: [1, 0],
  pattern: searchKey(search ?? ''),
  roles: [role.n],
  notInRole: null,
});

function membershipOf({ sql, account, at }: Reading, role: number, user: number): Membership | null {
  const fact = userFactAt(sql, account, user, at);
  const since = memberSince(sql, account, role, user, at);
  if (!fact || since === undefined) return null;
  const recorded = recordedAt(sql, since);
  return {
    user: userRow(sql, account, fact),
    assignedAt: recorded?.at ?? new Date(0),
    assignedBy: recorded?.by ?? NOBODY,
  };
}

export function countRoleUsers(reading: Reading, id: string, search: string | null): number | null {
  const role = liveRole(reading, id);
  if (!role) return 0;
  const query = queryOf(role, search);
  const members = reading.userCount(role);
  return query.pattern === '' ? members : countUsersWho(reading, query, members);
}
