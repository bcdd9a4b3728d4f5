import type { Catalogue } from '../src/domain/catalogue/catalogue';
import { accountName, accountNumber } from './accounts';
import type { CatalogueSnapshots } from './catalogue-snapshots';
import { checkPermission, effectivePermissions } from './effective';
import { countHistory, listHistory } from './history-list';
import { countHolders, listHolders } from './holders';
import { byName, Reading } from './reading';
import { countRoles, listRoles, roleRows } from './role-list';
import { countRoleUsers, listRoleUsers } from './role-users';
import type { Sql } from './sql';
import { resolve } from './time-line';
import { countUsers, listUsers } from './user-list';
import { userByUsername, userFactAt, userNumber, userRow } from './users';
import type * as views from './view';

/** A view over one file of read models: only pins, and hands each question to its read model. */
export class SqlView implements views.View {
  constructor(
    readonly account: string,
    readonly pin: views.Pin,
    private readonly reading: Reading,
  ) {}

  catalogue(): Catalogue {
    return this.reading.snapshot.catalogue;
  }

  accountInfo(): ReturnType<views.View['accountInfo']> {
    const { sql, account, at, features } = this.reading;
    const name = accountName(sql, account, at);
    return name === undefined ? null : { id: this.account, name, features };
  }

  roleList(
    filter: views.RoleFilter,
    orderBy: views.RoleOrder,
    page: views.PageRequest,
  ): views.Page<views.RoleRow> {
    return listRoles(this.reading, filter, orderBy, page);
  }

  countRoles(filter: views.RoleFilter): number | null {
    return countRoles(this.reading, filter);
  }

  roles(ids: readonly string[]): ReadonlyMap<string, views.RoleRow> {
    return roleRows(this.reading, ids);
  }

  grants(roles: readonly string[]): ReadonlyMap<string, readonly views.Grant[]> {
    return present(roles, (id) => {
      const role = this.reading.role(id);
      return role && this.reading.grants(role);
    });
  }

  roleUsers(role: string, search: string | null, page: views.PageRequest): views.Page<views.Membership> {
    return listRoleUsers(this.reading, role, search, page);
  }

  countRoleUsers(role: string, search: string | null): number | null {
    return countRoleUsers(this.reading, role, search);
  }

  userList(
    filter: views.UserFilter,
    orderBy: views.UserOrder,
    page: views.PageRequest,
  ): views.Page<views.UserRow> {
    return listUsers(this.reading, filter, orderBy, page);
  }

  countUsers(filter: views.UserFilter): number | null {
    return countUsers(this.reading, filter);
  }

  users(ids: readonly string[]): ReadonlyMap<string, views.UserRow> {
    const { sql, account, at } = this.reading;
    return present(ids, (id) => {
      const n = userNumber(sql, account, id);
      const fact = n === undefined ? undefined : userFactAt(sql, account, n, at);
      return fact && userRow(sql, account, fact);
    });
  }

  userIds(usernames: readonly string[]): ReadonlyMap<string, string> {
    const { sql, account, at } = this.reading;
    return present(usernames, (username) => userByUsername(sql, account, username, at));
  }

  rolesOf(users: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const { sql, account, at } = this.reading;
    return present(users, (id) => {
      const n = userNumber(sql, account, id);
      if (n === undefined || !userFactAt(sql, account, n, at)) return undefined;
      return this.reading.rolesOf(n, byName).flatMap((role) => (role.ended === null ? [role.id] : []));
    });
  }

  effective(user: string): views.EffectivePermissions | null {
    return effectivePermissions(this.reading, user);
  }

  check(user: string, permission: string, scope: string | null): views.PermissionDecision {
    return checkPermission(this.reading, user, permission, scope);
  }

  holders(
    permission: string,
    scope: string | null,
    page: views.PageRequest,
  ): views.Page<views.PermissionHolder> {
    return listHolders(this.reading, permission, scope, page);
  }

  countHolders(permission: string, scope: string | null): number | null {
    return countHolders(this.reading, permission, scope);
  }

  history(filter: views.HistoryFilter, page: views.PageRequest): views.Page<views.HistoryRow> {
    return listHistory(this.reading, filter, page);
  }

  countHistory(filter: views.HistoryFilter): number | null {
    return countHistory(this.reading, filter);
  }
}

/** What is found, by key; what is not is left out. */
function present<T>(keys: readonly string[], find: (key: string) => T | undefined): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const key of keys) {
    const value = find(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}

/** One open file of read models, to read from. */
export class Tables {
  constructor(
    readonly sql: Sql,
    private readonly snapshots: CatalogueSnapshots,
  ) {}

  reading(account: string, at: views.Ordinal): Reading {
    return new Reading(this.sql, accountNumber(this.sql, account) ?? -1, at, this.snapshots.at(this.sql, at));
  }

  /** @throws UnknownPosition */
  view(account: string, asOf?: views.AsOf | null): SqlView {
    const pin = resolve(this.sql, asOf);
    return new SqlView(account, pin, this.reading(account, pin.ordinal));
  }
}
