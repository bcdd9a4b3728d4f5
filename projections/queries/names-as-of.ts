import type { AsOfContext } from './as-of-context';
import type { NameAsked } from '../view';
import { ERASED_USER, UNREADABLE_USER } from '../tables/users';

/** Names of roles and users at past ordinals. Facts are indexed by their start: each lookup is one seek. */

/** Names of users and custom roles, whose facts follow one another without a gap. */
const namesOf = (kind: NameAsked['kind'], name = 'f.name'): string => `
  SELECT asked.key AS place, ${name} AS name FROM json_each(?1) asked
  CROSS JOIN ${kind}_key k ON k.account = ?2 AND k.id = asked.value ->> 'id'
  CROSS JOIN ${kind}_fact f ON f.account = k.account AND f.n = k.n AND f.valid_from = (
    SELECT max(valid_from) FROM ${kind}_fact
    WHERE account = k.account AND n = k.n AND valid_from <= asked.value ->> 'at')
  WHERE asked.value ->> 'kind' = '${kind}'`;

const OF_DEFAULT_ROLES = `
  SELECT asked.key AS place, e.json ->> 'name' AS name FROM json_each(?1) asked
  CROSS JOIN catalogue_entry e ON e.kind = 'defaultRoles' AND e.key = asked.value ->> 'id' AND e.valid_from = (
    SELECT max(valid_from) FROM catalogue_entry
    WHERE kind = 'defaultRoles' AND key = asked.value ->> 'id' AND valid_from <= asked.value ->> 'at')
  WHERE asked.value ->> 'kind' = 'role'`;

/** An erased user has no name, at any ordinal. */
const NAME_OF_USER = `coalesce(f.name, CASE WHEN EXISTS (SELECT 1 FROM user_erased e WHERE e.account = k.account AND e.n = k.n)
  THEN '${ERASED_USER}' ELSE '${UNREADABLE_USER}' END)`;

const NAMES = [namesOf('user', NAME_OF_USER), namesOf('role'), OF_DEFAULT_ROLES].join(' UNION ALL ');

/** Names in the order asked; null before there was a role or user of that id. */
export function namesAsOf({ sql, account }: AsOfContext, asked: readonly NameAsked[]): (string | null)[] {
  const names = asked.map((): string | null => null);
  const rows = sql.all<{ place: number; name: string }>(NAMES, JSON.stringify(asked), account);
  for (const { place, name } of rows) names[place] = name;
  return names;
}
