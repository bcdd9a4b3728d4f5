import { searchKey } from '../../../src/domain/text';
import type { UserFactRow } from '../rows';
import type { Sql } from '../sqlite/sql';
import type { Unindexed, TableWriter } from '../table-writer';

/**
 * Finding users by any part of their name or username. The index holds every name a user ever had and returns
 * candidates; each is then checked against the fact that held at the ordinal of the query.
 */

/** Rowids of the index are account × SPAN + n, so that a range keeps other accounts out of the walk. */
export const SPAN = 2 ** 32;
/** Never in a search key, so that no pattern spans it; twice, so that the last characters start trigrams too. */
const END = '\n\n';

/** Searchable text of a user. */
export const searchText = (username: string, name: string): string =>
  searchKey(username) + END + searchKey(name) + END;

/**
 * Pattern of a search. Null for no search: everything matches. Empty if no character is left, as of an accent alone:
 * nothing matches.
 */
export const patternOf = (search: string | null | undefined): string | null =>
  search?.trim() ? searchKey(search) : null;

/** Indexes all names a user ever had. */
export function indexUser({ sql, trigrams }: TableWriter, user: Unindexed): void {
  const { account, n } = user;
  const text = user.text ?? everyName(sql, user);
  sql.run('INSERT OR REPLACE INTO user_search (rowid, text) VALUES (?, ?)', account * SPAN + n, text);
  trigrams.addAllOf(text);
}

const everyName = (sql: Sql, { account, n }: Unindexed): string =>
  sql
    .all<Pick<UserFactRow, 'search'>>(
      'SELECT DISTINCT search FROM user_fact WHERE account = ? AND n = ?',
      account,
      n,
    )
    .map(({ search }) => search)
    .join('');
