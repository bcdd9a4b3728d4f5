import type { Ordinal, RoleNumber, Sense, UserNumber } from '../../numbers';
import { roleNumbers } from '../../tables/roles';
import { jsonList } from '../../tables/sqlite/json-list';
import { wordNumbers } from '../../tables/words';
import type { Asking, AsOfContext } from '../as-of-context';
import { changesPublished, listed, posting, Union, type Places, type Postings } from '../postings';

/** Places in history at which access may have changed, whatever changed it. Most of them did. */

/** Roles whose entries are listed one by one; of more the types of entries are walked. */
const MOST_ROLES = 64;
/** Roles whose grants one step reads. */
const AT_ONCE = 20;

export const STATUS_TYPES = ['UserDeactivated', 'UserReactivated', 'UserErased'] as const;
/** Types of events that concern everybody. */
export const ACCOUNT_TYPES = ['AccountOpened', 'FeatureEnabled', 'FeatureDisabled'] as const;
export const MEMBERSHIP_TYPES = ['UserAssigned', 'UserUnassigned', 'UserBarred'] as const;
export const GRANT_TYPES = ['PermissionGranted', 'PermissionScopesChanged', 'PermissionRevoked'] as const;

/** Beginnings and ends of all that the access of a user follows from, but for grants of custom roles. */
const OF_USER = `
  SELECT valid_from AS n FROM membership INDEXED BY membership_by_user WHERE account = ?1 AND user = ?2
  UNION SELECT valid_to FROM membership INDEXED BY membership_by_user WHERE account = ?1 AND user = ?2
  UNION SELECT valid_from FROM (
    SELECT valid_from, active, lag(active) OVER (ORDER BY valid_from) AS was FROM user_fact WHERE account = ?1 AND n = ?2)
    WHERE active IS NOT was
  UNION SELECT valid_from FROM feature WHERE account = ?1
  UNION SELECT valid_to FROM feature WHERE account = ?1
  UNION SELECT n FROM publication`;

const ROLES_HELD = `SELECT DISTINCT m.role FROM membership m INDEXED BY membership_by_user
  CROSS JOIN role_key k ON k.account = m.account AND k.n = m.role AND k.custom = 1
  WHERE m.account = ? AND m.user = ? ORDER BY m.role`;

/** Grants that began or ended while a user was in their role; ?4: of one permission, or null for all. */
const GRANTS_HELD = `
  WITH held AS (
    SELECT m.role, m.valid_from, m.valid_to FROM json_each(?3) wanted
    CROSS JOIN membership m ON m.account = ?1 AND m.role = wanted.value AND m.user = ?2),
  granted AS (
    SELECT g.valid_from, g.valid_to, held.valid_from AS since, held.valid_to AS until FROM held
    CROSS JOIN grant_fact g ON g.account = ?1 AND g.role = held.role AND (?4 IS NULL OR g.permission = ?4))
  SELECT valid_from AS n FROM granted WHERE valid_from > since AND valid_from < until
  UNION SELECT valid_to FROM granted WHERE valid_to > since AND valid_to < until`;

/** Changes of what one user may do. `permission`: the one that counts; null: all. */
export async function placesOfUser(
  { reading, question }: Asking,
  user: UserNumber,
  permission: string | null,
  sense: Sense,
): Promise<Places> {
  const { sql, account, at } = reading;
  type Row = { readonly n: Ordinal };
  const found = await question.step(
    () => sql.all<Row>(OF_USER, account, user),
    ({ length }) => length,
  );
  const roles = await question.step(
    () => sql.all<{ readonly role: RoleNumber }>(ROLES_HELD, account, user),
    ({ length }) => length,
  );
  const word = permission === null ? null : (wordNumbers(sql, [permission]).get(permission) ?? -1);
  for (let from = 0; from < roles.length; from += AT_ONCE) {
    const some = jsonList(roles.slice(from, from + AT_ONCE).map(({ role }) => role));
    const grants = await question.step(
      () => sql.all<Row>(GRANTS_HELD, account, user, some, word),
      ({ length }) => length,
    );
    found.push(...grants);
  }
  const ordinals = new Set(found.map(({ n }) => n).filter((n) => n <= at));
  return listed([...ordinals], sense);
}

/** Roles that ever granted a permission, in the account or by the catalogue. */
export function everGranting(reading: AsOfContext, permission: string): readonly RoleNumber[] {
  const { sql, account } = reading;
  const custom = sql.all<{ readonly role: RoleNumber }>(
    `SELECT DISTINCT g.role FROM word w CROSS JOIN grant_fact g INDEXED BY grant_by_permission
       ON g.account = ? AND g.permission = w.n WHERE w.text = ?`,
    account,
    permission,
  );
  const defaults = sql.all<{ readonly key: string }>(
    `SELECT DISTINCT e.key FROM catalogue_entry e, json_each(e.json, '$.permissions') p
     WHERE e.kind = 'defaultRoles' AND p.value = ?`,
    permission,
  );
  const known = roleNumbers(
    reading,
    defaults.map(({ key }) => key),
  );
  return [...custom.map(({ role }) => role), ...known.values()];
}

/** Changes of who may do something. `roles`: those that ever granted it. */
export function placesOfPermission(
  postings: Postings,
  permission: string,
  roles: readonly RoleNumber[],
): Places {
  const { sql } = postings;
  const types = [
    ...STATUS_TYPES,
    ...ACCOUNT_TYPES,
    ...(roles.length > MOST_ROLES ? [...MEMBERSHIP_TYPES, ...GRANT_TYPES, 'RoleDeleted'] : []),
  ];
  const words = wordNumbers(sql, [...types, permission]);
  const parts: Places[] = types.flatMap((type) => {
    const word = words.get(type);
    return word === undefined ? [] : [posting(postings, { column: 'type', value: word })];
  });
  if (roles.length <= MOST_ROLES)
    parts.push(...roles.map((role) => posting(postings, { column: 'role', value: role })));
  const word = words.get(permission);
  if (word !== undefined) parts.push(changesPublished(postings, { column: 'permission', value: word }));
  return new Union(parts);
}
