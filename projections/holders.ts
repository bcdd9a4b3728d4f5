import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { inOrder, passes, withheldReason } from './effective';
import { grantersAt } from './grants';
import { byId, type Reading, type RoleAt } from './reading';
import { membersOf } from './role-users';
import { BY_NAME, CROSSOVER, sortFew, take, walkUsers, type Place, type Sorted } from './user-walk';
import { userRow, type UserFact } from './users';
import { type Page, type PageRequest, type PermissionHolder } from './view';

/** Who effectively has a permission. */

const LIST = 'holders';
/** Memberships read at most to count the users behind them. */
const COUNTED = 20_000;

export function listHolders(
  reading: Reading,
  permission: string,
  scope: string | null,
  page: PageRequest,
): Page<PermissionHolder> {
  const after = decodeCursor<Place>(LIST, page.after, ['string', 'number']);
  const roles = rolesGranting(reading, permission, scope);
  const found = find(reading, roles, after, page.first + 1);
  return pageOf(
    found.map((fact) => ({
      item: holderOf(reading, permission, scope, fact),
      cursor: encodeCursor(LIST, [fact.key, fact.n]),
    })),
    page.first,
  );
}

export function countHolders(reading: Reading, permission: string, scope: string | null): number | null {
  const few = fewHolders(reading, rolesGranting(reading, permission, scope), COUNTED);
  return few && few.length;
}

/** Numbers of the roles that give the permission (and the scope) to the active users in them. */
function rolesGranting(reading: Reading, permission: string, scope: string | null): number[] {
  const { sql, account, at, snapshot } = reading;
  const known = snapshot.catalogue.present(permission);
  if (!known || withheldReason(reading, permission, false)) return [];
  const fits = (kept: readonly string[]): boolean => scope === null || passes(reading, known, kept, scope);
  const custom = grantersAt(sql, account, reading.word(permission), at)
    .filter(({ scopes }) => scope === null || fits(JSON.parse(scopes) as string[]))
    .map(({ role }) => role);
  const defaults = snapshot.defaultRoles
    .filter((role) => snapshot.grantsOf(role).has(permission) && fits(known.scopes))
    .map(({ key }) => reading.role(key)?.n ?? null)
    .filter((n) => n !== null);
  // Deletion closes a role's grants, so every custom role found here lives.
  return [...defaults, ...custom];
}

function find(reading: Reading, roles: readonly number[], after: Place | null, count: number): Sorted[] {
  if (roles.length === 0) return [];
  const few = fewHolders(reading, roles, CROSSOVER);
  if (few) return sortFew(few, BY_NAME, after).slice(0, count);
  const { account, at } = reading;
  const where = `EXISTS (SELECT 1 FROM membership m INDEXED BY membership_by_user
    WHERE m.account = ? AND m.user = u.n AND m.valid_from <= ? AND m.valid_to > ?
      AND m.role IN (SELECT value FROM json_each(?)))`;
  const values = [account, at, at, JSON.stringify(roles)];
  return take(walkUsers(reading, { sort: BY_NAME, statuses: [1], after, where, values }), count);
}

/** The active users of the roles, where these have at most `limit` memberships; else null. */
function fewHolders(reading: Reading, roles: readonly number[], limit: number): UserFact[] | null {
  let memberships = 0;
  for (const n of roles) {
    memberships += reading.roleCount({ n } as RoleAt).users;
    if (memberships > limit) return null;
  }
  const found = new Map<number, UserFact>();
  for (const n of roles) for (const fact of membersOf(reading, n)) if (fact.active) found.set(fact.n, fact);
  return [...found.values()];
}

function holderOf(
  reading: Reading,
  permission: string,
  scope: string | null,
  fact: UserFact,
): PermissionHolder {
  const known = reading.snapshot.catalogue.present(permission);
  const scopes = new Set<string>();
  const via: string[] = [];
  for (const role of reading.rolesOf(fact.n, byId)) {
    const kept = role.ended === null ? reading.grant(role, permission) : undefined;
    if (!known || !kept) continue;
    if (scope === null || passes(reading, known, kept, scope)) via.push(role.id);
    for (const name of kept) scopes.add(name);
  }
  return { user: userRow(reading.sql, reading.account, fact), scopes: inOrder(known, scopes), via };
}
