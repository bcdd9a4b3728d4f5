import { permissionsOf, type CatalogueChange } from '../../src/domain/catalogue/changes';
import type { Ordinal } from '../numbers';
import type { Sql } from './sqlite/sql';
import type { TableWriter } from './table-writer';

/**
 * Changes of default roles and permissions by publications: entries of every account's history, kept once. Each is part of a
 * publication, numbered from 1 in the order of the catalogue; part 0 is the publication itself, which `history` has.
 */

export function addCatalogueChanges(
  writing: TableWriter,
  ordinal: Ordinal,
  changes: readonly CatalogueChange[],
): void {
  const { sql } = writing;
  for (const [index, change] of changes.entries()) {
    const part = index + 1;
    const { type, data } = change;
    sql.run(
      'INSERT INTO catalogue_change (n, part, type, role, permission, data) VALUES (?, ?, ?, ?, ?, ?)',
      ordinal,
      part,
      writing.word(type),
      'role' in data ? writing.word(data.role) : null,
      'permission' in data ? writing.word(data.permission) : null,
      JSON.stringify(data),
    );
    for (const permission of permissionsOf(change))
      sql.run(
        'INSERT INTO catalogue_change_permission (permission, n, part) VALUES (?, ?, ?)',
        writing.word(permission),
        ordinal,
        part,
      );
  }
}

/** Ordinals of the last publications, up to one, that changed default roles, by the key of the role. */
export const lastRoleChanges = (sql: Sql, at: Ordinal): ReadonlyMap<string, Ordinal> =>
  new Map(
    sql
      .all<{ role: string; n: Ordinal }>(
        `SELECT w.text AS role, max(c.n) AS n FROM catalogue_change c JOIN word w ON w.n = c.role
         WHERE c.n <= ? GROUP BY c.role`,
        at,
      )
      .map(({ role, n }) => [role, n]),
  );

/** Changes that publications made to permissions, by permission and ordinal of the publication; `role`: key of a default role. */
export const changesAbout = (
  sql: Sql,
  asked: readonly (readonly [permission: string, ordinal: Ordinal])[],
): {
  readonly n: Ordinal;
  readonly part: number;
  readonly permission: string;
  readonly role: string | null;
}[] =>
  sql.all(
    `SELECT c.n, c.part, p.text AS permission, r.text AS role FROM json_each(?) wanted
     CROSS JOIN word p ON p.text = wanted.value ->> 0
     CROSS JOIN catalogue_change_permission cp ON cp.permission = p.n AND cp.n = wanted.value ->> 1
     CROSS JOIN catalogue_change c ON c.n = cp.n AND c.part = cp.part LEFT JOIN word r ON r.n = c.role
     ORDER BY c.n, c.part`,
    JSON.stringify(asked),
  );
