import type { Ordinal, RoleNumber, WordNumber } from '../numbers';
import type { AccountAt, RoleChange } from './account-at';
import type { RoleCount } from './counts';
import type { GrantFactRow, RoleScopeRow, WordRow } from './rows';
import { OPEN } from './schema';
import { jsonList } from './sqlite/json-list';
import type { TableWriter } from './table-writer';

/** Grants of custom roles. Those of default roles are the catalogue's. */

/** A permission with its scopes; with null the grant of it ends. */
export interface GrantSet {
  readonly permission: string;
  readonly scopes: readonly string[] | null;
}

type Last = Pick<GrantFactRow, 'valid_from' | 'valid_to'> & Pick<WordRow, 'text'>;

/** Sets or (with null) ends the grant of a permission. */
export function setGrant(
  writing: TableWriter,
  count: RoleCount,
  change: RoleChange,
  { permission, scopes }: GrantSet,
): void {
  const { account, role, ordinal } = change;
  const { sql } = writing;
  const key = writing.word(permission);
  const old = sql.get<Last>(
    `SELECT valid_from, valid_to, text FROM grant_fact JOIN word ON word.n = scopes
     WHERE account = ? AND role = ? AND permission = ? ORDER BY valid_from DESC LIMIT 1`,
    account,
    role,
    key,
  );
  const text = scopes && JSON.stringify(scopes);
  const held = old?.valid_to === OPEN ? old : undefined;
  if ((held?.text ?? null) === text) return;
  if (held) {
    sql.run(
      'UPDATE grant_fact SET valid_to = ? WHERE account = ? AND role = ? AND permission = ? AND valid_from = ?',
      ordinal,
      account,
      role,
      key,
      held.valid_from,
    );
    count.permissions -= 1;
    for (const scope of new Set(scopesIn(held.text))) count.scopes -= dropScope(writing, change, scope);
  }
  if (!scopes || !text) return;
  sql.run(
    'INSERT INTO grant_fact (account, role, permission, valid_from, valid_to, scopes) VALUES (?, ?, ?, ?, ?, ?)',
    account,
    role,
    key,
    ordinal,
    OPEN,
    writing.word(text),
  );
  count.permissions += 1;
  for (const scope of new Set(scopes)) count.scopes += addScope(writing, change, scope);
}

export function closeGrants({ sql }: TableWriter, { account, role, ordinal }: RoleChange): void {
  sql.run(
    'UPDATE grant_fact SET valid_to = ? WHERE account = ? AND role = ? AND valid_to = ?',
    ordinal,
    account,
    role,
    OPEN,
  );
  sql.run('DELETE FROM role_scope WHERE account = ? AND role = ?', account, role);
}

export const scopesIn = (text: string): string[] => JSON.parse(text) as string[];

/** 1 if the role did not have the scope before. */
function addScope(writing: TableWriter, { account, role }: RoleChange, scope: string): number {
  const row = writing.sql.get<Pick<RoleScopeRow, 'grants'>>(
    `INSERT INTO role_scope (account, role, scope, grants) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET grants = grants + 1 RETURNING grants`,
    account,
    role,
    writing.word(scope),
  );
  return row?.grants === 1 ? 1 : 0;
}

/** 1 if the role no longer has the scope. */
function dropScope(writing: TableWriter, { account, role }: RoleChange, scope: string): number {
  const n = writing.word(scope);
  const row = writing.sql.get<Pick<RoleScopeRow, 'grants'>>(
    'UPDATE role_scope SET grants = grants - 1 WHERE account = ? AND role = ? AND scope = ? RETURNING grants',
    account,
    role,
    n,
  );
  if (row?.grants !== 0) return 0;
  writing.sql.run('DELETE FROM role_scope WHERE account = ? AND role = ? AND scope = ?', account, role, n);
  return 1;
}

/** Grants of a role at an ordinal: scopes by permission. */
export type RoleGrants = ReadonlyMap<string, readonly string[]>;

/** A grant of a custom role; `scopes` as stored. */
export interface GrantText extends Pick<GrantFactRow, 'role'> {
  readonly permission: string;
  readonly scopes: string;
}

/** Grants of custom roles, in no order. */
export const grantsAt = ({ sql, account, at }: AccountAt, roles: readonly RoleNumber[]): GrantText[] =>
  roles.length === 0
    ? []
    : sql.all(
        `SELECT g.role, p.text AS permission, s.text AS scopes FROM json_each(?) wanted
         CROSS JOIN grant_fact g ON g.account = ? AND g.role = wanted.value AND g.valid_from <= ? AND g.valid_to > ?
         CROSS JOIN word p ON p.n = g.permission CROSS JOIN word s ON s.n = g.scopes`,
        jsonList(roles),
        account,
        at,
        at,
      );

/** Custom roles that granted a permission at an ordinal, with the scopes kept, as stored. */
export const grantersAt = (
  { sql, account, at }: AccountAt,
  permission: WordNumber,
): Pick<GrantText, 'role' | 'scopes'>[] =>
  sql.all(
    `SELECT role, text AS scopes FROM grant_fact INDEXED BY grant_by_permission JOIN word ON word.n = scopes
     WHERE account = ? AND permission = ? AND valid_from <= ? AND valid_to > ?`,
    account,
    permission,
    at,
    at,
  );

/** Custom roles with numbers in (after, upTo] of which a grant began or ended after an ordinal, up to that of the reading. */
export const rolesRegranted = (
  { sql, account, at }: AccountAt,
  since: Ordinal,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): RoleNumber[] =>
  sql
    .all<Pick<GrantFactRow, 'role'>>(
      `SELECT DISTINCT role FROM grant_fact WHERE account = ?1 AND role > ?2 AND role <= ?3
         AND ((valid_from > ?4 AND valid_from <= ?5) OR (valid_to > ?4 AND valid_to <= ?5))`,
      account,
      after,
      upTo,
      since,
      at,
    )
    .map(({ role }) => role);

/** Grants of some permissions by custom roles that held at some ordinal from one on; `scopes` as stored. */
export const grantsDuring = (
  { sql, account, at }: AccountAt,
  from: Ordinal,
  roles: Iterable<RoleNumber>,
  permissions: Iterable<string>,
): (GrantText & Pick<GrantFactRow, 'valid_from' | 'valid_to'>)[] =>
  sql.all(
    `SELECT g.role, p.text AS permission, s.text AS scopes, g.valid_from, g.valid_to FROM json_each(?) role
     CROSS JOIN json_each(?) wanted CROSS JOIN word p ON p.text = wanted.value
     CROSS JOIN grant_fact g ON g.account = ? AND g.role = role.value AND g.permission = p.n
       AND g.valid_from <= ? AND g.valid_to > ?
     CROSS JOIN word s ON s.n = g.scopes`,
    jsonList(roles),
    jsonList(permissions),
    account,
    at,
    from,
  );
