import type { FeedAsked, FeedEntry } from '../feed-reads';
import { LRUCache } from 'lru-cache';
import { BEFORE_FIRST, type AccountNumber, type Ordinal } from '../numbers';
import { accountNumber } from '../tables/accounts';
import { UNKNOWN_ACCOUNT } from '../tables/schema';
import type { Sql } from '../tables/sqlite/sql';
import { countFeed, feedRows, isInFeed } from '../tables/timeline';

/** Owners whose last number is kept: of those the next page counts what came since, and not from the beginning. */
const COUNTED = 10_000;

/** Feeds of one file of read models. */
export class Feeds {
  /** Numbers of the last entries that were given out, by owner. */
  readonly #counted = new LRUCache<AccountNumber, { readonly n: Ordinal; readonly number: number }>({
    max: COUNTED,
  });

  constructor(private readonly sql: Sql) {}

  /** Entries up to an ordinal; oldest first. */
  entries({ account, after, limit }: FeedAsked, upTo: Ordinal): FeedEntry[] {
    const number = new Map<AccountNumber, number>();
    return feedRows(this.sql, { account: this.#owner(account), after, upTo, limit }).map(
      ({ of, ...entry }) => {
        const before = number.get(of);
        const own = before === undefined ? this.#numberOf(of, entry.ordinal) : before + 1;
        number.set(of, own);
        this.#counted.set(of, { n: entry.ordinal, number: own });
        return { ...entry, number: own };
      },
    );
  }

  /** True if an event is in the feed of an account; null: of everything. */
  has(account: string | null, ordinal: Ordinal): boolean {
    return isInFeed(this.sql, ordinal, this.#owner(account));
  }

  /** The number of an account; null: no restriction, for operators. */
  #owner(account: string | null): AccountNumber | null {
    return account === null ? null : (accountNumber(this.sql, account) ?? UNKNOWN_ACCOUNT);
  }

  /** The number of an event among those of its owner, from 1. */
  #numberOf(of: AccountNumber, ordinal: Ordinal): number {
    const known = this.#counted.get(of);
    return known && known.n <= ordinal
      ? known.number + countFeed(this.sql, of, known.n, ordinal)
      : countFeed(this.sql, of, BEFORE_FIRST, ordinal);
  }
}
