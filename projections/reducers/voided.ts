import { EventMetadata } from '../../src/domain/events';
import { compileSchema } from '../../src/domain/schemas';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import { voidOf, type EventVoid } from '../../src/repair/voids';
import { historyType } from '../history-types';
import { ordinalFrom, type Ordinal } from '../numbers';
import { NOTHING_KNOWN } from '../tables/erasure';
import { actorWord, addHistoryEntry, hostWord } from '../tables/history';
import { EVERY_ACCOUNT } from '../tables/schema';
import type { TableWriter } from '../tables/table-writer';
import { addMoment } from '../tables/timeline';
import { addVoidedRow } from '../tables/voided';
import { endsAppend } from './checked-event';
import { feedOf } from './feed';

/** Void events: they have their ordinals, so that replicas agree, and their marks in history, and change nothing else. */

/** Ordinal and time reached before an event. */
interface Reached {
  readonly ordinal: Ordinal;
  readonly time: number;
}

/**
 * Adds the ordinal of an event that changes nothing: one that is void, or is on the stream of repairs. Its time may
 * be unreadable or wrong, so it does not move the time line. Returns the time reached.
 */
export function addPlace(writing: TableWriter, event: RecordedEvent, before: Reached): number {
  const { position, id } = event;
  const complete = endsAppend(event);
  const ordinal = ordinalFrom(before.ordinal, 1);
  const account = feedOf(writing, parseStream(voidOf(event)?.stream ?? event.stream));
  const time = addMoment(writing, { ordinal, position, id, complete, at: null }, before.time, account);
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
  addVoidedRow(writing, {
    n: ordinal,
    stream,
    revision,
    type,
    at: at.getTime(),
    actor: writing.word(actorWord(by)),
    host: hostWord(writing, by),
    // Null where the key is gone; projected without a key book, in a check, it is encrypted.
    reason: typeof reason === 'string' ? reason : null,
    position,
  });
  addEntry(writing, event, { ordinal, time });
}

/** A void event of an erased user: nothing of it is shown, whatever it holds. */
const ERASED = { reason: null, data: JSON.parse(NOTHING_KNOWN) as unknown };

/** Adds the event to history, unless its stream is not Rolebook's: no account is known that may see it. */
function addEntry(writing: TableWriter, event: RecordedEvent, { ordinal, time }: Reached): void {
  const stream = parseStream(event.stream);
  if (!stream) return;
  const account = stream.account === null ? EVERY_ACCOUNT : writing.account(stream.account);
  const { actorType, actorId, actorHost, recordedAt, command, requestId, reason } = readable(event.metadata);
  const owner = (category: 'role' | 'user'): string | null =>
    stream.category === category && account !== EVERY_ACCOUNT ? stream.id : null;
  const role = owner('role');
  const user = owner('user');
  const number = user === null ? null : (writing.user(account, user) ?? null);
  const told = writing.isErased(account, number) ? ERASED : { reason, data: event.data };
  addHistoryEntry(writing, {
    n: ordinal,
    account,
    type: historyType(event.type),
    at: recordedAt === undefined ? time : Date.parse(recordedAt),
    actor: actorType && actorId ? { type: actorType, id: actorId, host: actorHost } : null,
    role: (role === null ? undefined : writing.role(account, role)?.n) ?? null,
    user: number,
    permission: null,
    command: command ?? '',
    request: requestId ?? '',
    reason: told.reason ?? null,
    data: told.data,
  });
}

/** Fields of an event's metadata that are valid. */
function readable(metadata: RecordedEvent['metadata']): Partial<EventMetadata> {
  const { properties } = EventMetadata;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
      return value !== undefined && compileSchema(schema).Check(value) ? [[name, value]] : [];
    }),
  );
}
