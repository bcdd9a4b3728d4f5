import type { Ordinal } from './numbers';
import type { Place } from './view';

/** Rows of the tables that are exported whole: facts with the moments between which they hold, and sizes by day. */

/** Tables and their columns, in order. */
export const EXPORTED_TABLES = {
  memberships: ['role', 'user'],
  grants: ['role', 'kind', 'permission', 'scopes'],
  roles: ['role', 'kind', 'name', 'description'],
  users: ['user', 'kind', 'status', 'username', 'name', 'externalId'],
  features: ['feature'],
  permissions: ['permission', 'section', 'feature', 'privileged', 'scopes', 'description'],
  accountSizes: ['day', 'activeUsers', 'inactiveUsers', 'erasedUsers', 'customRoles'],
  roleSizes: ['role', 'day', 'users', 'permissions', 'scopes'],
} as const;
export type ExportedTable = keyof typeof EXPORTED_TABLES;

/** Tables whose rows are the state after the last change of a day (UTC); a day without a change has none. */
export const SIZE_TABLES: ReadonlySet<ExportedTable> = new Set(['accountSizes', 'roleSizes']);

export type TableValue = string | number | boolean | null | readonly string[];

export interface TableRow {
  /** In the order of the table’s columns. */
  readonly values: readonly TableValue[];
  /** The event since which it holds; of sizes the last one of the day. */
  readonly from: Place;
  /** The event that ended it; null: it holds, or it is a size. */
  readonly to: Place | null;
  /** Place behind this row, from which reading goes on. */
  readonly cursor: string;
}

/** Part of a table, as of an ordinal. */
export interface TableAsked {
  readonly account: string;
  readonly table: ExportedTable;
  readonly at: Ordinal;
  /** Leaves out what ended at or before it; null: nothing. */
  readonly since: Ordinal | null;
  /** Id of the one role that rows are about; tables without roles are not narrowed. */
  readonly role: string | null;
  /** Id of the one user, alike. */
  readonly user: string | null;
  /** Cursor of the last row that was read; null: from the beginning. */
  readonly after: string | null;
  readonly limit: number;
}

/** Whole tables, as those know them who export them. */
export interface TableReads {
  /** The next rows of a table, in an order that never changes; fewer than the limit: there are no more. */
  tableRows(asked: TableAsked): readonly TableRow[];
  /** True if a user of the account was erased behind an ordinal: what was read before may hold the names. */
  erasedSince(account: string, ordinal: Ordinal): boolean;
}
