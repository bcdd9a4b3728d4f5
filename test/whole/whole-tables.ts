import {
  EXPORTED_TABLES,
  SIZE_TABLES,
  type ExportedTable,
  type TableReads,
  type TableRow,
} from '../../projections/interval-rows';
import type { Ordinal, View } from '../../projections/view';
import type { NaiveAccount } from './naive-model';

/** Whole tables, as they are exported, beside a naive model: what holds, and what held at every earlier moment. */

const INTERVALS = (Object.keys(EXPORTED_TABLES) as ExportedTable[]).filter(
  (table) => !SIZE_TABLES.has(table),
);

/** Small pages, but of what the catalogue has. */
const limitOf = (table: ExportedTable): number =>
  ['memberships', 'users', 'roleSizes'].includes(table) ? 7 : 1_000;

/** All rows of a table, page by page. */
function rowsOf(tables: TableReads, { account, pin }: View, table: ExportedTable): TableRow[] {
  const found: TableRow[] = [];
  const limit = limitOf(table);
  for (let after: string | null = null; ; after = found.at(-1)!.cursor) {
    const page = tables.tableRows({
      ...{ account, table, at: pin.ordinal, since: null, role: null, user: null },
      ...{ after, limit },
    });
    found.push(...page);
    if (page.length < limit) return found;
  }
}

/** Rows that hold at an ordinal, as text. */
const holding = (rows: readonly TableRow[], at: Ordinal): string[] =>
  rows
    .filter(({ from, to }) => from.ordinal <= at && (to === null || to.ordinal > at))
    .map(({ values, from }) => JSON.stringify([...values, from.ordinal]))
    .sort();

export function compareTables(tables: TableReads, view: View, naive: NaiveAccount): void {
  const at = view.pin.ordinal;
  const told = (table: ExportedTable): string[] =>
    rowsOf(tables, view, table)
      .filter(({ to }) => to === null)
      .map(({ values }) => JSON.stringify(values))
      .sort();
  const roles = [...naive.custom, ...naive.defaults];
  const sorted = (rows: readonly unknown[][]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  const living = [...naive.custom].filter(([, { deleted }]) => !deleted);
  expect(told('memberships')).toEqual(
    sorted(
      roles.flatMap(([id, { members, deleted }]) =>
        deleted && naive.custom.has(id) ? [] : [...members].map((user) => [id, user]),
      ),
    ),
  );
  expect(told('grants').filter((row) => row.includes('"CUSTOM"'))).toEqual(
    sorted(
      living.flatMap(([id, { grants }]) =>
        [...grants].map(([permission, scopes]) => [id, 'CUSTOM', permission, scopes]),
      ),
    ),
  );
  expect(told('grants').filter((row) => row.includes('"DEFAULT"'))).toEqual(
    sorted(
      [...naive.catalogue.roles].flatMap(([key, { grants }]) =>
        [...grants].map((permission) => [key, 'DEFAULT', permission, null]),
      ),
    ),
  );
  expect(told('features')).toEqual(sorted([...naive.features].map((key) => [key])));
  expect(told('users')).toEqual(
    sorted(
      [...naive.users].map(([id, { kind, active, username, name, externalId }]) => [
        ...[id, kind, active ? 'ACTIVE' : 'INACTIVE', username, name, externalId],
      ]),
    ),
  );
  const sizes = rowsOf(tables, view, 'accountSizes').at(-1)?.values.slice(1) ?? [0, 0, 0, 0];
  const active = [...naive.users.values()].filter((user) => user.active).length;
  expect(sizes).toEqual([active, naive.users.size - active, 0, living.length]);
  for (const table of INTERVALS) {
    const ended = rowsOf(tables, view, table).filter(({ to }) => to !== null);
    expect(ended.every(({ from, to }) => from.ordinal < to!.ordinal && to!.ordinal <= at)).toBe(true);
  }
}

/** Rows as of a later moment tell what held at an earlier one. */
export function comparePastTables(tables: TableReads, now: View, then: View): void {
  for (const table of INTERVALS)
    expect([table, holding(rowsOf(tables, now, table), then.pin.ordinal)]).toEqual([
      table,
      holding(rowsOf(tables, then, table), then.pin.ordinal),
    ]);
}
