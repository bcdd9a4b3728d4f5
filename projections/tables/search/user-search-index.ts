import { searchKey } from '../../../src/domain/text';
import type { UserFactRow } from '../rows';
import type { Sql } from '../sqlite/sql';
import type { Forgotten, Unindexed, TableWriter } from '../table-writer';
import { quoted, rowidOf } from './trigrams';

/**
 * Finding users by any part of their name or username. The index holds every name a user ever had and returns
 * candidates; each is then checked against the fact that held at the ordinal of the query.
 */

/** Never in a search key, so that no pattern spans it; twice, so that the last characters start trigrams too. */
const END = '\n\n';

/** Searchable text of a user; empty if there is no name. */
export const searchText = (username: string | null, name: string | null): string =>
  username === null || name === null ? '' : searchKey(username) + END + searchKey(name) + END;

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
  if (text === '') return;
  sql.run('INSERT OR REPLACE INTO user_search (rowid, text) VALUES (?, ?)', rowidOf(account, n), text);
  trigrams.addAllOf(text);
}

/** Takes all names of an erased user out of the index, but for what `mergeIndex` purges from its pages. */
export function unindexUser({ sql, trigrams }: TableWriter, { account, n, text }: Forgotten): void {
  sql.run('DELETE FROM user_search WHERE rowid = ?', rowidOf(account, n));
  trigrams.removeUnused(text, (trigram) => sql.get(`${ANY_WITH} LIMIT 1`, quoted(trigram)) !== undefined);
}

const ANY_WITH = 'SELECT 1 FROM user_search WHERE user_search MATCH ?';

/** Pages merged in one step: some milliseconds of work. */
const MERGED_AT_ONCE = 64;

/**
 * Rewrites the whole index in steps, one with each call of the iterator: deleted entries are marked only, and stay in its
 * pages until these are merged. `secure-delete` does nothing on a table without content.
 */
export function* mergeIndex(sql: Sql): Generator<void> {
  const changes = (): number => sql.get<{ n: number }>('SELECT total_changes() AS n')!.n;
  // A negative number begins a merge of everything; positive ones continue it.
  for (let pages = -MERGED_AT_ONCE; ; pages = MERGED_AT_ONCE) {
    const before = changes();
    sql.run(`INSERT INTO user_search (user_search, rank) VALUES ('merge', ${pages})`);
    // The command itself counts as one change.
    if (changes() - before < 2) return;
    yield;
  }
}

/** All that the index has of a user. */
export const everyName = (sql: Sql, { account, n }: Pick<Unindexed, 'account' | 'n'>): string =>
  sql
    .all<Pick<UserFactRow, 'search'>>(
      'SELECT DISTINCT search FROM user_fact WHERE account = ? AND n = ?',
      account,
      n,
    )
    .map(({ search }) => search)
    .join('');
