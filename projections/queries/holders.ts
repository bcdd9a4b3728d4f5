import type { RoleNumber, UserNumber } from '../numbers';
import { membersUpTo } from '../tables/counts';
import { grantersAt, scopesIn } from '../tables/grants';
import { rolesHeld } from '../tables/memberships';
import { userRows } from '../tables/users';
import { wordNumbers } from '../tables/words';
import { EXACT_COUNT_LIMIT, type Page, type PageRequest, type PermissionHolder } from '../view';
import type { Asking, AsOfContext } from './as-of-context';
import { passes } from './checks';
import { inOrder, withheldReason } from './effective';
import { BY_NAME, type UserQuery } from './user-search/candidates';
import { countUsersWho } from './user-search/planner';
import { pageOfUsers } from './user-search/user-page';

/** Users who effectively have a permission. */

const LIST = 'holders';

export async function listHolders(
  asking: Asking,
  permission: string,
  scope: string | null,
  page: PageRequest,
): Promise<Page<PermissionHolder>> {
  const { roles, members } = await grantersOf(asking, permission, scope);
  return pageOfUsers(
    asking,
    {
      name: LIST,
      query: queryOf(roles),
      members,
      read: (users) => holdersOf(asking.reading, permission, scope, users),
    },
    page,
  );
}

export async function countHolders(
  asking: Asking,
  permission: string,
  scope: string | null,
): Promise<number | null> {
  const { roles, members } = await grantersOf(asking, permission, scope);
  return roles.length === 0 ? 0 : countUsersWho(asking, queryOf(roles), members);
}

interface Granters {
  readonly roles: readonly RoleNumber[];
  /** Memberships of the roles together, up to the number that matters. */
  readonly members: number;
}

const grantersOf = (
  { reading, question }: Asking,
  permission: string,
  scope: string | null,
): Promise<Granters> =>
  question.step(
    () => {
      const roles = rolesGranting(reading, permission, scope);
      return { roles, members: membersUpTo(reading, roles, EXACT_COUNT_LIMIT) };
    },
    ({ roles }) => roles.length,
  );

/** The grants of roles take effect for active users only. */
const queryOf = (roles: readonly RoleNumber[]): UserQuery => ({
  sort: BY_NAME,
  statuses: [1],
  pattern: null,
  roles,
  notIn: null,
  kind: null,
});

/** Numbers of the roles that give the permission (and the scope) to the active users in them. */
function rolesGranting(reading: AsOfContext, permission: string, scope: string | null): RoleNumber[] {
  const { sql, snapshot } = reading;
  const known = snapshot.catalogue.present(permission);
  if (!known || withheldReason(reading, permission, false)) return [];
  const fits = (kept: readonly string[]): boolean => scope === null || passes(reading, known, kept, scope);
  // Deletion closes a role's grants, so every custom role found here lives.
  const word = wordNumbers(sql, [permission]).get(permission);
  const custom = (word === undefined ? [] : grantersAt(reading, word))
    .filter(({ scopes }) => scope === null || fits(scopesIn(scopes)))
    .map(({ role }) => role);
  const defaults = snapshot.defaultRoles
    .filter((role) => snapshot.grantsOf(role).has(permission) && fits(known.scopes))
    .map(({ key }) => key);
  const touched = [...reading.roles(defaults).values()].flatMap(({ n }) => n ?? []);
  return [...touched, ...custom];
}

function holdersOf(
  reading: AsOfContext,
  permission: string,
  scope: string | null,
  users: readonly UserNumber[],
): ReadonlyMap<UserNumber, PermissionHolder> {
  const known = reading.snapshot.catalogue.present(permission)!;
  const rows = userRows(reading, users);
  const held = rolesHeld(reading, users);
  const sources = reading.grantSources(users.map((user) => ({ roles: held.get(user) ?? [], permission })));
  return new Map(
    users.map((n, index) => {
      const live = sources[index]!.filter(({ role }) => role.ended === null);
      const passing = live.filter(({ kept }) => scope === null || passes(reading, known, kept, scope));
      const scopes = inOrder(known, new Set(live.flatMap(({ kept }) => kept)));
      return [n, { user: rows.get(n)!, scopes, via: passing.map(({ role }) => role.id) }];
    }),
  );
}
