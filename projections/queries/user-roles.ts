import type { RoleNumber, UserNumber } from '../numbers';
import type { AccountAt } from '../tables/account-at';
import type { MembershipRow, UserFactRow, UserKeyRow } from '../tables/rows';
import { jsonList } from '../tables/sqlite/json-list';
import { USER_FACT_AS_OF } from '../tables/users';

/** A user as checks need one: if active, and the numbers of the roles held, roles that had ended included. */
export interface UserRoles {
  readonly n: UserNumber;
  readonly active: boolean;
  readonly roles: readonly RoleNumber[];
}

const ROLES_THEN = `LEFT JOIN membership m INDEXED BY membership_by_user
  ON m.account = k.account AND m.user = k.n AND m.valid_from <= ? AND m.valid_to > ?`;
const ROLES_OF = `SELECT k.id, k.n, f.active, m.role FROM json_each(?) wanted
  CROSS JOIN user_key k ON k.account = ? AND k.id = wanted.value ${USER_FACT_AS_OF} ${ROLES_THEN}`;
/** The same for one user; most checks are about one, and a list of one costs a quarter of them. */
const ROLES_OF_ONE = `SELECT k.id, k.n, f.active, m.role FROM user_key k ${USER_FACT_AS_OF} ${ROLES_THEN} WHERE k.id = ? AND k.account = ?`;

type Row = Pick<UserKeyRow, 'id' | 'n'> &
  Pick<UserFactRow, 'active'> & { readonly role: MembershipRow['role'] | null };

/** Users by id with their roles. Who was not registered yet is left out. */
export function userRoles(
  { sql, account, at }: AccountAt,
  ids: readonly string[],
): ReadonlyMap<string, UserRoles> {
  const [one, ...others] = ids;
  const rows =
    // A text bound by itself ends at a NUL, and would be another id.
    one !== undefined && others.length === 0 && !one.includes('\0')
      ? sql.all<Row>(ROLES_OF_ONE, at, at, at, one, account)
      : sql.all<Row>(ROLES_OF, jsonList(ids), account, at, at, at);
  const found = new Map<string, UserRoles & { roles: RoleNumber[] }>();
  for (const { id, n, active, role } of rows) {
    let user = found.get(id);
    if (!user) found.set(id, (user = { n, active: active === 1, roles: [] }));
    if (role !== null) user.roles.push(role);
  }
  return found;
}
