import type { DefaultRole } from '../../../src/domain/catalogue/catalogue';
import type { RoleNumber, WordNumber } from '../../numbers';
import { rolesHeld } from '../../tables/memberships';
import { rolesNamed } from '../../tables/search/role-search-index';
import { roleSearchKey } from '../../tables/roles';
import type { GrantFactRow } from '../../tables/rows';
import type { Fragment, SqlValue } from '../../tables/sqlite/sql';
import { patternOf } from '../../tables/search/user-search-index';
import { userNumber } from '../../tables/users';
import { wordNumbers } from '../../tables/words';
import type { RoleFilter } from '../../view';
import type { Asking, AsOfContext } from '../as-of-context';

/** Filters of the list of roles, in terms of the tables. */

export interface Wanted {
  readonly filter: RoleFilter;
  /** A part of the name or description, in search form; null for all, empty for none. */
  readonly pattern: string | null;
  /** Number of the permission to be granted; null for none, undefined for one that no custom role ever granted. */
  readonly permission: WordNumber | null | undefined;
  /** Numbers of the roles that a user holds, ended ones included; null for those of everybody. */
  readonly held: ReadonlySet<RoleNumber> | null;
  /** Custom roles among which all are that fit, where these are few; null: any may. */
  readonly few: readonly RoleNumber[] | null;
  /** 0: roles that are not deleted; 1: deleted ones. */
  readonly deleted: readonly (0 | 1)[];
}

/** Roles with a text or a grant up to which they are collected and sorted, not walked for. */
const FEW = 250;
/** Entries of an index that cost as much as a row, if they are counted. */
const COUNTED_A_ROW = 10;

export const wantedRoles = ({ reading, question }: Asking, filter: RoleFilter): Promise<Wanted> =>
  question.step(
    () => {
      const { group, user } = filter;
      const permission =
        filter.permission == null
          ? null
          : wordNumbers(reading.sql, [filter.permission]).get(filter.permission);
      const held = user == null ? null : new Set(heldBy(reading, user));
      const pattern = patternOf(filter.search);
      const none = filter.kind === 'DEFAULT' || group != null || pattern === '' || permission === undefined;
      const few = none ? [] : held ? [...held] : fewOf(reading, permission, pattern);
      // A role that ended grants nothing, and nobody is in it.
      const deletedToo = filter.includeDeleted && user == null && filter.permission == null;
      return { filter, pattern, permission, held, few, deleted: deletedToo ? [0, 1] : [0] } as const;
    },
    // Entries of an index that are only counted, because they may be too many to be collected, cost little.
    ({ few, pattern, permission }) =>
      1 + (few?.length ?? 0) + ((pattern ?? permission) ? Math.ceil(FEW / COUNTED_A_ROW) : 0),
  );

function heldBy(reading: AsOfContext, id: string): readonly RoleNumber[] {
  const user = userNumber(reading, id);
  return user === undefined ? [] : (rolesHeld(reading, [user]).get(user) ?? []);
}

/** Custom roles among which all are that a permission or a pattern finds; null if these are many. */
function fewOf(
  reading: AsOfContext,
  permission: WordNumber | null | undefined,
  pattern: string | null,
): readonly RoleNumber[] | null {
  const named = pattern === null ? null : rolesNamed(reading, pattern, FEW);
  if (named !== null) return named;
  return permission == null ? null : fewGranting(reading, permission);
}

/** Custom roles with a grant of a permission, null if these are many. Ended grants are read as well, so they count. */
function fewGranting(
  { sql, account, at }: AsOfContext,
  permission: WordNumber,
): readonly RoleNumber[] | null {
  const from = `grant_fact INDEXED BY grant_by_permission WHERE account = ? AND permission = ?`;
  const counted = sql.get<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} LIMIT ?)`,
    account,
    permission,
    FEW + 1,
  );
  if (counted!.n > FEW) return null;
  return sql
    .all<Pick<GrantFactRow, 'role'>>(
      `SELECT role FROM ${from} AND valid_from <= ? AND valid_to > ?`,
      account,
      permission,
      at,
      at,
    )
    .map(({ role }) => role);
}

/** Conditions of a custom role besides its deletion. `fact`: the fact `f` that holds is joined. */
export function conditions(
  { account, at }: AsOfContext,
  { pattern, permission }: Wanted,
  role: 'f.n' | 'r.role',
): Fragment {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  if (pattern !== null && role === 'f.n') {
    parts.push('instr(f.search_key, ?)');
    values.push(pattern);
  } else if (pattern !== null) {
    parts.push(`EXISTS (SELECT 1 FROM role_fact f WHERE f.account = ? AND f.n = r.role AND f.valid_from <= ? AND f.valid_to > ?
      AND instr(f.search_key, ?))`);
    values.push(account, at, at, pattern);
  }
  if (permission != null) {
    parts.push(`EXISTS (SELECT 1 FROM grant_fact g WHERE g.account = ? AND g.role = ${role} AND g.permission = ?
      AND g.valid_from <= ? AND g.valid_to > ?)`);
    values.push(account, permission, at, at);
  }
  return { text: parts.length > 0 ? parts.join(' AND ') : '1', values };
}

/** The default roles that fit, with their indexes among all. */
export function defaultRoles(
  reading: AsOfContext,
  { filter, pattern, held }: Wanted,
): readonly (readonly [role: DefaultRole, index: number])[] {
  if (filter.kind === 'CUSTOM' || pattern === '') return [];
  const { snapshot } = reading;
  const all = snapshot.catalogue.content.defaultRoles;
  const numbers = held && reading.roles(all.map(({ key }) => key));
  const fits = (role: DefaultRole): boolean => {
    if (role.retired && !(filter.includeDeleted && filter.user == null && filter.permission == null))
      return false;
    if (filter.group != null && role.group !== filter.group) return false;
    if (filter.permission != null && !snapshot.grantsOf(role).has(filter.permission)) return false;
    if (held && !held.has(numbers?.get(role.key)?.n ?? (0 as RoleNumber))) return false;
    return pattern === null || roleSearchKey(role).includes(pattern);
  };
  return all.flatMap((role, index) => (fits(role) ? [[role, index] as const] : []));
}
