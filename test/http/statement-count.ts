import { Sql } from '../../projections/tables/sqlite/sql';

/** Counts SQL statements of this process from now on, until mocks are restored. */
export function countStatements(): { count: number } {
  const counted = { count: 0 };
  for (const method of ['get', 'all', 'iterate'] as const) {
    const original = Sql.prototype[method] as (...args: never[]) => unknown;
    jest.spyOn(Sql.prototype, method).mockImplementation(function (this: Sql, ...args) {
      counted.count += 1;
      return original.apply(this, args as unknown as never[]) as never;
    });
  }
  return counted;
}
