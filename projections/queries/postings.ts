import type { Question } from '../../src/shared/turns';
import { BEFORE_FIRST, type Ordinal, type RoleNumber, type UserNumber, type WordNumber } from '../numbers';
import type { AccountAt } from '../tables/account-at';
import { EVERY_ACCOUNT, OPEN } from '../tables/schema';
import type { Fragment, Sql } from '../tables/sqlite/sql';

/**
 * Lists of ordinals, newest first, and their intersection by leaping: each list in turn is asked for its last entry not
 * after the ordinal that the others reached. Chunks grow while entries are used one after another, and shrink when a
 * leap skips entries: dense lists are merged, sparse ones are sought.
 */
export interface Places {
  /** The last entry not after an ordinal, which only falls from call to call; BEFORE_FIRST where there is none. */
  notAfter(ordinal: Ordinal): Ordinal;
  /** Cost so far, in entries fetched. */
  readonly fetched: number;
}

type Tables = Pick<AccountAt, 'sql' | 'account'>;

/** A value of a column of history; of `account` it is that of the tables. */
export type Posting =
  | { readonly column: 'account' }
  | { readonly column: 'role'; readonly value: RoleNumber }
  | { readonly column: 'user'; readonly value: UserNumber }
  | { readonly column: 'permission' | 'actor' | 'type'; readonly value: WordNumber };

const SMALLEST = 16;
/** Lists of several values are asked for a chunk each, in one step. */
const LARGEST = 512;
/** Cost of one query, in entries. */
const ASKING = 8;

/** The entries of one value of one column of history. */
export function posting({ sql, account }: Tables, of: Posting, expected: number): Places {
  const condition = of.column === 'account' ? '' : `AND ${of.column} = ?`;
  const text = `SELECT n FROM history INDEXED BY history_by_${of.column}
    WHERE account = ? ${condition} AND n <= ? ORDER BY n DESC LIMIT ?`;
  return new Chunks(
    sql,
    { text, values: of.column === 'account' ? [account] : [account, of.value] },
    expected,
  );
}

/**
 * Ordinals at which grants of a permission ended. Each end is an entry about the permission, so the list above has it
 * already. The exception are grants ended by the deletion of their role: that is one event, which names no permission.
 */
export function grantsEnded({ sql, account }: Tables, permission: WordNumber, expected: number): Places {
  const text = `SELECT valid_to AS n FROM grant_fact INDEXED BY grant_ended
    WHERE account = ? AND permission = ? AND valid_to < ${OPEN} AND valid_to <= ? ORDER BY valid_to DESC LIMIT ?`;
  return new Chunks(sql, { text, values: [account, permission] }, expected);
}

/**
 * Deletions of roles that a user was in. A deletion leaves the memberships of its role as they are, so those of a user that
 * never ended lead to them: at the cost of the roles held, and whatever number of users the deleted roles had.
 */
export function deletionsOfRolesHeld({ sql, account }: Tables, user: UserNumber): Places {
  const rows = sql.all<{ n: Ordinal }>(
    `SELECT f.valid_from AS n FROM membership m INDEXED BY membership_by_user
     CROSS JOIN role_fact f ON f.account = m.account AND f.n = m.role AND f.deleted = 1 AND f.valid_from =
       (SELECT max(valid_from) FROM role_fact WHERE account = m.account AND n = m.role)
     WHERE m.account = ? AND m.user = ? AND m.valid_to = ${OPEN} ORDER BY f.valid_from DESC`,
    account,
    user,
  );
  return new Listed(rows.map(({ n }) => n));
}

/** A list that is in memory as a whole. */
class Listed implements Places {
  #next = 0;
  readonly fetched: number;

  /** The last one first. */
  constructor(private readonly ordinals: readonly Ordinal[]) {
    this.fetched = ordinals.length + ASKING;
  }

  notAfter(ordinal: Ordinal): Ordinal {
    while (this.#next < this.ordinals.length && this.ordinals[this.#next]! > ordinal) this.#next += 1;
    return this.ordinals[this.#next] ?? BEFORE_FIRST;
  }
}

/** A list that is read in chunks by one statement: `values`, then the ordinal and the number of entries. */
class Chunks implements Places {
  #chunk: Ordinal[] = [];
  #next = 0;
  #size: number;
  #ended = false;
  fetched = 0;

  constructor(
    private readonly sql: Sql,
    private readonly listing: Fragment,
    /** Number of entries wanted, as far as known: size of the first chunk. */
    expected: number,
  ) {
    this.#size = Math.max(SMALLEST, expected);
  }

  notAfter(ordinal: Ordinal): Ordinal {
    const start = this.#next;
    while (this.#next < this.#chunk.length && this.#chunk[this.#next]! > ordinal) this.#next += 1;
    if (this.#next < this.#chunk.length) return this.#chunk[this.#next]!;
    if (this.#ended) return BEFORE_FIRST;
    if (this.fetched > 0) {
      const passedOver = this.#next - start > 1;
      this.#size = passedOver ? SMALLEST : Math.min(this.#size * 2, LARGEST);
    }
    const { text, values } = this.listing;
    const rows = this.sql.all<{ n: Ordinal }>(text, ...values, ordinal, this.#size);
    this.fetched += rows.length + ASKING;
    this.#ended = rows.length < this.#size;
    this.#chunk = rows.map(({ n }) => n);
    this.#next = 0;
    return this.#chunk[0] ?? BEFORE_FIRST;
  }
}

/** The entries of any of several lists. */
export class Union implements Places {
  constructor(private readonly parts: readonly Places[]) {}

  notAfter(ordinal: Ordinal): Ordinal {
    let last = BEFORE_FIRST;
    for (const part of this.parts) {
      const place = part.notAfter(ordinal);
      if (place > last) last = place;
    }
    return last;
  }

  get fetched(): number {
    return this.parts.reduce((sum, part) => sum + part.fetched, 0);
  }
}

/** In the account, and among publications, which concern every account. */
export const everywhere = ({ sql, account }: Tables, of: Posting, expected: number): Places =>
  new Union([account, EVERY_ACCOUNT].map((each) => posting({ sql, account: each }, of, expected)));

/** The last ordinal up to `at` that is in every list; BEFORE_FIRST where there is none. */
export async function meet(lists: readonly Places[], at: Ordinal, question: Question): Promise<Ordinal> {
  let agreed = 0;
  for (let index = 0; agreed < lists.length; index = (index + 1) % lists.length) {
    const list = lists[index]!;
    const before = list.fetched;
    const next = list.notAfter(at);
    if (list.fetched > before) await question.looked(list.fetched - before);
    if (next === BEFORE_FIRST) return BEFORE_FIRST;
    agreed = next === at ? agreed + 1 : 1;
    at = next;
  }
  return at;
}
