import type { AccountNumber, Ordinal, RoleNumber, UserNumber, WordNumber } from '../../numbers';
import type {
  FeatureRow,
  GrantFactRow,
  MembershipRow,
  RoleFactRow,
  RoleKeyRow,
  UserFactRow,
  UserKeyRow,
} from '../rows';
import type { Sql } from '../sqlite/sql';

/** Facts of an account in the order of their keys, a page at a time; each with the ordinals between which it holds. */

export interface FactsAsked {
  readonly sql: Sql;
  readonly account: AccountNumber;
  readonly at: Ordinal;
  /** Facts that ended at or before it are left out. */
  readonly since: Ordinal;
  readonly limit: number;
}

type Interval = Pick<FeatureRow, 'valid_from' | 'valid_to'>;

/** Facts that hold at some moment asked for. Parameters: 1 account, 2 at, 3 since, 4 limit. */
const SHOWN = 'valid_from <= ?2 AND valid_to > ?3';

export type MembershipFact = Pick<MembershipRow, 'role' | 'user' | 'valid_from'> & {
  readonly roleId: string;
  readonly userId: string;
  readonly ended: MembershipRow['valid_to'];
};

/** A membership also ends with its role, which only the role’s row shows. `role`, `user`: the only ones, or null for all. */
export const membershipFacts = (
  { sql, account, at, since, limit }: FactsAsked,
  [role, user, from]: readonly [role: number, user: number, from: number],
  only: { readonly role: RoleNumber | null; readonly user: UserNumber | null },
): MembershipFact[] =>
  sql.all(
    `SELECT m.role, m.user, r.id AS roleId, u.id AS userId, m.valid_from,
       min(m.valid_to, coalesce(d.valid_from, m.valid_to)) AS ended FROM membership m
     JOIN role_key r ON r.account = m.account AND r.n = m.role
     JOIN user_key u ON u.account = m.account AND u.n = m.user
     LEFT JOIN role_fact d ON d.account = m.account AND d.n = m.role AND d.deleted = 1
     WHERE m.account = ?1 AND (m.role, m.user, m.valid_from) > (?5, ?6, ?7) AND m.valid_from <= ?2 AND ended > ?3
       AND (?8 IS NULL OR m.role = ?8) AND (?9 IS NULL OR m.user = ?9)
     ORDER BY m.role, m.user, m.valid_from LIMIT ?4`,
    account,
    at,
    since,
    limit,
    ...[role, user, from],
    only.role,
    only.user,
  );

export type GrantFact = Interval &
  Pick<GrantFactRow, 'role'> & {
    readonly permission: WordNumber;
    readonly roleId: string;
    readonly key: string;
    /** A JSON list. */
    readonly scopes: string;
  };

export const grantFacts = (
  { sql, account, at, since, limit }: FactsAsked,
  [role, permission, from]: readonly [role: number, permission: number, from: number],
  only: RoleNumber | null,
): GrantFact[] =>
  sql.all(
    `SELECT g.role, g.permission, r.id AS roleId, p.text AS key, s.text AS scopes, g.valid_from, g.valid_to
     FROM grant_fact g
     JOIN role_key r ON r.account = g.account AND r.n = g.role
     JOIN word p ON p.n = g.permission JOIN word s ON s.n = g.scopes
     WHERE g.account = ?1 AND (g.role, g.permission, g.valid_from) > (?5, ?6, ?7) AND g.${SHOWN}
       AND (?8 IS NULL OR g.role = ?8)
     ORDER BY g.role, g.permission, g.valid_from LIMIT ?4`,
    account,
    at,
    since,
    limit,
    ...[role, permission, from],
    only,
  );

export type RoleFact = Interval & Pick<RoleFactRow, 'n' | 'name' | 'description'> & Pick<RoleKeyRow, 'id'>;

/** Custom roles, while they were there. */
export const roleFacts = (
  { sql, account, at, since, limit }: FactsAsked,
  [role, from]: readonly [role: number, from: number],
  only: RoleNumber | null,
): RoleFact[] =>
  sql.all(
    `SELECT f.n, r.id, f.name, f.description, f.valid_from, f.valid_to FROM role_fact f
     JOIN role_key r ON r.account = f.account AND r.n = f.n AND r.custom = 1
     WHERE f.account = ?1 AND (f.n, f.valid_from) > (?5, ?6) AND ${SHOWN} AND f.deleted = 0
       AND (?7 IS NULL OR f.n = ?7)
     ORDER BY f.n, f.valid_from LIMIT ?4`,
    account,
    at,
    since,
    limit,
    ...[role, from],
    only,
  );

export type UserFact = Interval &
  Pick<UserFactRow, 'n' | 'active' | 'username' | 'name' | 'external_id'> &
  Pick<UserKeyRow, 'id' | 'service'>;

export const userFacts = (
  { sql, account, at, since, limit }: FactsAsked,
  [user, from]: readonly [user: number, from: number],
  only: UserNumber | null,
): UserFact[] =>
  sql.all(
    `SELECT f.n, u.id, u.service, f.active, f.username, f.name, f.external_id, f.valid_from, f.valid_to FROM user_fact f
     JOIN user_key u ON u.account = f.account AND u.n = f.n
     WHERE f.account = ?1 AND (f.n, f.valid_from) > (?5, ?6) AND ${SHOWN} AND (?7 IS NULL OR f.n = ?7)
     ORDER BY f.n, f.valid_from LIMIT ?4`,
    account,
    at,
    since,
    limit,
    ...[user, from],
    only,
  );

export const featureFacts = (
  { sql, account, at, since, limit }: FactsAsked,
  [key, from]: readonly [key: string, from: number],
): FeatureRow[] =>
  sql.all(
    `SELECT key, valid_from, valid_to FROM feature
     WHERE account = ?1 AND (key, valid_from) > (?5, ?6) AND ${SHOWN} ORDER BY key, valid_from LIMIT ?4`,
    account,
    at,
    since,
    limit,
    ...[key, from],
  );
