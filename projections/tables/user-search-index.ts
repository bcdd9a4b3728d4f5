import { searchKey } from '../../src/domain/text';
import type { Sql } from './sql';
import { trigramsOf } from './trigrams';
import type { Unindexed, TableWriter } from './table-writer';

/**
 * Finding users by any part of their name or username. The index holds every name a user ever had and answers with
 * candidates; whether one matches at the moment asked about is then seen from the fact that held.
 */

/** Rowids of the index are account × SPAN + n, so that a range keeps other accounts out of the walk. */
export const SPAN = 2 ** 32;
/** More starts than this are a pattern so common that walking by name finds matches soon. */
const MOST_STARTS = 2_000;
/** Trigrams asked for in one query: enough to be selective, short enough to be planned. */
const MOST_TRIGRAMS = 12;
/** Never in a search key, so that no pattern reaches over it; twice, so that the last characters start trigrams too. */
const END = '\n\n';

/** What is searched of a user. */
export const searchText = (username: string, name: string): string =>
  searchKey(username) + END + searchKey(name) + END;

/**
 * What a search looks for. Null for none: everything fits. Empty where nothing is left of it, as of an accent alone:
 * nothing fits.
 */
export const patternOf = (search: string | null | undefined): string | null =>
  search?.trim() ? searchKey(search) : null;

/** Indexes all names a user ever had. */
export function indexUser({ sql, trigrams }: TableWriter, { account, n, text: only }: Unindexed): void {
  const text = only ?? everyName(sql, account, n);
  sql.run('INSERT OR REPLACE INTO user_search (rowid, text) VALUES (?, ?)', account * SPAN + n, text);
  trigrams.addAllOf(text);
}

const everyName = (sql: Sql, account: number, n: number): string =>
  sql
    .all<{ search: string }>('SELECT DISTINCT search FROM user_fact WHERE account = ? AND n = ?', account, n)
    .map(({ search }) => search)
    .join('');

/** The query that finds all users who may match; null for a short pattern that starts too many trigrams. */
export function searchQuery(sql: Sql, pattern: string): string | null {
  const trigrams = trigramsOf(pattern);
  if (trigrams.length > 0) {
    // Every third covers the pattern; the last makes up for what is left over.
    const chosen = trigrams.filter((_, index) => index % 3 === 0 || index === trigrams.length - 1);
    return chosen.slice(0, MOST_TRIGRAMS).map(quoted).join(' AND ');
  }
  const starts = sql.all<{ text: string }>(
    'SELECT text FROM trigram WHERE text >= ? AND text < ? LIMIT ?',
    pattern,
    `${pattern}\u{10ffff}`,
    MOST_STARTS + 1,
  );
  if (starts.length > MOST_STARTS) return null;
  // A query needs a term; this one is in no name.
  return starts.length === 0 ? quoted('\n\n\n') : starts.map(({ text }) => quoted(text)).join(' OR ');
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Numbers of users who may match, up to a limit, in order of registration. */
export const candidates = (
  sql: Sql,
  account: number,
  query: string,
  lastUser: number,
  limit: number,
): readonly number[] =>
  sql
    .all<{ n: number }>(
      'SELECT rowid - ?1 AS n FROM user_search WHERE user_search MATCH ?2 AND rowid BETWEEN ?1 AND ?3 LIMIT ?4',
      account * SPAN,
      query,
      account * SPAN + lastUser,
      limit,
    )
    .map(({ n }) => n);
