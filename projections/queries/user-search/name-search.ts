import type { UserNumber } from '../../numbers';
import type { TrigramRow } from '../../tables/rows';
import type { Sql } from '../../tables/sqlite/sql';
import { quoted, quotedTrigrams, rowidOf } from '../../tables/search/trigrams';
import { totalUsers, type Asking, type AsOfContext } from '../as-of-context';

/** Candidates from the index of all names: users who may match a pattern. */

/**
 * Limit of trigrams that a pattern may start: a pattern beyond it is so common that a walk by name soon finds matches.
 */
const MOST_STARTS = 2_000;
/**
 * Trigrams of one statement, matched by any, and the most candidates that it returns: few of the one and many of the other
 * keep each statement short.
 */
const TRIGRAMS_AT_ONCE = 16;
const CANDIDATES_AT_ONCE = 12_500;
/** Cost of starting a query, in rows: each of its trigrams is looked up in every part of the index. */
const A_QUERY = 300;
/** Candidates that cost as much as one row: the index walks them in one go. */
const CANDIDATES_A_ROW = 8;

/**
 * Queries of the index that together name all users who may match; null for a short pattern that starts too many trigrams.
 * A short pattern matches any of the trigrams that start with it, `atOnce` of them to a query.
 */
export function searchQueries(
  sql: Sql,
  pattern: string,
  atOnce = TRIGRAMS_AT_ONCE,
): readonly string[] | null {
  const query = quotedTrigrams(pattern);
  if (query !== null) return [query];
  const starts = sql.all<TrigramRow>(
    'SELECT text FROM trigram WHERE text >= ? AND text < ? LIMIT ?',
    pattern,
    `${pattern}\u{10ffff}`,
    MOST_STARTS + 1,
  );
  if (starts.length > MOST_STARTS) return null;
  const queries: string[] = [];
  for (let from = 0; from < starts.length; from += atOnce) {
    const some = starts.slice(from, from + atOnce);
    queries.push(some.map(({ text }) => quoted(text)).join(' OR '));
  }
  return queries;
}

/** The same, as a step of a question. */
export const searchFor = (
  { reading, question }: Asking,
  pattern: string,
): Promise<readonly string[] | null> =>
  question.step(
    () => searchQueries(reading.sql, pattern),
    // At most one trigram of each query’s was not read.
    (queries) => (queries ? queries.length * TRIGRAMS_AT_ONCE : MOST_STARTS),
  );

/** Numbers of all users whom queries name, each once; null above a limit. */
export async function candidates(
  { reading, question }: Asking,
  queries: readonly string[],
  limit: number,
  atOnce = Math.min(CANDIDATES_AT_ONCE, limit + 1),
): Promise<readonly UserNumber[] | null> {
  const users = new Set<UserNumber>();
  for (const query of queries) {
    for (let after: UserNumber | null | undefined = null; after !== undefined;) {
      const behind = after;
      const found: readonly UserNumber[] = await question.step(
        () => someOf(reading, query, behind, atOnce),
        ({ length }) => A_QUERY + Math.ceil(length / CANDIDATES_A_ROW),
      );
      for (const n of found) users.add(n);
      if (users.size > limit) return null;
      after = found.length < atOnce ? undefined : found.at(-1);
    }
  }
  return [...users];
}

/** The first candidates after a user, as one value: a row for each would take five times as long as finding it. */
function someOf(
  reading: AsOfContext,
  query: string,
  after: UserNumber | null,
  limit: number,
): readonly UserNumber[] {
  const { account } = reading;
  const found = reading.sql.get<{ users: string }>(
    `SELECT json_group_array(n) AS users FROM (
       SELECT rowid - ?1 AS n FROM user_search WHERE user_search MATCH ?2 AND rowid > ?3 AND rowid <= ?4 LIMIT ?5)`,
    rowidOf(account, 0),
    query,
    rowidOf(account, after ?? 0),
    rowidOf(account, totalUsers(reading)),
    limit,
  );
  return JSON.parse(found?.users ?? '[]') as UserNumber[];
}
