import type { Actor, ActorType } from '../../src/domain/vocabulary';
import {
  ordinalOf,
  partOf,
  placeOf,
  type AccountNumber,
  type HistoryPlace,
  type Ordinal,
  type RoleNumber,
  type UserNumber,
  type WordNumber,
} from '../numbers';
import type { Append, HistoryRow, VoidRow } from '../view';
import type { AccountAt } from './account-at';
import type { Flag, HistoryTableRow, MomentRow, RoleKeyRow, UserKeyRow, VoidedRow } from './rows';
import { EVERY_ACCOUNT } from './schema';
import { jsonList } from './sqlite/json-list';
import type { Sql } from './sqlite/sql';
import { uuidText } from './sqlite/uuid';
import type { TableWriter } from './table-writer';

/** History: every event with a visible effect, with actor and reason. */

/** An entry before its texts are replaced by numbers. */
export interface HistoryEntry extends Pick<
  HistoryTableRow,
  'n' | 'account' | 'at' | 'role' | 'user' | 'request' | 'reason'
> {
  readonly type: string;
  /** Null if it cannot be read. */
  readonly actor: Actor | null;
  readonly permission: string | null;
  readonly command: string;
  readonly data: unknown;
}

export function addHistoryEntry(writing: TableWriter, entry: HistoryEntry): void {
  const { n, account, type, at, actor, role, user, permission, command, request, reason, data } = entry;
  writing.history.add(
    n,
    account,
    writing.word(type),
    at,
    writing.word(actor ? actorWord(actor) : ''),
    actor && hostWord(writing, actor),
    role,
    user,
    permission === null ? null : writing.word(permission),
    writing.word(command),
    request,
    reason,
    JSON.stringify(data),
  );
}

export const actorWord = ({ type, id }: Actor): string => `${type}:${id}`;
/** Number of the machine of an operator. Apart from the actor, who is the same on each. */
export const hostWord = (writing: TableWriter, { host }: Actor): WordNumber | null =>
  host === undefined ? null : writing.word(host);

function actorOf(word: string, host: string | null): Actor {
  const end = word.indexOf(':');
  const actor = { type: word.slice(0, end) as ActorType, id: word.slice(end + 1) };
  return host === null ? actor : { ...actor, host };
}

/** Tells if an event is in the history of an account, as its own or as one of all accounts; null: an unknown one. */
export const isInHistory = (sql: Sql, ordinal: Ordinal, account: AccountNumber | null): boolean =>
  sql.get(
    'SELECT 1 FROM history WHERE n = ? AND account IN (?, ?)',
    ordinal,
    account ?? EVERY_ACCOUNT,
    EVERY_ACCOUNT,
  ) !== undefined;

/** Places of those numbers that are in the history of the account at the ordinal, as its own or as one of all accounts. */
export const placesInHistory = (
  { sql, account, at }: AccountAt,
  numbers: readonly { readonly ordinal: number; readonly part: number }[],
): HistoryPlace[] =>
  sql
    .all<Pick<HistoryTableRow, 'n'> & { readonly part: number }>(
      `SELECT h.n, wanted.value ->> 1 AS part FROM json_each(?) wanted
       CROSS JOIN history h ON h.n = wanted.value ->> 0 AND h.n <= ? AND h.account IN (?, ${EVERY_ACCOUNT})
       LEFT JOIN catalogue_change cc ON cc.n = h.n AND cc.part = wanted.value ->> 1
       WHERE wanted.value ->> 1 = 0 OR cc.n IS NOT NULL`,
      JSON.stringify(numbers.map(({ ordinal, part }) => [ordinal, part])),
      at,
      account,
    )
    .map(({ n, part }) => placeOf(n, part));

/** Time, along the time line, and actor of an event. */
export interface Recorded {
  readonly at: Date;
  readonly by: Actor;
}

/** Times and actors of events by ordinal; an event that is not in history is left out. */
export const recorded = (sql: Sql, ordinals: Iterable<Ordinal>): ReadonlyMap<Ordinal, Recorded> =>
  new Map(
    sql
      .all<Pick<MomentRow, 'n'> & { at: number; actor: string; host: string | null }>(
        `SELECT h.n, m.time AS at, a.text AS actor, hw.text AS host FROM json_each(?) wanted
         CROSS JOIN history h ON h.n = wanted.value CROSS JOIN moment m ON m.n = h.n
         CROSS JOIN word a ON a.n = h.actor LEFT JOIN word hw ON hw.n = h.host`,
        jsonList(ordinals),
      )
      .map(({ n, at, actor, host }) => [n, { at: new Date(at), by: actorOf(actor, host) }]),
  );

/** Numbers converted back to their texts, positions as text. */
type Row = Pick<HistoryTableRow, 'n' | 'request' | 'reason' | 'data'> &
  Pick<MomentRow, 'event' | 'time'> & {
    readonly part: number;
    readonly position: string;
    readonly endN: Ordinal;
    readonly endPosition: string;
    readonly endTime: number;
    readonly isEnd: Flag;
    readonly recorded: HistoryTableRow['at'];
    readonly type: string;
    readonly actor: string;
    readonly host: string | null;
    readonly command: string;
    readonly permission: string | null;
    readonly role: RoleKeyRow['id'] | null;
    readonly user: UserKeyRow['id'] | null;
    readonly voidedType: VoidedRow['type'] | null;
    readonly voidedAt: VoidedRow['at'];
    readonly voidedBy: string;
    readonly voidedHost: string | null;
    readonly voidedReason: VoidedRow['reason'];
    readonly voidedPosition: string;
  };

/**
 * The entries at places of history, newest first. The end of an append is walked to from its last entry alone: from
 * others only to the entry after, so that a page within a large append is read once.
 */
export function historyRows(sql: Sql, places: readonly HistoryPlace[]): HistoryRow[] {
  let shown: HistoryRow['shown'] | null = null;
  return sql
    .all<Row>(
      `SELECT h.n, wanted.value ->> 1 AS part, CAST(m.position AS TEXT) AS position, m.event, m.time, h.at AS recorded,
         t.text AS type, a.text AS actor, hw.text AS host, c.text AS command, p.text AS permission, coalesce(k.text, r.id) AS role, u.id AS user,
         h.request, h.reason, coalesce(cc.data, h.data) AS data,
         v.type AS voidedType, v.at AS voidedAt, v.reason AS voidedReason, va.text AS voidedBy, vh.text AS voidedHost,
         CAST(v.position AS TEXT) AS voidedPosition,
         e.n AS endN, CAST(e.position AS TEXT) AS endPosition, e.time AS endTime, e.complete AS isEnd
       FROM json_each(?) wanted CROSS JOIN history h ON h.n = wanted.value ->> 0 CROSS JOIN moment m ON m.n = h.n
       CROSS JOIN moment e ON e.n = (
         SELECT n FROM moment WHERE n >= h.n AND (complete = 1 OR n = wanted.value ->> 2) ORDER BY n LIMIT 1)
       LEFT JOIN catalogue_change cc ON cc.n = h.n AND cc.part = wanted.value ->> 1
       CROSS JOIN word t ON t.n = coalesce(cc.type, h.type) CROSS JOIN word a ON a.n = h.actor CROSS JOIN word c ON c.n = h.command
       LEFT JOIN word hw ON hw.n = h.host LEFT JOIN word p ON p.n = coalesce(cc.permission, h.permission) LEFT JOIN word k ON k.n = cc.role
       LEFT JOIN role_key r ON r.account = h.account AND r.n = h.role
       LEFT JOIN user_key u ON u.account = h.account AND u.n = h.user
       LEFT JOIN voided v ON v.n = h.n LEFT JOIN word va ON va.n = v.actor LEFT JOIN word vh ON vh.n = v.host
       ORDER BY wanted.key`,
      JSON.stringify(
        places.map((place, index) => [ordinalOf(place), partOf(place), after(places[index - 1])]),
      ),
    )
    .map((row) => ({
      ordinal: row.n,
      part: row.part,
      position: BigInt(row.position),
      shown: (shown = row.isEnd || !shown ? endOf(row) : shown),
      eventId: uuidText(row.event),
      type: row.type,
      at: new Date(row.time),
      recordedAt: new Date(row.recorded),
      actor: row.actor === '' ? null : actorOf(row.actor, row.host),
      reason: row.reason,
      command: row.command,
      requestId: row.request,
      role: row.role,
      user: row.user,
      permission: row.permission,
      data: JSON.parse(row.data) as Record<string, unknown>,
      voided: voidOf(row),
    }));
}

const after = (later: HistoryPlace | undefined): Ordinal | null =>
  later === undefined ? null : ordinalOf(later);

const endOf = ({ endN, endPosition, endTime }: Row): HistoryRow['shown'] => ({
  ordinal: endN,
  position: BigInt(endPosition),
  time: endTime,
});

const voidOf = (row: Row): VoidRow | null =>
  row.voidedType === null
    ? null
    : {
        at: new Date(row.voidedAt),
        actor: actorOf(row.voidedBy, row.voidedHost),
        reason: row.voidedReason,
        position: BigInt(row.voidedPosition),
        type: row.voidedType,
      };

/** Places of the entries of an append that the account's history has, oldest first. */
export const placesBetween = ({ sql, account }: AccountAt, { first, last }: Append): HistoryPlace[] =>
  sql
    .all<Pick<HistoryTableRow, 'n'> & { readonly part: number }>(
      `SELECT n, 0 AS part FROM history WHERE n BETWEEN ?1 AND ?2 AND account IN (?3, ${EVERY_ACCOUNT})
       UNION ALL SELECT n, part FROM catalogue_change WHERE n BETWEEN ?1 AND ?2 ORDER BY n, part`,
      first,
      last,
      account,
    )
    .map(({ n, part }) => placeOf(n, part));

/** Entries of appends: the ordinal of the first, and how many there are of each type. */
export function entriesPerType(
  { sql, account }: AccountAt,
  appends: readonly Append[],
): readonly { readonly begin: Ordinal; readonly counts: ReadonlyMap<string, number> }[] {
  const rows = sql.all<{ place: number; n: Ordinal; type: string; entries: number }>(
    `SELECT found.place, min(found.n) AS n, w.text AS type, count(*) AS entries FROM (
       SELECT wanted.key AS place, h.n, h.type FROM json_each(?1) wanted
       CROSS JOIN history h ON h.n BETWEEN wanted.value ->> 0 AND wanted.value ->> 1 AND h.account IN (?2, ${EVERY_ACCOUNT})
       UNION ALL SELECT wanted.key, c.n, c.type FROM json_each(?1) wanted
       CROSS JOIN catalogue_change c ON c.n BETWEEN wanted.value ->> 0 AND wanted.value ->> 1) found
     CROSS JOIN word w ON w.n = found.type GROUP BY found.place, found.type ORDER BY found.place, min(found.n)`,
    JSON.stringify(appends.map(({ first, last }) => [first, last])),
    account,
  );
  return appends.map((_, index) => {
    const own = rows.filter(({ place }) => place === index);
    return { begin: own[0]!.n, counts: new Map(own.map(({ type, entries }) => [type, entries])) };
  });
}

/** Changes of who is in a role, and of what users are, that access follows from. */
const MEMBERSHIP_TYPES = ['UserAssigned', 'UserUnassigned', 'UserBarred'];
const STATUS_TYPES = ['UserRegistered', 'UserDeactivated', 'UserReactivated', 'UserErased'];

/**
 * True if another role than one was made, deleted or changed after an ordinal, and if the status or another role of a user
 * changed who is one of those given or was in the one role; also where more entries than `most` would have to be read.
 */
export function isChangedSince(
  { sql, account, at }: AccountAt,
  since: Ordinal,
  {
    role,
    users,
    most,
  }: { readonly role: RoleNumber; readonly users: Iterable<UserNumber>; readonly most: number },
): boolean {
  const { entries, changed } = sql.get<{ entries: number; changed: number }>(
    `SELECT count(*) AS entries, coalesce(max(CASE
        WHEN h.role = ?5 THEN 0
        WHEN h.role IS NOT NULL AND w.text NOT IN (SELECT value FROM json_each(?6)) THEN 1
        WHEN h.role IS NULL AND w.text NOT IN (SELECT value FROM json_each(?7)) THEN 0
        ELSE h.user IN (SELECT value FROM json_each(?8)) OR EXISTS (SELECT 1 FROM membership m
          WHERE m.account = ?1 AND m.role = ?5 AND m.user = h.user AND m.valid_to > ?2)
      END), 0) AS changed
     FROM (SELECT type, role, user FROM history INDEXED BY history_by_account
       WHERE account = ?1 AND n > ?2 AND n <= ?3 ORDER BY n LIMIT ?4) h CROSS JOIN word w ON w.n = h.type`,
    account,
    since,
    at,
    most + 1,
    role,
    JSON.stringify(MEMBERSHIP_TYPES),
    JSON.stringify(STATUS_TYPES),
    jsonList(users),
  )!;
  return changed === 1 || entries > most;
}
