import { LRUCache } from 'lru-cache';
import type { PageRequest, UserRow, View } from '../../projections/view';
import { isId } from '../domain/vocabulary';
import { malformed } from './errors';
import { conditionsOf, type Condition } from './filter';

/** Lists of users by number of place, as SCIM pages them (RFC 7644, section 3.4.2.4). */

export interface ListQuery {
  readonly filter?: unknown;
  readonly startIndex?: unknown;
  readonly count?: unknown;
}

export interface UserPage {
  readonly total: number;
  readonly startIndex: number;
  readonly rows: readonly UserRow[];
}

/** Longest page. */
export const MOST_RESULTS = 100;
/** Users that are passed over at a time on the way to a place. */
const STRIDE = 1_000;
/** Places that are remembered, and for how long. */
const PLACES = 1_000;
const REMEMBERED_MS = 600_000;

/** SCIM is for people: service users are made and ended by those who call with them. */
const PEOPLE = { kind: 'PERSON' } as const;

/** True for a user whom SCIM shows: a person who is not erased. */
export const isPerson = (row: UserRow | undefined): row is UserRow =>
  row !== undefined && row.status !== 'ERASED' && row.kind === PEOPLE.kind;

/** Takes what a request costs beyond its fixed price. */
export type Charge = (rows: number) => Promise<void>;

type Status = 'ACTIVE' | 'INACTIVE' | null;

/** Lists users. Whoever reads one page after the other is remembered, so that no page is reached by a walk from the first. */
export class UserLists {
  /** Cursors of the users before a place. */
  private readonly places = new LRUCache<string, string>({
    max: PLACES,
    ttl: REMEMBERED_MS,
    ttlAutopurge: true,
  });

  /**
   * @param reader names whoever reads, for whom places are remembered
   * @param charge called with the number of users that are passed over on the way to the page
   * @throws ScimError for a filter that is not supported, and for numbers that are none
   */
  async page(
    view: View,
    reader: string,
    { filter, startIndex: from, count }: ListQuery,
    charge: Charge,
  ): Promise<UserPage> {
    const startIndex = Math.max(1, wholeNumber('startIndex', from, 1));
    const most = Math.min(MOST_RESULTS, Math.max(0, wholeNumber('count', count, MOST_RESULTS)));
    const conditions = filter === undefined ? [] : conditionsOf(filter);
    const named = namedBy(view, conditions);
    if (named) return { total: named.length, startIndex, rows: named.slice(startIndex - 1).slice(0, most) };
    const status = statusIn(conditions);
    if (status === undefined) return { total: 0, startIndex, rows: [] };
    const total = (await view.countUsers({ status, ...PEOPLE })) ?? 0;
    const wanted = { status, charge, key: `${view.account} ${reader} ${status}` };
    const rows = startIndex > total || most === 0 ? [] : await this.rows(view, wanted, startIndex, most);
    return { total, startIndex, rows };
  }

  private async rows(
    view: View,
    { status, key, charge }: { readonly status: Status; readonly key: string; readonly charge: Charge },
    startIndex: number,
    count: number,
  ): Promise<readonly UserRow[]> {
    const read = (page: PageRequest) => view.userList({ status, ...PEOPLE }, null, page);
    let after = this.places.get(`${key} ${startIndex}`) ?? null;
    if (after === null && startIndex > 1) await charge(startIndex - 1);
    for (let toPass = after === null ? startIndex - 1 : 0; toPass > 0;) {
      const { items, hasMore } = await read({ first: Math.min(toPass, STRIDE), after });
      after = items.at(-1)?.cursor ?? after;
      toPass -= items.length;
      if (toPass > 0 && !hasMore) return [];
    }
    const { items } = await read({ first: count, after });
    const last = items.at(-1)?.cursor;
    if (last !== undefined) this.places.set(`${key} ${startIndex + items.length}`, last);
    return items.map(({ item }) => item);
  }
}

/** Users that conditions name; null where none of them names one. */
function namedBy(view: View, conditions: readonly Condition[]): readonly UserRow[] | null {
  const ids = conditions.flatMap((each) => (each.by === 'active' ? [] : [idOf(view, each)]));
  const [first] = ids;
  if (first === undefined) return null;
  const row = first !== null && ids.every((id) => id === first) ? view.users([first]).get(first) : undefined;
  if (!isPerson(row)) return [];
  const isMeant = conditions.every(
    (each) => each.by !== 'active' || each.value === (row.status === 'ACTIVE'),
  );
  return isMeant ? [row] : [];
}

function idOf(
  view: View,
  { by, value }: { readonly by: 'id' | 'userName' | 'externalId'; readonly value: string },
): string | null {
  if (by === 'id') return isId(value) ? value : null;
  const found = by === 'userName' ? view.userIds([value]) : view.userIdsByExternalId([value]);
  return found.get(value) ?? null;
}

/** The status that conditions name; null: any, undefined: they contradict one another. */
function statusIn(conditions: readonly Condition[]): Status | undefined {
  const wanted = new Set(conditions.map(({ value }) => value));
  if (wanted.size > 1) return undefined;
  if (wanted.size === 0) return null;
  return wanted.has(true) ? 'ACTIVE' : 'INACTIVE';
}

function wholeNumber(name: string, text: unknown, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (typeof text !== 'string' || !/^-?\d{1,9}$/.test(text))
    throw malformed('invalidValue', `\`${name}\` must be a whole number.`);
  return Number(text);
}
