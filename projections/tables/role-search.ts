import type { AccountNumber, RoleNumber } from '../numbers';
import type { AccountAt } from './account-at';
import type { RoleFactRow } from './rows';
import type { Sql } from './sqlite/sql';
import { quotedTrigrams, SPAN } from './user-search/trigrams';

/**
 * Finding custom roles by any part of their name or description. The index has every text that a role ever had and gives
 * candidates; each is then compared with the fact that held at the ordinal of the query.
 */

/** Never in a search key, so that no pattern spans two texts. */
const BETWEEN = '\n\n';

/** Roles whose texts changed, indexed at the end of the transaction: one with many changes is read once. */
export class PendingRoleSearch {
  readonly #changed = new Map<number, { readonly account: AccountNumber; readonly n: RoleNumber }>();

  constructor(private readonly sql: Sql) {}

  add(account: AccountNumber, n: RoleNumber): void {
    this.#changed.set(account * SPAN + n, { account, n });
  }

  flush(): void {
    // In order of rowids: the index writes a segment whenever these fall back.
    for (const [rowid, role] of [...this.#changed].sort(([a], [b]) => a - b))
      this.sql.run(
        'INSERT OR REPLACE INTO role_search (rowid, text) VALUES (?, ?)',
        rowid,
        everyText(this.sql, role),
      );
    this.#changed.clear();
  }
}

const everyText = (sql: Sql, { account, n }: Pick<RoleFactRow, 'account' | 'n'>): string =>
  sql
    .all<Pick<RoleFactRow, 'search_key'>>(
      'SELECT DISTINCT search_key FROM role_fact WHERE account = ? AND n = ?',
      account,
      n,
    )
    .map(({ search_key }) => search_key)
    .join(BETWEEN);

/**
 * Numbers of the roles that may have a pattern in a text, as many as a limit and one more. Null for a pattern that is shorter
 * than what the index has.
 */
export function rolesNamed(
  { sql, account }: Pick<AccountAt, 'sql' | 'account'>,
  pattern: string,
  limit: number,
): readonly RoleNumber[] | null {
  const query = quotedTrigrams(pattern);
  if (query === null) return null;
  const base = account * SPAN;
  return sql
    .all<{ n: RoleNumber }>(
      `SELECT rowid - ?1 AS n FROM role_search WHERE role_search MATCH ?2 AND rowid > ?1 AND rowid < ?3 LIMIT ?4`,
      base,
      query,
      base + SPAN,
      limit + 1,
    )
    .map(({ n }) => n);
}
