import type { Question } from '../../src/shared/turns';
import {
  mirrored,
  NOWHERE,
  ordinalNotBefore,
  ordinalOf,
  partOf,
  placeOf,
  type HistoryPlace,
  type Ordinal,
  type RoleNumber,
  type Sense,
  type UserNumber,
  type WordNumber,
} from '../numbers';
import type { AccountAt } from '../tables/account-at';
import { EVERY_ACCOUNT, OPEN } from '../tables/schema';
import type { Fragment, Sql } from '../tables/sqlite/sql';

/**
 * Lists of places of history, newest first (or oldest first, with places mirrored), and their intersection by leaping: each
 * list in turn is asked for its last entry not after the place that the others reached. Entries are fetched in chunks that grow while they are used one after
 * another, and shrink when a leap passes over them: dense lists are merged, sparse ones are sought.
 */
export interface Places {
  /**
   * The last entry not after a place, which only falls from call to call; NOWHERE where there is none. None of `chunks`
   * may be short there.
   */
  notAfter(place: HistoryPlace): HistoryPlace;
  /** Those of its parts that are read in chunks. */
  readonly chunks: readonly Chunks[];
  /** Cost so far, in entries fetched. */
  readonly fetched: number;
}

type Tables = Pick<AccountAt, 'sql' | 'account'>;

/** The tables, and how they are read. */
export interface Postings extends Tables {
  readonly sense: Sense;
  /** Number of entries wanted, as far as known: size of the first chunk. */
  readonly expected: number;
}

/** Comparison and order of a walk, in SQL. */
const ALONG = { 1: ['<=', 'DESC'], [-1]: ['>=', 'ASC'] } as const satisfies Record<Sense, unknown>;

/** A value of a column of history; of `account` it is that of the tables. */
export type Posting =
  | { readonly column: 'account' }
  | { readonly column: 'role'; readonly value: RoleNumber }
  | { readonly column: 'user'; readonly value: UserNumber }
  | { readonly column: 'permission' | 'actor' | 'type'; readonly value: WordNumber };

const SMALLEST = 16;
const LARGEST = 512;
/** Cost of one query, in entries. */
const ASKING = 8;

/** The entries of one value of one column of history. */
export function posting(reading: Postings, of: Posting): Places {
  const { account } = reading;
  const [sign, direction] = ALONG[reading.sense];
  const condition = of.column === 'account' ? '' : `AND ${of.column} = ?`;
  const text = `SELECT n FROM history INDEXED BY history_by_${of.column}
    WHERE account = ? ${condition} AND n ${sign} ? ORDER BY n ${direction} LIMIT ?`;
  const values = of.column === 'account' ? [account] : [account, of.value];
  return new Chunks(wholeEvents(reading, { text, values }), reading);
}

/** A value of a column of the changes that publications made; left out: all of these. */
type ChangesBy =
  | { readonly column: 'account' }
  | { readonly column: 'role' | 'permission' | 'type' | 'actor'; readonly value: WordNumber };

const CHANGES_BY: Readonly<Record<ChangesBy['column'], string>> = {
  account: 'catalogue_change WHERE ?1 IS NULL',
  role: 'catalogue_change INDEXED BY catalogue_change_by_role WHERE role = ?1',
  type: 'catalogue_change INDEXED BY catalogue_change_by_type WHERE type = ?1',
  permission: 'catalogue_change_permission WHERE permission = ?1',
  actor: `history h INDEXED BY history_by_actor CROSS JOIN catalogue_change USING (n)
    WHERE h.account = ${EVERY_ACCOUNT} AND h.actor = ?1`,
};

/** Entries of the changes that publications made, which are the same for every account. */
export function changesPublished(reading: Postings, of: ChangesBy): Places {
  const { sql } = reading;
  const [sign, direction] = ALONG[reading.sense];
  const text = `SELECT n, part FROM ${CHANGES_BY[of.column]} AND n ${sign} ?2 AND (n, part) ${sign} (?2, ?3)
    ORDER BY n ${direction}, part ${direction} LIMIT ?4`;
  const value = of.column === 'account' ? null : of.value;
  const fetch: Fetch = (place, size) =>
    sql
      .all<{ n: Ordinal; part: number }>(text, value, ordinalOf(place), partOf(place), size)
      .map(({ n, part }) => placeOf(n, part));
  return new Chunks(fetch, reading);
}

/**
 * Ordinals at which grants of a permission ended. Each end is an entry about the permission, so the list above has it
 * already. The exception are grants ended by the deletion of their role: that is one event, which names no permission.
 */
export function grantsEnded(reading: Postings, permission: WordNumber): Places {
  const [sign, direction] = ALONG[reading.sense];
  const text = `SELECT valid_to AS n FROM grant_fact INDEXED BY grant_ended
    WHERE account = ? AND permission = ? AND valid_to < ${OPEN} AND valid_to ${sign} ? ORDER BY valid_to ${direction} LIMIT ?`;
  return new Chunks(wholeEvents(reading, { text, values: [reading.account, permission] }), reading);
}

/**
 * Deletions of roles that a user was in. A deletion leaves the memberships of its role as they are, so those of a user that
 * never ended lead to them: at the cost of the roles held, and whatever number of users the deleted roles had.
 */
export function deletionsOfRolesHeld({ sql, account, sense }: Postings, user: UserNumber): Places {
  const rows = sql.all<{ n: Ordinal }>(
    `SELECT f.valid_from AS n FROM membership m INDEXED BY membership_by_user
     CROSS JOIN role_fact f ON f.account = m.account AND f.n = m.role AND f.deleted = 1 AND f.valid_from =
       (SELECT max(valid_from) FROM role_fact WHERE account = m.account AND n = m.role)
     WHERE m.account = ? AND m.user = ? AND m.valid_to = ${OPEN} ORDER BY f.valid_from DESC`,
    account,
    user,
  );
  return listed(
    rows.map(({ n }) => n),
    sense,
  );
}

/** A list of events that are known as a whole, in any order. */
export const listed = (ordinals: readonly Ordinal[], sense: Sense): Places =>
  new Listed(ordinals.map((n) => mirrored(placeOf(n), sense)).sort((a, b) => b - a));

/** A list that is in memory as a whole. */
class Listed implements Places {
  #next = 0;
  readonly chunks = [];
  readonly fetched: number;

  /** The last one first. */
  constructor(private readonly places: readonly HistoryPlace[]) {
    this.fetched = places.length + ASKING;
  }

  notAfter(place: HistoryPlace): HistoryPlace {
    while (this.#next < this.places.length && this.places[this.#next]! > place) this.#next += 1;
    return this.places[this.#next] ?? NOWHERE;
  }
}

/** Reads entries of a list, in the order of the walk, from a place on. Neither is mirrored. */
type Fetch = (place: HistoryPlace, size: number) => HistoryPlace[];

/** Entries that are events as a whole, by one statement: `values`, then the ordinal and the number of entries. */
const wholeEvents =
  ({ sql, sense }: { readonly sql: Sql; readonly sense: Sense }, { text, values }: Fragment): Fetch =>
  (place, size) =>
    sql
      .all<{ n: Ordinal }>(text, ...values, sense === 1 ? ordinalOf(place) : ordinalNotBefore(place), size)
      .map(({ n }) => placeOf(n));

/** A list that is read in chunks, each in a step of its own. */
export class Chunks implements Places {
  #chunk: HistoryPlace[] = [];
  #next = 0;
  #size: number;
  #ended = false;
  #passedOver = false;
  readonly chunks = [this];
  fetched = 0;

  constructor(
    private readonly fetch: Fetch,
    private readonly walk: Pick<Postings, 'sense' | 'expected'>,
  ) {
    this.#size = Math.max(SMALLEST, walk.expected);
  }

  /** True if another chunk must be fetched before the last entry not after a place is known. */
  isShortAt(place: HistoryPlace): boolean {
    const start = this.#next;
    while (this.#next < this.#chunk.length && this.#chunk[this.#next]! > place) this.#next += 1;
    if (this.#next < this.#chunk.length || this.#ended) return false;
    this.#passedOver = this.#next - start > 1;
    return true;
  }

  /** Fetches the chunk at a place where this is short. Returns its cost, in entries. */
  fetchAt(place: HistoryPlace): number {
    if (this.fetched > 0) this.#size = this.#passedOver ? SMALLEST : Math.min(this.#size * 2, LARGEST);
    const { sense } = this.walk;
    const entries = this.fetch(mirrored(place, sense), this.#size);
    this.#chunk = entries.map((each) => mirrored(each, sense));
    this.#ended = this.#chunk.length < this.#size;
    this.#next = 0;
    const cost = this.#chunk.length + ASKING;
    this.fetched += cost;
    return cost;
  }

  notAfter(): HistoryPlace {
    return this.#chunk[this.#next] ?? NOWHERE;
  }
}

/** The entries of any of several lists. */
export class Union implements Places {
  readonly chunks: readonly Chunks[];

  constructor(private readonly parts: readonly Places[]) {
    this.chunks = parts.flatMap(({ chunks }) => chunks);
  }

  notAfter(place: HistoryPlace): HistoryPlace {
    let last = NOWHERE;
    for (const part of this.parts) {
      const found = part.notAfter(place);
      if (found > last) last = found;
    }
    return last;
  }

  get fetched(): number {
    return this.parts.reduce((sum, part) => sum + part.fetched, 0);
  }
}

/** In the account, and among publications and what these changed, which concern every account. */
export const everywhere = (reading: Postings, of: Extract<Posting, ChangesBy>): Places =>
  new Union([
    ...[reading.account, EVERY_ACCOUNT].map((account) => posting({ ...reading, account }, of)),
    changesPublished(reading, of),
  ]);

/** The last place up to `at` that is in every list; NOWHERE where there is none. */
export async function meet(
  lists: readonly Places[],
  at: HistoryPlace,
  question: Question,
): Promise<HistoryPlace> {
  let agreed = 0;
  for (let index = 0; agreed < lists.length; index = (index + 1) % lists.length) {
    const list = lists[index]!;
    for (const chunk of list.chunks) {
      const place = at;
      if (chunk.isShortAt(place))
        await question.step(
          () => chunk.fetchAt(place),
          (cost) => cost,
        );
    }
    const next = list.notAfter(at);
    if (next === NOWHERE) return NOWHERE;
    agreed = next === at ? agreed + 1 : 1;
    at = next;
  }
  return at;
}
