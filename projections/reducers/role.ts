import { changesRole, type RoleEvent } from '../../src/domain/role/events';
import { ACCOUNT_ADMIN } from '../../src/domain/vocabulary';
import type { AccountNumber, UserNumber } from '../numbers';
import type { AccountChange, RoleChange } from '../tables/account-at';
import { isDefaultRole } from '../tables/catalogue';
import type { RoleCount } from '../tables/counts';
import { closeGrants, setGrant, type GrantSet } from '../tables/grants';
import { endMembership, startMembership } from '../tables/memberships';
import { addRoleFact, currentRoleFact, replaceRoleFact } from '../tables/roles';
import type { RoleFact } from '../tables/rows';
import type { RoleKey, TableWriter } from '../tables/table-writer';
import { unreachable, type CheckedEvent } from './checked-event';

/** Roles: names and descriptions of custom ones, and what their events do to grants and memberships. */

/** The role that an event changes, as it is before. */
interface Changing {
  readonly writing: TableWriter;
  readonly logged: CheckedEvent;
  readonly change: RoleChange;
  readonly role: RoleKey;
  /** Updated by reference. */
  readonly count: RoleCount;
  /** Undefined for a default role, and for one that is being created. */
  readonly fact: RoleFact | undefined;
}

export function reduceRole(
  writing: TableWriter,
  logged: CheckedEvent,
  account: AccountNumber,
  event: RoleEvent,
): void {
  // Fences change nothing visible, and may be on the stream of a role that is never created.
  if (!changesRole(event) || event.type === 'ClaimAbandoned') return;
  const role = roleOf(writing, logged, { account, ordinal: logged.ordinal }, event);
  const change = { account, role: role.n, ordinal: logged.ordinal };
  const count = writing.counts.role(change);
  count.version += 1;
  const fact = role.custom ? currentRoleFact(writing.sql, account, role) : undefined;
  if (!fact?.deleted) apply({ writing, logged, change, role, count, fact }, event);
}

function apply(changing: Changing, event: RoleEvent): void {
  const { writing, change, count } = changing;
  switch (event.type) {
    case 'RoleCreated':
      return createRole(changing, event);
    case 'RoleRenamed':
      return changeFact(changing, { name: event.data.to });
    case 'RoleDescriptionChanged':
      return changeFact(changing, { description: event.data.to });
    case 'RoleDeleted':
      return deleteRole(changing);
    case 'PermissionGranted':
      return grant(changing, event.data);
    case 'PermissionScopesChanged':
      return grant(changing, { permission: event.data.permission, scopes: event.data.to });
    case 'PermissionRevoked':
      return grant(changing, { permission: event.data.permission, scopes: null });
    case 'UserAssigned':
      return assign(changing, userOf(changing, event.data.user));
    case 'UserUnassigned':
    case 'UserBarred':
      return endMembership(writing, count, change, userOf(changing, event.data.user));
    case 'UserUnbarred':
    case 'ClaimAbandoned':
      return;
    default:
      return unreachable(event);
  }
}

function roleOf(
  writing: TableWriter,
  logged: CheckedEvent,
  change: AccountChange,
  event: Exclude<RoleEvent, { type: 'ClaimAbandoned' }>,
): RoleKey {
  const id = event.data.role;
  const known = writing.role(change.account, id);
  if (known) return known;
  if (event.type === 'RoleCreated') return writing.addRole(change, id, true);
  // The account admin is named by the rules, not by the catalogue alone.
  if (id !== ACCOUNT_ADMIN && !isDefaultRole(writing.sql, id)) {
    throw logged.poison(`role ${id} was neither created nor published`);
  }
  return writing.addRole(change, id, false);
}

function userOf({ writing, logged, change }: Changing, id: string): UserNumber {
  const user = writing.user(change.account, id);
  if (user === undefined) throw logged.poison(`user ${id} was never registered`);
  return user;
}

/** A replica that did not know of an erasure yet may have assigned the user: the erasure has ended all that. */
function assign({ writing, count, change }: Changing, user: UserNumber): void {
  if (!writing.isErased(change.account, user)) startMembership(writing, count, change, user);
}

function createRole(
  { writing, change, role, fact }: Changing,
  { data: { name, description } }: Extract<RoleEvent, { type: 'RoleCreated' }>,
): void {
  if (fact) return;
  addRoleFact(writing, change, role, { deleted: 0, name, description });
  writing.counts.account(change).roles += 1;
}

function changeFact(
  { writing, logged, change, role, fact }: Changing,
  changed: Partial<Pick<RoleFact, 'name' | 'description' | 'deleted'>>,
): void {
  if (!fact) throw logged.poison('a default role cannot change');
  replaceRoleFact(writing, change, role, { old: fact, next: { ...fact, ...changed } });
}

/**
 * Deletion ends all grants and memberships: the former are closed, for holders of a permission are found through them;
 * the latter end with the role's interval. Reads of the role's content before it are as of an earlier ordinal.
 */
function deleteRole(changing: Changing): void {
  changeFact(changing, { deleted: 1 });
  const { writing, change, count } = changing;
  closeGrants(writing, change);
  Object.assign(count, { users: 0, permissions: 0, scopes: 0 });
  const total = writing.counts.account(change);
  total.roles -= 1;
  total.deleted += 1;
}

function grant({ writing, logged, change, count, fact }: Changing, { permission, scopes }: GrantSet): void {
  if (!fact) throw logged.poison('grants of a default role are the catalogue’s');
  setGrant(writing, count, change, { permission, scopes });
}
