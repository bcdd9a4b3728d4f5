import { PendingCounts } from './counts';
import { BoundedCache, BoundedAccountCache } from './bounded-cache';
import type { RoleFact } from '../reducers/role';
import { RowBuffer } from './row-buffer';
import type { Sql } from './sql';
import { Trigrams } from './trigrams';

export interface RoleKey {
  readonly n: number;
  readonly custom: boolean;
  /** What holds of a custom role, once it was read or written; most events of a role do not change it. */
  fact?: RoleFact;
}

const HISTORY = [
  'n',
  'account',
  'type',
  'at',
  'actor',
  'role',
  'user',
  'permission',
  'command',
  'request',
  'reason',
  'data',
] as const;

const USER_FACT = [
  'account',
  'n',
  'valid_from',
  'valid_to',
  'active',
  'username',
  'name',
  'username_key',
  'name_key',
  'search',
] as const;

/** A user whose names are to be indexed. */
export interface Unindexed {
  readonly account: number;
  readonly n: number;
  /** What is searched, of one who was registered in this transaction and never called otherwise; null: see the facts. */
  readonly text: string | null;
}

/**
 * What reducers write with: the connection, the numbers of names, the pending counts. It remembers what it looked up
 * and what it numbered, so it is thrown away with the transaction that was rolled back.
 */
export class TableWriter {
  readonly counts: PendingCounts;
  readonly moments: RowBuffer;
  readonly history: RowBuffer;
  /** Read again when a user changes: flushed before. */
  readonly userFacts: RowBuffer;
  /** Whoever waits here is remembered below. */
  readonly #userKeys: RowBuffer;
  readonly trigrams: Trigrams;
  readonly #unindexed = new Map<string, Unindexed>();
  readonly #words = new BoundedCache<string, number>(100_000);
  readonly #accounts = new BoundedCache<string, number>(20_000);
  readonly #users = new BoundedAccountCache<number>(500_000, () => this.#userKeys.flush());
  readonly #roles = new BoundedAccountCache<RoleKey>(50_000);
  readonly #lastUser = new BoundedCache<number, number>(20_000);
  readonly #lastRole = new BoundedCache<number, number>(20_000);

  constructor(readonly sql: Sql) {
    this.counts = new PendingCounts(sql);
    this.moments = new RowBuffer(sql, 'moment', ['n', 'position', 'time', 'complete', 'event']);
    this.history = new RowBuffer(sql, 'history', HISTORY);
    this.userFacts = new RowBuffer(sql, 'user_fact', USER_FACT);
    this.#userKeys = new RowBuffer(sql, 'user_key', ['account', 'n', 'id']);
    this.trigrams = new Trigrams(sql);
  }

  /** Before the transaction ends: writes the rows that wait. */
  flush(): void {
    this.moments.flush();
    this.history.flush();
    this.userFacts.flush();
    this.#userKeys.flush();
    this.counts.flush();
  }

  /** The number of a text that recurs: a permission, a set of scopes, an actor, a type of event. */
  word(text: string): number {
    return this.#numbered(
      this.#words,
      text,
      'SELECT n FROM word WHERE text = ?',
      'INSERT INTO word (text) VALUES (?) RETURNING n',
    );
  }

  account(id: string): number {
    return this.#numbered(
      this.#accounts,
      id,
      'SELECT n FROM account WHERE id = ?',
      'INSERT INTO account (id) VALUES (?) RETURNING n',
    );
  }

  #numbered(cache: BoundedCache<string, number>, text: string, find: string, add: string): number {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const row = this.sql.get<{ n: number }>(find, text) ?? this.sql.get<{ n: number }>(add, text);
    cache.set(text, row!.n);
    return row!.n;
  }

  user(account: number, id: string): number | undefined {
    const known = this.#users.get(account, id);
    if (known !== undefined) return known;
    const row = this.sql.get<{ n: number }>(
      'SELECT n FROM user_key WHERE account = ? AND id = ?',
      account,
      id,
    );
    if (row) this.#users.set(account, id, row.n);
    return row?.n;
  }

  addUser(account: number, id: string): number {
    // What waits counts, where the last number was forgotten.
    if (this.#lastUser.get(account) === undefined) this.#userKeys.flush();
    const n = this.#next(this.#lastUser, account, 'SELECT max(n) AS n FROM user_key WHERE account = ?');
    this.#users.set(account, id, n);
    this.#userKeys.add(account, n, id);
    return n;
  }

  /** Has the names of a user indexed when the transaction ends. */
  toIndex(account: number, n: number, text: string | null): void {
    this.#unindexed.set(`${account}/${n}`, { account, n, text });
  }

  /** Users to index, in order of their rowids: the index writes a segment whenever these fall back. */
  takeUnindexed(): Unindexed[] {
    const users = [...this.#unindexed.values()].sort((a, b) => a.account - b.account || a.n - b.n);
    this.#unindexed.clear();
    return users;
  }

  role(account: number, id: string): RoleKey | undefined {
    const known = this.#roles.get(account, id);
    if (known) return known;
    const row = this.sql.get<{ n: number; custom: number }>(
      'SELECT n, custom FROM role_key WHERE account = ? AND id = ?',
      account,
      id,
    );
    if (!row) return undefined;
    const found: RoleKey = { n: row.n, custom: row.custom === 1 };
    this.#roles.set(account, id, found);
    return found;
  }

  addRole(account: number, id: string, custom: boolean, created: number): RoleKey {
    const n = this.#next(this.#lastRole, account, 'SELECT max(n) AS n FROM role_key WHERE account = ?');
    this.sql.run(
      'INSERT INTO role_key (account, n, id, custom, created) VALUES (?, ?, ?, ?, ?)',
      account,
      n,
      id,
      custom ? 1 : 0,
      created,
    );
    const added: RoleKey = { n, custom };
    this.#roles.set(account, id, added);
    return added;
  }

  #next(cache: BoundedCache<number, number>, account: number, find: string): number {
    const last = cache.get(account) ?? this.sql.get<{ n: number | null }>(find, account)?.n ?? 0;
    cache.set(account, last + 1);
    return last + 1;
  }
}
