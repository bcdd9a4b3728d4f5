import type { Sql } from './sql';
import type { Writing } from './writing';

/**
 * Finding users by any part of their name or username. The index holds every name a user ever had and answers with
 * candidates; whether one matches at the moment asked about is then seen from the fact that held.
 */

const SPAN = 2 ** 32;
/** More starts than this are a pattern so common that walking by name finds matches soon. */
const MOST_STARTS = 2_000;
/** Trigrams asked for in one query: enough to be selective, short enough to be planned. */
const MOST_TRIGRAMS = 12;
/** Never in a name key, so that no pattern reaches over it; twice, so that the last characters start trigrams too. */
const END = '\n\n';

/** A name key as searches compare it: without accents. Most names are ASCII and are it already. */
export function searchable(key: string): string {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(key) ? key : key.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
}

export const matches = (
  fact: { readonly name_key: string; readonly username_key: string },
  pattern: string,
): boolean => searchable(fact.name_key).includes(pattern) || searchable(fact.username_key).includes(pattern);

/** Indexes all names a user ever had. */
export function indexUser({ sql, trigrams }: Writing, account: number, n: number): void {
  const facts = sql.all<{ username_key: string; name_key: string }>(
    'SELECT username_key, name_key FROM user_fact WHERE account = ? AND n = ? ORDER BY valid_from',
    account,
    n,
  );
  const names = new Set(facts.flatMap((fact) => [searchable(fact.username_key), searchable(fact.name_key)]));
  const text = [...names].map((name) => name + END).join('');
  sql.run('INSERT OR REPLACE INTO user_search (rowid, text) VALUES (?, ?)', account * SPAN + n, text);
  for (const trigram of trigramsOf(text)) {
    if (trigrams.has(trigram)) continue;
    trigrams.add(trigram);
    sql.run('INSERT INTO trigram (text) VALUES (?)', trigram);
  }
}

function trigramsOf(text: string): string[] {
  const characters = [...text];
  return characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`);
}

/** Numbers of the users who may match, in no order; null when there are more than `limit`. */
export function candidates(sql: Sql, account: number, pattern: string, limit: number): number[] | null {
  const trigrams = trigramsOf(pattern);
  if (trigrams.length > 0) {
    // Every third covers the pattern; the last makes up for what is left over.
    const chosen = trigrams.filter((_, index) => index % 3 === 0 || index === trigrams.length - 1);
    const found = matching(sql, account, chosen.slice(0, MOST_TRIGRAMS).map(quoted).join(' AND '), limit + 1);
    return found.length > limit ? null : found;
  }
  return startingWith(sql, account, pattern, limit);
}

function startingWith(sql: Sql, account: number, pattern: string, limit: number): number[] | null {
  const starts = sql.all<{ text: string }>(
    'SELECT text FROM trigram WHERE text >= ? AND text < ? LIMIT ?',
    pattern,
    `${pattern}\u{10ffff}`,
    MOST_STARTS + 1,
  );
  if (starts.length > MOST_STARTS) return null;
  const found = new Set<number>();
  for (const { text } of starts) {
    for (const n of matching(sql, account, quoted(text), limit + 1)) found.add(n);
    if (found.size > limit) return null;
  }
  return [...found];
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The range of rowids keeps other accounts' users out of the walk. */
const matching = (sql: Sql, account: number, query: string, limit: number): number[] =>
  sql
    .all<{ id: number }>(
      'SELECT rowid AS id FROM user_search WHERE user_search MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?',
      query,
      account * SPAN,
      account * SPAN + SPAN - 1,
      limit,
    )
    .map(({ id }) => id - account * SPAN);
