import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { inOrder, passes, withheldReason } from './effective';
import { grantersAt } from './grants';
import { byId, type Reading, type RoleAt } from './reading';
import { countUsersWho, findUsers } from './user-plans';
import { BY_NAME, type Place, type UserQuery } from './user-sources';
import { userFactAt, userRow } from './users';
import { EXACT_COUNT_LIMIT, type Page, type PageRequest, type PermissionHolder } from './view';

/** Who effectively has a permission. */

const LIST = 'holders';

export function listHolders(
  reading: Reading,
  permission: string,
  scope: string | null,
  page: PageRequest,
): Page<PermissionHolder> {
  const after = decodeCursor<Place>(LIST, page.after, ['string', 'number']);
  const roles = rolesGranting(reading, permission, scope);
  if (roles.length === 0) return { items: [], hasNextPage: false };
  const found = findUsers(reading, queryOf(roles), after, page.first + 1, membersOf(reading, roles));
  return pageOf(
    found.map(({ n, key }) => ({
      item: holderOf(reading, permission, scope, n),
      cursor: encodeCursor(LIST, [key, n]),
    })),
    page.first,
  );
}

export function countHolders(reading: Reading, permission: string, scope: string | null): number | null {
  const roles = rolesGranting(reading, permission, scope);
  return roles.length === 0 ? 0 : countUsersWho(reading, queryOf(roles), membersOf(reading, roles));
}

/** Only active users have what their roles grant. */
const queryOf = (roles: readonly number[]): UserQuery => ({
  sort: BY_NAME,
  statuses: [1],
  pattern: '',
  roles,
  notInRole: null,
});

/** Numbers of the roles that give the permission (and the scope) to the active users in them. */
function rolesGranting(reading: Reading, permission: string, scope: string | null): number[] {
  const { sql, account, at, snapshot } = reading;
  const known = snapshot.catalogue.present(permission);
  if (!known || withheldReason(reading, permission, false)) return [];
  const fits = (kept: readonly string[]): boolean => scope === null || passes(reading, known, kept, scope);
  // Deletion closes a role's grants, so every custom role found here lives.
  const custom = grantersAt(sql, account, reading.word(permission), at)
    .filter(({ scopes }) => scope === null || fits(JSON.parse(scopes) as string[]))
    .map(({ role }) => role);
  const defaults = snapshot.defaultRoles
    .filter((role) => snapshot.grantsOf(role).has(permission) && fits(known.scopes))
    .map(({ key }) => reading.role(key)?.n ?? null)
    .filter((n) => n !== null);
  return [...defaults, ...custom];
}

/** Memberships of the roles, added up as far as it matters. */
function membersOf(reading: Reading, roles: readonly number[]): number {
  let members = 0;
  for (const n of roles) {
    members += reading.roleCount({ n }).users;
    if (members > EXACT_COUNT_LIMIT) break;
  }
  return members;
}

function holderOf(
  reading: Reading,
  permission: string,
  scope: string | null,
  user: number,
): PermissionHolder {
  const { sql, account, at } = reading;
  const known = reading.snapshot.catalogue.present(permission);
  const giving = reading.rolesOf(user, byId).flatMap((role: RoleAt) => {
    const kept = role.ended === null ? reading.grant(role, permission) : undefined;
    return known && kept
      ? [{ id: role.id, kept, passing: scope === null || passes(reading, known, kept, scope) }]
      : [];
  });
  return {
    user: userRow(sql, account, userFactAt(sql, account, user, at)!),
    scopes: inOrder(known, new Set(giving.flatMap(({ kept }) => kept))),
    via: giving.filter(({ passing }) => passing).map(({ id }) => id),
  };
}
