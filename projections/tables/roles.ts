import { searchKey, sortKey } from '../../src/domain/text';
import type { AccountNumber, RoleNumber } from '../numbers';
import type { RoleRow } from '../view';
import type { AccountAt, RoleChange } from './account-at';
import type { RoleFact, RoleFactRow, RoleKeyRow } from './rows';
import { OPEN } from './schema';
import { jsonList } from './sqlite/json-list';
import { columnsOf, insertInto, placeholders } from './sqlite/row-buffer';
import type { Sql } from './sqlite/sql';
import type { RoleKey, TableWriter } from './table-writer';

/** Roles: names and descriptions of custom ones. Reads are one statement for any number of roles. */

const ROLE_FACT = columnsOf<RoleFactRow>()(
  'account',
  'n',
  'valid_from',
  'valid_to',
  'deleted',
  'name',
  'name_key',
  'search_key',
  'description',
);
const ADD_FACT = insertInto('role_fact', ROLE_FACT) + placeholders(ROLE_FACT);
/** Columns that are read of a fact. */
const FACT = columnsOf<RoleFact>()('valid_from', 'deleted', 'name', 'name_key', 'description');
const CURRENT_FACT = `SELECT ${FACT.join(', ')} FROM role_fact
     WHERE account = ? AND n = ? ORDER BY valid_from DESC LIMIT 1`;

/** Never in a search key, so that no pattern spans it. */
const BETWEEN = '\n';

/** Searchable text of a role: its name and its description. */
export const roleSearchKey = ({ name, description }: Pick<RoleRow, 'name' | 'description'>): string =>
  description === null ? searchKey(name) : searchKey(name) + BETWEEN + searchKey(description);

/** The fact of a custom role that holds; undefined before the role was created. */
export const currentRoleFact = (sql: Sql, account: AccountNumber, role: RoleKey): RoleFact | undefined =>
  (role.fact ??= sql.get<RoleFact>(CURRENT_FACT, account, role.n));

export function addRoleFact(
  { sql, roleTexts }: TableWriter,
  { account, ordinal }: RoleChange,
  role: RoleKey,
  { name, ...said }: Omit<RoleFact, 'valid_from' | 'name_key'>,
): void {
  const fact: RoleFact = { ...said, name, name_key: sortKey(name), valid_from: ordinal };
  const row: RoleFactRow = { account, n: role.n, valid_to: OPEN, search_key: roleSearchKey(fact), ...fact };
  sql.run(ADD_FACT, ...ROLE_FACT.map((column) => row[column]));
  const isSameText = role.fact !== undefined && roleSearchKey(role.fact) === row.search_key;
  if (!isSameText) roleTexts.add(account, ordinal, row.search_key);
  role.fact = fact;
}

/** Replaces the fact of the role that held until now. */
export function replaceRoleFact(
  writing: TableWriter,
  change: RoleChange,
  role: RoleKey,
  { old, next }: { readonly old: RoleFact; readonly next: RoleFact },
): void {
  writing.sql.run(
    'UPDATE role_fact SET valid_to = ? WHERE account = ? AND n = ? AND valid_from = ?',
    change.ordinal,
    change.account,
    role.n,
    old.valid_from,
  );
  addRoleFact(writing, change, role, next);
}

/** Name keys of an account's present custom roles that start with a key. */
export const roleNameKeys = (
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  start: string,
): ReadonlySet<string> =>
  new Set(
    sql
      .all<Pick<RoleFactRow, 'name_key'>>(
        `SELECT name_key FROM role_fact INDEXED BY role_by_name
         WHERE account = ? AND deleted = 0 AND name_key >= ? AND name_key < ? AND valid_to = ?`,
        account,
        start,
        `${start}\u{10ffff}`,
        OPEN,
      )
      .map((row) => row.name_key),
  );

/** Numbers of the roles that an account has under ids. */
export const roleNumbers = (
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  ids: Iterable<string>,
): ReadonlyMap<string, RoleNumber> =>
  new Map(
    sql
      .all<Pick<RoleKeyRow, 'id' | 'n'>>(
        `SELECT k.id, k.n FROM json_each(?) wanted
         CROSS JOIN role_key k ON k.account = ? AND k.id = wanted.value`,
        jsonList(ids),
        account,
      )
      .map(({ id, n }) => [id, n]),
  );

/** The number of the last role of an account, regardless of the ordinal; 0 if there is none. */
export const lastRoleNumber = ({ sql, account }: Pick<AccountAt, 'sql' | 'account'>): number =>
  sql.get<{ n: RoleNumber | null }>('SELECT max(n) AS n FROM role_key WHERE account = ?', account)?.n ?? 0;

/** Ids of roles by number. */
export const roleIds = (
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  roles: Iterable<RoleNumber>,
): ReadonlyMap<RoleNumber, string> =>
  new Map(
    sql
      .all<Pick<RoleKeyRow, 'n' | 'id'>>(
        `SELECT k.n, k.id FROM json_each(?) wanted CROSS JOIN role_key k ON k.account = ? AND k.n = wanted.value`,
        jsonList(roles),
        account,
      )
      .map(({ n, id }) => [n, id]),
  );

export interface StoredRole extends Pick<RoleKeyRow, 'n' | 'id' | 'created'> {
  readonly custom: boolean;
  /** The fact of a custom role that held; null before it was created. */
  readonly fact: RoleFact | null;
}

/** `valid_from` is null without a fact. */
type StoredRow = Pick<RoleKeyRow, 'n' | 'id' | 'custom' | 'created'> &
  (RoleFact | { readonly valid_from: null });

const STORED = `SELECT k.n, k.id, k.custom, k.created, ${FACT.map((column) => `f.${column}`).join(', ')}
       FROM json_each(?) wanted CROSS JOIN role_key k ON k.account = ? AND k.n = wanted.value
       LEFT JOIN role_fact f ON f.account = k.account AND f.n = k.n AND f.valid_from =
         (SELECT max(valid_from) FROM role_fact WHERE account = k.account AND n = k.n AND valid_from <= ?)`;

/** Roles by number. */
export const storedRoles = ({ sql, account, at }: AccountAt, roles: Iterable<RoleNumber>): StoredRole[] =>
  sql.all<StoredRow>(STORED, jsonList(roles), account, at).map(({ n, id, custom, created, ...fact }) => ({
    n,
    id,
    custom: custom === 1,
    created,
    fact: fact.valid_from === null ? null : fact,
  }));

/** Ordinals of the last edits of custom roles, by number: of name, description, permissions or scopes. */
export const lastEdits = (
  { sql, account, at }: AccountAt,
  roles: Iterable<RoleNumber>,
): ReadonlyMap<RoleNumber, RoleFactRow['valid_from']> =>
  new Map(
    sql
      .all<{ role: RoleNumber; n: RoleFactRow['valid_from'] }>(
        `SELECT wanted.value AS role, max(
           (SELECT max(valid_from) FROM role_fact WHERE account = ?2 AND n = wanted.value AND valid_from <= ?3),
           coalesce((SELECT max(max(valid_from, CASE WHEN valid_to <= ?3 THEN valid_to ELSE 0 END))
             FROM grant_fact WHERE account = ?2 AND role = wanted.value AND valid_from <= ?3), 0)) AS n
         FROM json_each(?1) wanted`,
        jsonList(roles),
        account,
        at,
      )
      .map(({ role, n }) => [role, n]),
  );
