import type { RolebookEvent } from '../../src/domain/events';
import { changesRole } from '../../src/domain/role/events';
import type { Actor, ActorType } from '../../src/domain/vocabulary';
import type { CheckedEvent } from '../projector/checked-event';
import { NO_ACCOUNT } from '../tables/schema';
import { listed } from '../tables/sets';
import type { Sql } from '../tables/sql';
import { uuidText } from '../tables/timeline';
import type { HistoryRow, Ordinal, VoidRow } from '../view';
import type { TableWriter } from '../tables/table-writer';

/** History: every event that changed something anyone can see, with who and why. */

export function addHistory(writing: TableWriter, logged: CheckedEvent, account: number): void {
  const { ordinal, event, metadata, at } = logged;
  if (!isHistory(event, logged)) return;
  const { role, user, permission } = event.data as { role?: string; user?: string; permission?: string };
  writing.history.add(
    ordinal,
    account,
    writing.word(event.type),
    at,
    writing.word(actorWord({ type: metadata.actorType, id: metadata.actorId })),
    (account !== NO_ACCOUNT && role !== undefined ? writing.role(account, role)?.n : undefined) ?? null,
    (account !== NO_ACCOUNT && user !== undefined ? writing.user(account, user) : undefined) ?? null,
    permission === undefined ? null : writing.word(permission),
    writing.word(metadata.command),
    metadata.requestId,
    metadata.reason ?? null,
    JSON.stringify(event.data),
  );
}

function isHistory(event: RolebookEvent, { stream }: CheckedEvent): boolean {
  if (stream.category === 'claim') return false;
  if (stream.category === 'catalogue') return event.type === 'CataloguePublished';
  return changesRole(event);
}

export const actorWord = ({ type, id }: Actor): string => `${type}:${id}`;
function actorOf(word: string): Actor {
  const end = word.indexOf(':');
  return { type: word.slice(0, end) as ActorType, id: word.slice(end + 1) };
}

/** When, along the time line, and by whom an event was recorded. */
export interface Recorded {
  readonly at: Date;
  readonly by: Actor;
}

/** Of events by ordinal; what is not history is left out. */
export const recorded = (sql: Sql, ordinals: Iterable<Ordinal>): ReadonlyMap<Ordinal, Recorded> =>
  new Map(
    sql
      .all<{ n: Ordinal; at: number; actor: string }>(
        `SELECT h.n, m.time AS at, a.text AS actor FROM json_each(?) wanted
         CROSS JOIN history h ON h.n = wanted.value CROSS JOIN moment m ON m.n = h.n
         CROSS JOIN word a ON a.n = h.actor`,
        listed(ordinals),
      )
      .map(({ n, at, actor }) => [n, { at: new Date(at), by: actorOf(actor) }]),
  );

interface Row {
  readonly n: Ordinal;
  readonly position: string;
  readonly event: Uint8Array;
  readonly time: number;
  readonly recorded: number;
  readonly type: string;
  readonly actor: string;
  readonly command: string;
  readonly request: string;
  readonly reason: string | null;
  readonly permission: string | null;
  readonly role: string | null;
  readonly user: string | null;
  readonly data: string;
  readonly voidedType: string | null;
  readonly voidedAt: number;
  readonly voidedBy: string;
  readonly voidedReason: string;
  readonly voidedPosition: string;
}

/** The entries at ordinals of history, in their order. */
export const historyRows = (sql: Sql, ordinals: readonly Ordinal[]): HistoryRow[] =>
  sql
    .all<Row>(
      `SELECT h.n, CAST(m.position AS TEXT) AS position, m.event, m.time, h.at AS recorded, t.text AS type, a.text AS actor,
         c.text AS command, p.text AS permission, r.id AS role, u.id AS user, h.request, h.reason, h.data,
         v.type AS voidedType, v.at AS voidedAt, v.reason AS voidedReason, va.text AS voidedBy,
         CAST(v.position AS TEXT) AS voidedPosition
       FROM json_each(?) wanted CROSS JOIN history h ON h.n = wanted.value CROSS JOIN moment m ON m.n = h.n
       CROSS JOIN word t ON t.n = h.type CROSS JOIN word a ON a.n = h.actor CROSS JOIN word c ON c.n = h.command
       LEFT JOIN word p ON p.n = h.permission
       LEFT JOIN role_key r ON r.account = h.account AND r.n = h.role
       LEFT JOIN user_key u ON u.account = h.account AND u.n = h.user
       LEFT JOIN voided v ON v.n = h.n LEFT JOIN word va ON va.n = v.actor
       ORDER BY wanted.key`,
      listed(ordinals),
    )
    .map((row) => ({
      ordinal: row.n,
      position: BigInt(row.position),
      eventId: uuidText(row.event),
      type: row.type,
      at: new Date(row.time),
      recordedAt: new Date(row.recorded),
      actor: row.actor === '' ? null : actorOf(row.actor),
      reason: row.reason,
      command: row.command,
      requestId: row.request,
      role: row.role,
      user: row.user,
      permission: row.permission,
      data: JSON.parse(row.data) as Record<string, unknown>,
      voided: voidOf(row),
    }));

const voidOf = (row: Row): VoidRow | null =>
  row.voidedType === null
    ? null
    : {
        at: new Date(row.voidedAt),
        actor: actorOf(row.voidedBy),
        reason: row.voidedReason,
        position: BigInt(row.voidedPosition),
        type: row.voidedType,
      };
