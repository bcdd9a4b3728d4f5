import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { chance, roleId, roleName } from './names';
import { LARGE_SHARE, type Shape } from './shape';

/** Members and grants of the roles, decided before anything is written. */

export interface PlannedRole {
  readonly id: string;
  readonly name: string;
  readonly grants: readonly { readonly permission: string; readonly scopes: readonly string[] }[];
  /** Numbers of users. */
  readonly members: readonly number[];
}

/** Permissions by how many hold them. */
export interface Wanted {
  readonly few: string;
  readonly some: string;
  readonly nearlyAll: string;
}

export interface Plan {
  readonly shape: Shape;
  readonly wanted: Wanted;
  readonly ordinary: readonly PlannedRole[];
  readonly large: PlannedRole;
  readonly small: PlannedRole;
  /** All roles, in the order in which they come to be. */
  readonly roles: readonly PlannedRole[];
}

/** The large role, that of 300, and those that give a permission to some and to few. */
const SPECIAL = 4;
/** Grants of an ordinary role: 4 to 20, on average as many as the catalogue’s default roles have. */
const GRANTS = { least: 4, span: 17 };

export function planOf(shape: Shape, catalogue: Pick<CatalogueFile, 'permissions'>): Plan {
  const [nearlyAll, some, few, ...others] = catalogue.permissions.filter(({ privileged }) => !privileged);
  if (!nearlyAll || !some || !few || others.length < GRANTS.least + GRANTS.span)
    throw new Error('The catalogue has too few permissions.');
  const members = ordinaryMembers(shape);
  const role = (
    id: number | string,
    name: string,
    granted: readonly { readonly key: string; readonly scopes: readonly string[] }[],
    users: readonly number[],
  ): PlannedRole => ({
    id: roleId(id),
    name,
    grants: granted.map(({ key, scopes }) => ({ permission: key, scopes })),
    members: users,
  });
  const ordinary = members.map((users, n) => {
    const count = GRANTS.least + Math.floor(chance(n, 5) * GRANTS.span);
    const start = Math.floor(chance(n, 6) * others.length);
    const granted = others.filter((_, index) => (index - start + others.length) % others.length < count);
    // Nearly all: one role in fifty does not grant it.
    return role(n, roleName(n), n % 50 === 49 ? granted : [nearlyAll, ...granted], users);
  });
  const large = role('large', 'All hands', others.slice(0, 6), range(0, shape.users, LARGE_SHARE));
  const small = role('small', 'Pilot group', others.slice(3, 9), range(0, shape.small));
  const special = [
    large,
    small,
    role('some', 'Beta testers', [some], range(shape.small, Math.min(shape.users, shape.small + shape.some))),
    role('few', 'Inner circle', [few], range(0, shape.few)),
  ];
  const wanted = { few: few.key, some: some.key, nearlyAll: nearlyAll.key };
  return { shape, wanted, ordinary, large, small, roles: [...ordinary, ...special] };
}

/** Each user is in one ordinary role, every second one in another too; some roles are popular, most are not. */
function ordinaryMembers({ users, roles: all }: Shape): number[][] {
  const roles = all - SPECIAL;
  const members = Array.from({ length: roles }, (): number[] => []);
  for (let user = 0; user < users; user += 1) {
    const first = Math.floor(chance(user, 7) ** 2 * roles);
    members[first]!.push(user);
    if (user % 2 === 1) members[(first + 1 + Math.floor(chance(user, 8) * (roles - 1))) % roles]!.push(user);
  }
  return members;
}

export const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, index) => from + index * step);
