import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { eraseHistory, forgetRemnants, hasRemnants, remnants } from '../tables/erasure';
import type { Sql } from '../tables/sqlite/sql';
import { mergeIndex } from '../tables/user-search/user-search-index';

/** Longest wait for readers of an older state of the file, in milliseconds: meanwhile nothing is projected. */
const PATIENCE_MS = 1_000;
/** Pause before readers are waited for again, in milliseconds. */
const AGAIN_MS = 1_000;

/**
 * Removes what is left of erased users once their names are out of the tables: history, the pages of the search index, the
 * write-ahead log. Free pages are overwritten as they become free. Every step can be repeated, and a crash between two
 * leaves the users on the list of `user_remnant`.
 */
export class Cleaner {
  #again: NodeJS.Timeout | null = null;

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
    for (const remnant of remnants(sql)) {
      eraseHistory(sql, remnant);
      await nextTurn();
    }
    for (const _step of mergeIndex(sql)) {
      if (this.stopping.aborted) return;
      await nextTurn();
    }
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(20)) {
      if (this.#emptyWal()) return;
      if (this.stopping.aborted) return;
      if (Date.now() > end) break;
    }
    this.#emptyLater();
  }

  /** A reader may take long, as a digest does. What it holds up is the write-ahead log alone. */
  #emptyLater(): void {
    this.#again ??= setTimeout(() => {
      this.#again = null;
      // In a transaction SQLite does not checkpoint; one that is open ends soon.
      if (this.sql.database.isTransaction || !this.#emptyWal()) this.#emptyLater();
    }, AGAIN_MS).unref();
  }

  /** Returns false if readers of an older state prevent it. */
  #emptyWal(): boolean {
    const { sql } = this;
    // Without waiting, which would block the thread: a reader may be in it.
    const { timeout } = sql.get<{ timeout: number }>('PRAGMA busy_timeout')!;
    sql.exec('PRAGMA busy_timeout = 0');
    const { busy } = sql.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')!;
    sql.exec(`PRAGMA busy_timeout = ${timeout}`);
    if (busy !== 0) return false;
    forgetRemnants(sql);
    return true;
  }
}
