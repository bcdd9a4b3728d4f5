import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { eraseHistory, forgetRemnants, hasRemnants, remnants } from '../tables/erasure';
import type { Sql } from '../tables/sqlite/sql';
import { mergeIndex } from '../tables/search/user-search-index';

/** Longest wait for readers of an older state of the file, in milliseconds: meanwhile nothing is projected. */
const PATIENCE_MS = 1_000;
/** Pause before what was put off is tried again, in milliseconds. */
const AGAIN_MS = 1_000;
/** Part of the time, at most, that is spent on writing the file anew: one in so many. */
const SHARE = 10;

/**
 * Removes what is left of erased users once their names are out of the tables: history, the pages of the search index, the
 * slack of pages, the write-ahead log. Every step can be repeated, and a crash between two leaves the users on the list of
 * `user_remnant`.
 */
export class Cleaner {
  #again: NodeJS.Timeout | null = null;
  #cleaning = false;
  /** True once the file was written anew since the last erasure. */
  #rewritten = false;
  /** Earliest time at which the file is written anew once more, in milliseconds of `performance`. */
  #notBefore = 0;

  constructor(
    private readonly sql: Sql,
    private readonly stopping: AbortSignal,
  ) {
    stopping.addEventListener('abort', () => this.#again && clearTimeout(this.#again), { once: true });
  }

  /** Called outside a transaction, once the indexes that queries need are there. */
  async clean(): Promise<void> {
    const { sql } = this;
    if (!hasRemnants(sql)) return;
    this.#cleaning = true;
    this.#rewritten = false;
    try {
      for (const remnant of remnants(sql)) {
        eraseHistory(sql, remnant);
        await nextTurn();
      }
      for (const _step of mergeIndex(sql)) {
        if (this.stopping.aborted) return;
        await nextTurn();
      }
      for (const end = Date.now() + PATIENCE_MS; ; await sleep(20)) {
        if (this.stopping.aborted || this.#emptyFiles()) return;
        if (Date.now() > end || this.#notBefore > performance.now() + PATIENCE_MS) break;
      }
      this.#emptyLater();
    } finally {
      this.#cleaning = false;
    }
  }

  /** A reader may take long, as a digest does. */
  #emptyLater(): void {
    this.#again ??= setTimeout(() => {
      this.#again = null;
      // In a transaction SQLite neither checkpoints nor writes anew; one that is open ends soon.
      const isFree = !this.#cleaning && !this.sql.database.isTransaction;
      if (!isFree || !this.#emptyFiles()) this.#emptyLater();
    }, AGAIN_MS).unref();
  }

  /** Returns false if it is to be tried again: readers of an older state prevent it, or the last time was just now. */
  #emptyFiles(): boolean {
    if (!this.#rewritten && !this.#rewrite()) return false;
    if (!this.#emptyWal()) return false;
    forgetRemnants(this.sql);
    return true;
  }

  /**
   * Writes the file anew. Rows that SQLite moves to another page when one is split stay in the slack of the former page,
   * and `secure_delete` overwrites only what is deleted: nothing else reaches them. It takes some seconds for a million
   * users, in which nothing is projected; so of many erasures in a row some are cleaned up together.
   */
  #rewrite(): boolean {
    const begun = performance.now();
    if (begun < this.#notBefore) return false;
    try {
      this.sql.rewrite();
    } catch {
      // The disk is full, or another process holds the file: what is answered is right, and it is tried again.
      this.#notBefore = begun + SHARE * AGAIN_MS;
      return false;
    }
    const end = performance.now();
    this.#notBefore = end + (SHARE - 1) * (end - begun);
    return (this.#rewritten = true);
  }

  /** Returns false if readers of an older state prevent it. */
  #emptyWal(): boolean {
    const { sql } = this;
    // Without waiting, which would block the thread: a reader may be in it.
    const { timeout } = sql.get<{ timeout: number }>('PRAGMA busy_timeout')!;
    sql.exec('PRAGMA busy_timeout = 0');
    const { busy } = sql.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')!;
    sql.exec(`PRAGMA busy_timeout = ${timeout}`);
    return busy === 0;
  }
}
