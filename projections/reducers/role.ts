import { ACCOUNT_ADMIN } from '../../src/domain/vocabulary';
import { searchKey, sortKey } from '../../src/domain/text';
import { changesRole, type RoleEvent } from '../../src/domain/role/events';
import { isDefaultRole } from './catalogue';
import { closeGrants, setGrant } from '../tables/grants';
import type { CheckedEvent } from '../projector/checked-event';
import { endMembership, startMembership } from '../tables/memberships';
import { OPEN } from '../tables/schema';
import type { Sql } from '../tables/sql';
import type { Ordinal } from '../view';
import type { RoleKey, TableWriter } from '../tables/table-writer';

/** Roles: names and descriptions of custom ones, and what their events do to grants and memberships. */

export interface RoleFact {
  readonly valid_from: Ordinal;
  readonly deleted: number;
  readonly name: string;
  readonly name_key: string;
  readonly description: string | null;
}

export function reduceRole(
  writing: TableWriter,
  logged: CheckedEvent,
  account: number,
  event: RoleEvent,
): void {
  // Fences change nothing that anyone sees, and may stand on the stream of a role that never comes to be.
  if (!changesRole(event) || event.type === 'ClaimAbandoned') return;
  const { ordinal } = logged;
  const role = roleOf(writing, logged, account, event.type, event.data.role);
  const count = writing.counts.role(account, role.n, ordinal);
  count.version += 1;
  const fact = role.custom ? currentFact(writing.sql, account, role) : undefined;
  if (fact?.deleted) return;
  const at = { account, role: role.n, ordinal };
  switch (event.type) {
    case 'RoleCreated':
      if (fact) return;
      addFact(writing, account, role, ordinal, { ...event.data, deleted: 0 });
      writing.counts.account(account, ordinal).roles += 1;
      return;
    case 'RoleRenamed':
    case 'RoleDescriptionChanged':
    case 'RoleDeleted': {
      if (!fact) throw logged.poison('a default role cannot change');
      closeFact(writing, account, role.n, fact, ordinal);
      addFact(writing, account, role, ordinal, changed(fact, event));
      if (event.type === 'RoleDeleted') deleteRole(writing, account, role.n, ordinal);
      return;
    }
    case 'PermissionGranted':
    case 'PermissionScopesChanged':
    case 'PermissionRevoked': {
      if (!fact) throw logged.poison('grants of a default role are the catalogue’s');
      const { permission } = event.data;
      if (event.type === 'PermissionRevoked') setGrant(writing, count, at, permission, null);
      else setGrant(writing, count, at, permission, 'to' in event.data ? event.data.to : event.data.scopes);
      return;
    }
    case 'UserAssigned':
    case 'UserUnassigned':
    case 'UserBarred': {
      const user = writing.user(account, event.data.user);
      if (user === undefined) throw logged.poison(`user ${event.data.user} was never registered`);
      if (event.type === 'UserAssigned') startMembership(writing, count, at, user);
      else endMembership(writing, count, at, user);
    }
  }
}

function roleOf(
  writing: TableWriter,
  logged: CheckedEvent,
  account: number,
  type: string,
  id: string,
): RoleKey {
  const known = writing.role(account, id);
  if (known) return known;
  if (type === 'RoleCreated') return writing.addRole(account, id, true, logged.ordinal);
  // The account admin is named by the rules, not by the catalogue alone.
  if (id !== ACCOUNT_ADMIN && !isDefaultRole(writing.sql, id)) {
    throw logged.poison(`role ${id} was neither created nor published`);
  }
  return writing.addRole(account, id, false, logged.ordinal);
}

function changed(fact: RoleFact, event: RoleEvent): RoleFact {
  if (event.type === 'RoleRenamed') return { ...fact, name: event.data.to };
  if (event.type === 'RoleDescriptionChanged') return { ...fact, description: event.data.to };
  return { ...fact, deleted: 1 };
}

/**
 * It ends all grants and memberships: the former are closed, for who holds a permission is asked through them, the
 * latter end with the role's interval. What the role had is asked as of before.
 */
function deleteRole(writing: TableWriter, account: number, role: number, ordinal: Ordinal): void {
  closeGrants(writing, { account, role, ordinal });
  Object.assign(writing.counts.role(account, role, ordinal), { users: 0, permissions: 0, scopes: 0 });
  const total = writing.counts.account(account, ordinal);
  total.roles -= 1;
  total.deleted += 1;
}

function closeFact({ sql }: TableWriter, account: number, n: number, fact: RoleFact, ordinal: Ordinal): void {
  sql.run(
    'UPDATE role_fact SET valid_to = ? WHERE account = ? AND n = ? AND valid_from = ?',
    ordinal,
    account,
    n,
    fact.valid_from,
  );
}

function addFact(
  { sql }: TableWriter,
  account: number,
  role: RoleKey,
  ordinal: Ordinal,
  { deleted, name, description }: Pick<RoleFact, 'deleted' | 'name' | 'description'>,
): void {
  const fact = { valid_from: ordinal, deleted, name, name_key: sortKey(name), description };
  sql.run(
    `INSERT INTO role_fact (account, n, valid_from, valid_to, deleted, name, name_key, search_key, description)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    account,
    role.n,
    ordinal,
    OPEN,
    deleted,
    name,
    fact.name_key,
    searchKey(name),
    description,
  );
  role.fact = fact;
}

/** Undefined before the role was created. */
const currentFact = (sql: Sql, account: number, role: RoleKey): RoleFact | undefined =>
  (role.fact ??= sql.get<RoleFact>(
    `SELECT valid_from, deleted, name, name_key, description FROM role_fact
     WHERE account = ? AND n = ? ORDER BY valid_from DESC LIMIT 1`,
    account,
    role.n,
  ));

/** Name keys of an account's present custom roles that start with a key. */
export const nameKeysFrom = (sql: Sql, account: number, key: string): ReadonlySet<string> =>
  new Set(
    sql
      .all<{ name_key: string }>(
        `SELECT name_key FROM role_fact INDEXED BY role_by_name
         WHERE account = ? AND deleted = 0 AND name_key >= ? AND name_key < ? AND valid_to = ?`,
        account,
        key,
        `${key}\u{10ffff}`,
        OPEN,
      )
      .map((row) => row.name_key),
  );
