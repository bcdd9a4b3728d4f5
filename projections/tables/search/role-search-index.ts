import type { AccountNumber, Ordinal, RoleNumber } from '../../numbers';
import type { AccountAt } from '../account-at';
import type { Sql } from '../sqlite/sql';
import { quotedTrigrams, rowidOf } from './trigrams';

/**
 * Finding custom roles by any part of their name or description. The index has every text that a role ever had, by the
 * ordinal of its event, and gives candidates; each is then compared with the fact that held at the ordinal of the query.
 */

/** Texts of a transaction, indexed at its end. */
export class PendingRoleTexts {
  #pending: { readonly rowid: bigint; readonly text: string }[] = [];

  constructor(private readonly sql: Sql) {}

  add(account: AccountNumber, ordinal: Ordinal, text: string): void {
    this.#pending.push({ rowid: rowidOf(account, ordinal), text });
  }

  flush(): void {
    // In order of rowids: the index writes a segment whenever these fall back.
    const sorted = this.#pending.sort((a, b) => (a.rowid < b.rowid ? -1 : 1));
    for (const { rowid, text } of sorted)
      this.sql.run('INSERT INTO role_search (rowid, text) VALUES (?, ?)', rowid, text);
    this.#pending = [];
  }
}

/**
 * Numbers of all roles that may have had a pattern in a text by an ordinal. Null if more than `limit` texts have it, and
 * for a pattern that is shorter than what the index has.
 */
export function rolesNamed(
  { sql, account, at }: AccountAt,
  pattern: string,
  limit: number,
): readonly RoleNumber[] | null {
  const query = quotedTrigrams(pattern);
  if (query === null) return null;
  const found = `SELECT rowid - ?1 AS n FROM role_search
       WHERE role_search MATCH ?2 AND rowid > ?1 AND rowid <= ?3 LIMIT ?4`;
  const values = [rowidOf(account, 0), query, rowidOf(account, at), limit + 1] as const;
  // Counted first: a row for each would take as long as finding many times as many.
  const counted = sql.get<{ n: number }>(`SELECT count(*) AS n FROM (${found})`, ...values);
  if (counted!.n > limit) return null;
  const rows = sql.all<{ role: RoleNumber }>(
    `SELECT h.role FROM (${found}) found CROSS JOIN history h ON h.n = found.n`,
    ...values,
  );
  return [...new Set(rows.map(({ role }) => role))];
}
