import type { Membership, RoleRow, UserRow, View } from '../../projections/view';
import { loginOf } from '../population/lists';
import { roleName, userId, userProfile } from '../population/names';
import { range, type Plan, type PlannedRole } from '../population/plan';
import { LARGE_SHARE } from '../population/shape';
import { pageOf, type Filtered, type Order } from './questions';

/**
 * Places in the middle of lists. A cursor names a place in an order, whatever the filter, so it is taken from a search for one
 * who is in the middle of that order.
 */

/** Users that samples are taken of. */
const SAMPLE = 1_000;

const middle = <T>(items: readonly T[], compare: (a: T, b: T) => number): T =>
  [...items].sort(compare)[Math.floor(items.length / 2)]!;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A text to search for, and the id of the one that is meant. */
interface Sought {
  readonly id: string;
  readonly search: string;
}

function middleUser(users: readonly number[], order: Order): Sought {
  const sample = users.slice(0, SAMPLE);
  const signedIn = sample.filter((n) => loginOf(n) !== null);
  const by = (text: (n: number) => string): number =>
    middle(sample, (a, b) => compareTexts(text(a), text(b)));
  const n = {
    NAME: () => by((each) => userProfile(each).name),
    USERNAME: () => by((each) => userProfile(each).username),
    LAST_LOGIN_AT: () => middle(signedIn, (a, b) => loginOf(a)! - loginOf(b)!),
    ASSIGNED_AT: () => users[Math.floor(users.length / 2)]!,
  }[(order?.field ?? 'NAME') as 'NAME' | 'USERNAME' | 'LAST_LOGIN_AT' | 'ASSIGNED_AT']();
  return { id: userId(n), search: userProfile(n).username };
}

function middleRole(roles: readonly PlannedRole[], order: Order): Sought {
  const by = (value: (role: PlannedRole) => number): PlannedRole =>
    middle(roles, (a, b) => value(a) - value(b));
  const field = order?.field ?? 'NAME';
  if (field === 'NAME') {
    const { id, name } = middle(roles, (a, b) => compareTexts(a.name, b.name));
    return { id, search: name };
  }
  const { id, name } =
    field === 'UPDATED_AT'
      ? roles[Math.floor(roles.length / 2)]!
      : by(({ members, grants }) => (field === 'USER_COUNT' ? members.length : grants.length));
  return { id, search: name };
}

function soughtIn(asked: Filtered, plan: Plan, order: Order): Sought {
  // Every tenth role is renamed later on.
  if (asked.list === 'roles')
    return middleRole(
      plan.ordinary.filter((role, n) => n % 10 !== 0 && role.name === roleName(n)),
      order,
    );
  const isSmall = asked.list === 'members' && asked.role === plan.small.id;
  return middleUser(isSmall ? plan.small.members : range(0, plan.shape.users, LARGE_SHARE), order);
}

const idOf = (item: unknown): string => {
  const row = item as RoleRow | UserRow | Membership;
  return 'user' in row ? row.user.id : row.id;
};

/** The cursor of an item in the middle of a list in an order; null of history, of which no middle is known. */
export async function middleOf(
  view: View,
  asked: Filtered,
  plan: Plan,
  order: Order,
): Promise<string | null> {
  if (asked.list === 'history') return null;
  const { id, search } = soughtIn(asked, plan, order);
  const { items } = await pageOf(view, { ...asked, filter: { search } } as Filtered, order, { first: 200 });
  const found = items.find(({ item }) => idOf(item) === id);
  if (!found) throw new Error(`There is no ${id} among ${asked.what} named “${search}”.`);
  return found.cursor;
}
