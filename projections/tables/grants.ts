import type { RoleCount } from './counts';
import { OPEN } from './schema';
import { listed } from './sets';
import type { Sql } from './sql';
import type { Ordinal } from '../view';
import type { TableWriter } from './table-writer';

/** Grants of custom roles. Those of default roles are the catalogue's. */

export interface At {
  readonly account: number;
  readonly role: number;
  readonly ordinal: Ordinal;
}

/** Sets or (with null) ends the grant of a permission. */
export function setGrant(
  writing: TableWriter,
  count: RoleCount,
  { account, role, ordinal }: At,
  permission: string,
  scopes: readonly string[] | null,
): void {
  const { sql } = writing;
  const key = writing.word(permission);
  const old = sql.get<{ valid_from: number; valid_to: number; text: string }>(
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
    for (const scope of new Set(scopesIn(held.text)))
      count.scopes -= dropScope(writing, account, role, scope);
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
  for (const scope of new Set(scopes)) count.scopes += addScope(writing, account, role, scope);
}

export function closeGrants({ sql }: TableWriter, { account, role, ordinal }: At): void {
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

/** 1 where the role has the scope anew. */
function addScope(writing: TableWriter, account: number, role: number, scope: string): number {
  const row = writing.sql.get<{ grants: number }>(
    `INSERT INTO role_scope (account, role, scope, grants) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET grants = grants + 1 RETURNING grants`,
    account,
    role,
    writing.word(scope),
  );
  return row?.grants === 1 ? 1 : 0;
}

/** 1 where the role has the scope no more. */
function dropScope(writing: TableWriter, account: number, role: number, scope: string): number {
  const n = writing.word(scope);
  const row = writing.sql.get<{ grants: number }>(
    'UPDATE role_scope SET grants = grants - 1 WHERE account = ? AND role = ? AND scope = ? RETURNING grants',
    account,
    role,
    n,
  );
  if (row?.grants !== 0) return 0;
  writing.sql.run('DELETE FROM role_scope WHERE account = ? AND role = ? AND scope = ?', account, role, n);
  return 1;
}

/** What a role granted at a moment: scopes by permission. */
export type RoleGrants = ReadonlyMap<string, readonly string[]>;

/** A grant of a custom role; `scopes` as text. */
export interface GrantRow {
  readonly role: number;
  readonly permission: string;
  readonly scopes: string;
}

/** What custom roles granted, in no order. */
export const grantsAt = (sql: Sql, account: number, roles: readonly number[], at: Ordinal): GrantRow[] =>
  roles.length === 0
    ? []
    : sql.all(
        `SELECT g.role, p.text AS permission, s.text AS scopes FROM json_each(?) wanted
         CROSS JOIN grant_fact g ON g.account = ? AND g.role = wanted.value AND g.valid_from <= ? AND g.valid_to > ?
         CROSS JOIN word p ON p.n = g.permission CROSS JOIN word s ON s.n = g.scopes`,
        listed(roles),
        account,
        at,
        at,
      );

/** Custom roles that granted a permission at a moment. */
export const grantersAt = (
  sql: Sql,
  account: number,
  permission: number,
  at: Ordinal,
): { readonly role: number; readonly scopes: string }[] =>
  sql.all(
    `SELECT role, text AS scopes FROM grant_fact INDEXED BY grant_by_permission JOIN word ON word.n = scopes
     WHERE account = ? AND permission = ? AND valid_from <= ? AND valid_to > ?`,
    account,
    permission,
    at,
    at,
  );

/** Numbers of texts; one that never occurred is left out. */
export const wordNumbers = (sql: Sql, texts: Iterable<string>): ReadonlyMap<string, number> =>
  new Map(
    sql
      .all<{ text: string; n: number }>(
        'SELECT w.text, w.n FROM json_each(?) wanted CROSS JOIN word w ON w.text = wanted.value',
        listed(texts),
      )
      .map(({ text, n }) => [text, n]),
  );
