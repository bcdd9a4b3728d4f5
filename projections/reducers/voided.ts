import { Value } from '@sinclair/typebox/value';
import { EventMetadata } from '../../src/domain/events';
import type { RecordedEvent, Position } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import type { EventVoid } from '../../src/repair/voids';
import { actorWord } from './history';
import { historyType } from '../tables/history-types';
import { endsAppend } from '../projector/checked-event';
import { NO_ACCOUNT } from '../tables/schema';
import type { Sql } from '../tables/sql';
import { addMoment } from '../tables/timeline';
import type { Ordinal } from '../view';
import type { TableWriter } from '../tables/table-writer';

/** Void events: they have their ordinals, so that replicas agree, and their marks in history, and change nothing else. */

/** What was reached before an event. */
interface Reached {
  readonly ordinal: Ordinal;
  readonly time: number;
}

/**
 * Gives an event that changes nothing its place: one that is void, or that stands on the stream of repairs. Its time may
 * be unreadable or wrong, so it does not move the time line. Returns the time reached.
 */
export function addPlace(writing: TableWriter, event: RecordedEvent, before: Reached): number {
  const { position, id } = event;
  const complete = endsAppend(event);
  const ordinal = before.ordinal + 1;
  const time = addMoment(writing, { ordinal, position, id, complete, at: 0 }, before.time);
  if (complete) writing.counts.write(ordinal);
  return time;
}

/** Marks an event as void, in the history of the account of its stream: metadata may not be readable. */
export function addVoided(
  writing: TableWriter,
  event: RecordedEvent,
  declared: EventVoid,
  { ordinal, time }: Reached,
): void {
  const { stream, revision, type } = event;
  const { at, by, reason, position } = declared;
  writing.sql.run(
    'INSERT INTO voided (n, stream, revision, type, at, actor, reason, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ordinal,
    stream,
    revision,
    type,
    at.getTime(),
    writing.word(actorWord(by)),
    reason,
    position,
  );
  addEntry(writing, event, { ordinal, time });
}

/** Of an event whose stream is none of ours nobody knows which account may see it. */
function addEntry(writing: TableWriter, event: RecordedEvent, { ordinal, time }: Reached): void {
  const stream = parseStream(event.stream);
  if (!stream) return;
  const account = stream.account === null ? NO_ACCOUNT : writing.account(stream.account);
  const { actorType, actorId, recordedAt, command, requestId, reason } = readable(event.metadata);
  const owner = (category: 'role' | 'user'): string | null =>
    stream.category === category && account !== NO_ACCOUNT ? stream.id : null;
  const role = owner('role');
  const user = owner('user');
  writing.history.add(
    ordinal,
    account,
    writing.word(historyType(event.type)),
    recordedAt === undefined ? time : Date.parse(recordedAt),
    writing.word(actorType && actorId ? actorWord({ type: actorType, id: actorId }) : ''),
    (role === null ? undefined : writing.role(account, role)?.n) ?? null,
    (user === null ? undefined : writing.user(account, user)) ?? null,
    null,
    writing.word(command ?? ''),
    requestId ?? '',
    reason ?? null,
    JSON.stringify(event.data),
  );
}

/** What of an event's metadata is as it should be. */
function readable(metadata: RecordedEvent['metadata']): Partial<EventMetadata> {
  const { properties } = EventMetadata;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
      return value !== undefined && Value.Check(schema, value) ? [[name, value]] : [];
    }),
  );
}

/** Whether the tables hold the event at that place of a stream as void. */
export const isMarked = (sql: Sql, { stream, revision }: { stream: string; revision: number }): boolean =>
  sql.get('SELECT 1 FROM voided WHERE stream = ? AND revision = ?', stream, revision) !== undefined;

/** Position of the last declaration that the tables rest on; null where no event is void. */
export function lastDeclaration(sql: Sql): Position | null {
  const position = sql.get<{ last: string | null }>(
    'SELECT CAST(max(position) AS TEXT) AS last FROM voided',
  )?.last;
  return position == null ? null : BigInt(position);
}
