import type { AccountNumber } from '../../numbers';
import type { TrigramRow } from '../rows';
import type { Sql } from '../sqlite/sql';

/** Three characters, at every offset of a text. Characters are code points. */
export function trigramsOf(text: string): string[] {
  const characters = [...text];
  return characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`);
}

/** Rowids that an account has in an index. */
export const SPAN = 2n ** 32n;

/**
 * Rowid in an index of texts: a range of rowids keeps other accounts out of the walk. A BigInt, since numbers from 2^31 on
 * are bound as floats, and the index takes no float for a bound: it would walk the texts of all accounts.
 */
export const rowidOf = (account: AccountNumber, n: number): bigint => BigInt(account) * SPAN + BigInt(n);

/** Trigrams asked for in one query: enough to be selective, short enough to be planned. */
const MOST_TRIGRAMS = 12;

/** The query of an index for all texts with a pattern in them; null for a pattern that has no trigram. */
export function quotedTrigrams(pattern: string): string | null {
  const trigrams = trigramsOf(pattern);
  if (trigrams.length === 0) return null;
  // Every third covers the pattern; the last covers the remainder.
  const chosen = trigrams.filter((_, index) => index % 3 === 0 || index === trigrams.length - 1);
  return chosen.slice(0, MOST_TRIGRAMS).map(quoted).join(' AND ');
}

/** A text of which every trigram is meant as it is. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Codes below this are ASCII. */
const ASCII = 128;
const IS_ASCII = /^[\0-\x7f]*$/;

/** The trigrams that occur in searchable texts, in memory and in their table. */
export class Trigrams {
  readonly #known = new Set<string>();
  /** Those of ASCII, by their codes: names have dozens of trigrams, and nearly none is new. */
  readonly #knownAscii = new Uint8Array(ASCII ** 3);

  constructor(private readonly sql: Sql) {
    for (const { text } of sql.all<TrigramRow>('SELECT text FROM trigram')) this.#isNew(text);
  }

  addAllOf(text: string): void {
    if (!IS_ASCII.test(text)) {
      for (const trigram of trigramsOf(text)) this.#add(trigram);
      return;
    }
    for (let at = 0; at + 2 < text.length; at += 1) {
      if (this.#knownAscii[codeAt(text, at)] === 0) this.#add(text.slice(at, at + 3));
    }
  }

  /** Drops those of an erased user's text that `isUsed` does not find in any other. */
  removeUnused(text: string, isUsed: (trigram: string) => boolean): void {
    for (const trigram of new Set(trigramsOf(text))) {
      if (isUsed(trigram)) continue;
      this.sql.run('DELETE FROM trigram WHERE text = ?', trigram);
      this.#known.delete(trigram);
      if (IS_ASCII.test(trigram)) this.#knownAscii[codeAt(trigram, 0)] = 0;
    }
  }

  #add(trigram: string): void {
    if (this.#isNew(trigram)) this.sql.run('INSERT INTO trigram (text) VALUES (?)', trigram);
  }

  #isNew(trigram: string): boolean {
    if (this.#known.has(trigram)) return false;
    this.#known.add(trigram);
    if (IS_ASCII.test(trigram)) this.#knownAscii[codeAt(trigram, 0)] = 1;
    return true;
  }
}

const codeAt = (text: string, at: number): number =>
  (text.charCodeAt(at) * ASCII + text.charCodeAt(at + 1)) * ASCII + text.charCodeAt(at + 2);
