import type { AccountNumber, RoleNumber, UserNumber, WordNumber } from '../numbers';
import type { AccountChange, UserChange } from './account-at';
import { BoundedCache, BoundedAccountCache } from './bounded-cache';
import { PendingCounts } from './counts';
import type {
  AccountRow,
  Flag,
  HistoryTableRow,
  MomentRow,
  RoleFact,
  RoleKeyRow,
  UserErasedRow,
  UserFactRow,
  UserKeyRow,
  WordRow,
} from './rows';
import { columnsOf, RowBuffer, type ValuesOf } from './sqlite/row-buffer';
import type { Sql } from './sqlite/sql';
import { PendingRoleTexts } from './search/role-search-index';
import { Trigrams } from './search/trigrams';

/** The number of a role, and its cached fact. */
export interface RoleKey {
  readonly n: RoleNumber;
  readonly custom: boolean;
  /** Current fact of a custom role, cached once read or written; most events of a role do not change it. */
  fact?: RoleFact;
}

const MOMENT = columnsOf<MomentRow>()('n', 'position', 'time', 'complete', 'event', 'account');
const USER_KEY = columnsOf<UserKeyRow>()('account', 'n', 'id', 'service');
const USER_FACT = columnsOf<UserFactRow>()(
  'account',
  'n',
  'valid_from',
  'valid_to',
  'active',
  'username',
  'name',
  'external_id',
  'username_key',
  'name_key',
  'search',
  'login',
);
const HISTORY = columnsOf<HistoryTableRow>()(
  'n',
  'account',
  'type',
  'at',
  'actor',
  'host',
  'role',
  'user',
  'permission',
  'command',
  'request',
  'reason',
  'data',
);

/** A user whose names are to be indexed. */
export interface Unindexed {
  readonly account: AccountNumber;
  readonly n: UserNumber;
  /** Text to search, for a user registered in this transaction and never renamed; null: read from the facts. */
  readonly text: string | null;
}

/** An erased user, and the text that the index has of them. */
export interface Forgotten extends Pick<Unindexed, 'account' | 'n'> {
  readonly text: string;
}

/**
 * Writer that reducers use: the connection, the numbers of names, the pending counts. It caches its lookups and the
 * numbers it assigned, so it is discarded with a transaction that was rolled back.
 */
export class TableWriter {
  readonly counts: PendingCounts;
  readonly moments: RowBuffer<ValuesOf<MomentRow, typeof MOMENT>>;
  readonly history: RowBuffer<ValuesOf<HistoryTableRow, typeof HISTORY>>;
  /** Reread when a user changes, and flushed before. */
  readonly userFacts: RowBuffer<ValuesOf<UserFactRow, typeof USER_FACT>>;
  /** Pending rows of users; their numbers are in `#users`, which has these flushed before it is emptied. */
  readonly #userKeys: RowBuffer<ValuesOf<UserKeyRow, typeof USER_KEY>>;
  readonly trigrams: Trigrams;
  readonly roleTexts: PendingRoleTexts;
  readonly #unindexed = new Map<string, Unindexed>();
  #forgotten: Forgotten[] = [];
  readonly #erased: Set<string>;
  readonly #words = new BoundedCache<string, WordNumber>(100_000);
  readonly #accounts = new BoundedCache<string, AccountNumber>(20_000);
  readonly #users = new BoundedAccountCache<UserNumber>(500_000, () => this.#userKeys.flush());
  readonly #roles = new BoundedAccountCache<RoleKey>(50_000);
  readonly #lastUser = new BoundedCache<AccountNumber, UserNumber>(20_000);
  readonly #lastRole = new BoundedCache<AccountNumber, RoleNumber>(20_000);

  constructor(readonly sql: Sql) {
    this.counts = new PendingCounts(sql);
    this.moments = new RowBuffer(sql, 'moment', MOMENT);
    this.history = new RowBuffer(sql, 'history', HISTORY);
    this.userFacts = new RowBuffer(sql, 'user_fact', USER_FACT);
    this.#userKeys = new RowBuffer(sql, 'user_key', USER_KEY);
    this.trigrams = new Trigrams(sql);
    this.roleTexts = new PendingRoleTexts(sql);
    const erased = sql.all<Pick<UserErasedRow, 'account' | 'n'>>('SELECT account, n FROM user_erased');
    this.#erased = new Set(erased.map(({ account, n }) => `${account}/${n}`));
  }

  /** Writes the pending rows, before the transaction ends. */
  flush(): void {
    this.moments.flush();
    this.history.flush();
    this.userFacts.flush();
    this.#userKeys.flush();
    this.counts.flush();
    this.roleTexts.flush();
  }

  /** The number of a text that recurs: a permission, a set of scopes, an actor, a type of event. */
  word(text: string): WordNumber {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    const row =
      this.sql.get<Pick<WordRow, 'n'>>('SELECT n FROM word WHERE text = ?', text) ??
      this.sql.get<Pick<WordRow, 'n'>>('INSERT INTO word (text) VALUES (?) RETURNING n', text);
    this.#words.set(text, row!.n);
    return row!.n;
  }

  account(id: string): AccountNumber {
    const known = this.#accounts.get(id);
    if (known !== undefined) return known;
    const row =
      this.sql.get<Pick<AccountRow, 'n'>>('SELECT n FROM account WHERE id = ?', id) ??
      this.sql.get<Pick<AccountRow, 'n'>>('INSERT INTO account (id) VALUES (?) RETURNING n', id);
    this.#accounts.set(id, row!.n);
    return row!.n;
  }

  user(account: AccountNumber, id: string): UserNumber | undefined {
    const known = this.#users.get(account, id);
    if (known !== undefined) return known;
    const row = this.sql.get<Pick<UserKeyRow, 'n'>>(
      'SELECT n FROM user_key WHERE account = ? AND id = ?',
      account,
      id,
    );
    if (row) this.#users.set(account, id, row.n);
    return row?.n;
  }

  addUser(account: AccountNumber, id: string, service: Flag): UserNumber {
    // Pending rows count too: they are written before the last number, evicted from its cache, is reread.
    if (this.#lastUser.get(account) === undefined) this.#userKeys.flush();
    const n = this.#next(this.#lastUser, account, 'SELECT max(n) AS n FROM user_key WHERE account = ?');
    this.#users.set(account, id, n);
    this.#userKeys.add(account, n, id, service);
    return n;
  }

  /** Schedules the names of a user for indexing at the end of the transaction. */
  toIndex({ account, user: n }: UserChange, text: string | null): void {
    this.#unindexed.set(`${account}/${n}`, { account, n, text });
  }

  /** Users to index, in order of their rowids: the index writes a segment whenever these fall back. */
  takeUnindexed(): Unindexed[] {
    const users = [...this.#unindexed.values()].sort((a, b) => a.account - b.account || a.n - b.n);
    this.#unindexed.clear();
    return users;
  }

  isErased(account: AccountNumber, user: UserNumber | null): boolean {
    return this.#erased.size > 0 && this.#erased.has(`${account}/${user}`);
  }

  /** Takes note that a user was erased, whose names leave the index at the end of the transaction. */
  forget({ account, user: n }: UserChange, text: string): void {
    const key = `${account}/${n}`;
    this.#erased.add(key);
    this.#unindexed.delete(key);
    this.#forgotten.push({ account, n, text });
  }

  takeForgotten(): Forgotten[] {
    const users = this.#forgotten;
    this.#forgotten = [];
    return users;
  }

  role(account: AccountNumber, id: string): RoleKey | undefined {
    const known = this.#roles.get(account, id);
    if (known) return known;
    const row = this.sql.get<Pick<RoleKeyRow, 'n' | 'custom'>>(
      'SELECT n, custom FROM role_key WHERE account = ? AND id = ?',
      account,
      id,
    );
    if (!row) return undefined;
    const found: RoleKey = { n: row.n, custom: row.custom === 1 };
    this.#roles.set(account, id, found);
    return found;
  }

  addRole({ account, ordinal }: AccountChange, id: string, custom: boolean): RoleKey {
    const n = this.#next(this.#lastRole, account, 'SELECT max(n) AS n FROM role_key WHERE account = ?');
    this.sql.run(
      'INSERT INTO role_key (account, n, id, custom, created) VALUES (?, ?, ?, ?, ?)',
      account,
      n,
      id,
      custom ? 1 : 0,
      ordinal,
    );
    const added: RoleKey = { n, custom };
    this.#roles.set(account, id, added);
    return added;
  }

  #next<Number extends UserNumber | RoleNumber>(
    cache: BoundedCache<AccountNumber, Number>,
    account: AccountNumber,
    find: string,
  ): Number {
    const last = cache.get(account) ?? this.sql.get<{ n: number | null }>(find, account)?.n ?? 0;
    const next = (last + 1) as Number;
    cache.set(account, next);
    return next;
  }
}
