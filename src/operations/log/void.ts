import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v4 } from 'uuid';
import { eventFault } from '../../../projections';
import { schemaVersionOf, traitsOf } from '../../domain/event-versions';
import type { LoggedMetadata } from '../../domain/events';
import type { LoggedRepairEvent, RepairEvent } from '../../domain/repair/events';
import { newerMessage, newerSchema } from '../../domain/schema-versions';
import { isUuid } from '../../domain/schemas';
import type { RecordedReason } from '../../domain/sealed-text';
import { isLonger, isVisible, plainTextFault, reasonFault } from '../../domain/text';
import type { Actor } from '../../domain/vocabulary';
import { appendUntilKnown } from '../../event-store/port/append-until-known';
import type { EventStore, NewEvent, RecordedEvent } from '../../event-store/port/event-store';
import { canonicalJson } from '../../event-store/port/json';
import { repairStream } from '../../event-store/port/streams';
import { eventDigest } from '../../repair/digest';
import { isRepair, readVoids, type Voids } from '../../repair/voids';
import { estimatedTotal } from '../../shared/progress';
import { projectAside, type Projected } from './aside';

export type VoidRefusalCode =
  /** The log has no event of that id. */
  | 'EVENT_NOT_FOUND'
  /** Readers apply the event: only an event that stops them can be void. */
  | 'EVENT_SOUND'
  /** The event is on the stream of repairs, which stops no reader. */
  | 'EVENT_OF_REPAIR'
  /** The log holds an event that this program is too old for, so that it cannot tell what other programs apply. */
  | 'LOG_NEWER'
  /** It was declared void before. */
  | 'EVENT_ALREADY_VOID'
  /** The event is not the one that the operator saw, or not the one that was declared void before. */
  | 'DIGEST_DIFFERS'
  /** Readers stop at another event before it, so it is not known yet whether they would apply this one. */
  | 'POISON_BEFORE_IT'
  /** Another declaration came first, repeatedly. */
  | 'CONTENTION'
  /** The id is no UUID, or the reason or the name is invalid. */
  | 'INVALID_INPUT';

/** Refusal to declare an event void; nothing was written. */
export class VoidRefusedError extends Error {
  override readonly name = 'VoidRefusedError';

  constructor(
    readonly code: VoidRefusalCode,
    message: string,
  ) {
    super(message);
  }
}

export interface VoidRequest {
  readonly event: string;
  readonly reason: string;
  readonly actor: Actor;
  /** Digest of the event as the operator saw it; left out: the log may hold any content. */
  readonly digest?: string;
}

export interface VoidTools {
  /** Open to write. */
  readonly store: EventStore;
  /** The same log as a projector reads it, with nothing encrypted; names are not wanted. */
  readonly readable: EventStore;
  /** Folder for temporary tables. */
  readonly directory: string;
  /** Form in which the log has the reason. Asked for when the event is found; what it takes is durable when it is given. */
  readonly recordedReason: (reason: string) => Promise<RecordedReason>;
  /** Called while reading the log; `total` is an estimate. */
  readonly onSearch?: (done: number, total: number | null) => void;
  /** Called while projecting it, if the event by itself is sound. */
  readonly onProject?: (done: number, total: number | null) => void;
  readonly now?: () => Date;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** Declaration that was recorded, with the reason in clear, and with the type of the void event. */
export type Voided = RepairEvent['data'] & { readonly type: string };

const ATTEMPTS = 10;

/**
 * Declares one event void, on the record: every reader skips it from then on. Refused for events that readers apply.
 * @throws VoidRefusedError, EventStoreError
 */
export async function voidEvent(tools: VoidTools, request: VoidRequest): Promise<Voided> {
  const reason = request.reason.trim();
  if (!isUuid(request.event))
    throw new VoidRefusedError(
      'INVALID_INPUT',
      'An event’s id is a UUID, as the log of a server and /health/ready tell it.',
    );
  const fault = reasonFault(reason) ?? nameFault(request.actor.id);
  if (fault !== null) throw new VoidRefusedError('INVALID_INPUT', fault);
  const { store, pause = (milliseconds) => sleep(milliseconds) } = tools;
  const { host, ...anywhere } = request.actor;
  // Programs of format 1 know of no host.
  const actor: Actor = host === undefined || (await store.format()) === 1 ? anywhere : request.actor;
  let recorded: RecordedReason | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const voids = await readVoids(store);
    const event = await findPoison(tools, request, voids);
    const { id, stream, revision, type } = event;
    const about: About = { event: id, stream, revision, digest: eventDigest(event) };
    recorded ??= await tools.recordedReason(reason);
    const append = [declaration(about, recorded, { actor, voids, now: tools.now?.() ?? new Date() })];
    // After a conflict with another writer, the next attempt decides again.
    const result = await appendUntilKnown(
      { store, pause },
      repairStream,
      voids.revision ?? 'no-stream',
      append,
    );
    if (result.outcome === 'appended') return { ...about, reason, type };
  }
  throw new VoidRefusedError(
    'CONTENTION',
    'Others write to the stream of repairs at the same time. Try again.',
  );
}

/** Fault of an operator's name in the metadata of the declaration. */
const nameFault = (name: string): string | null =>
  !isVisible(name) || isLonger(name, 100) || plainTextFault(name) !== null
    ? 'A name is one line of 1 to 100 characters.'
    : null;

/** The event that stops readers, of those that have the id. @throws VoidRefusedError */
async function findPoison(
  tools: VoidTools,
  { event: id, digest }: VoidRequest,
  voids: Voids,
): Promise<RecordedEvent> {
  const found = await search(tools, id.toLowerCase(), voids);
  const open = found.filter((event) => !isRepair(event.stream) && voids.at(event).length === 0);
  if (open.length === 0) throw refusalOf(id, found, voids);
  const event = open.find((each) => !isSoundAlone(each)) ?? (await stoppedAt(tools, open));
  if (digest !== undefined && digest.toLowerCase() !== eventDigest(event))
    throw new VoidRefusedError('DIGEST_DIFFERS', `The event has the digest ${eventDigest(event)}.`);
  return event;
}

/** The events that have the id, which need not be unique. @throws VoidRefusedError in a log that is newer than this program */
async function search({ store, onSearch }: VoidTools, id: string, voids: Voids): Promise<RecordedEvent[]> {
  const end = (await store.head())?.position;
  const found: RecordedEvent[] = [];
  let done = 0;
  for await (const event of store.readAll()) {
    done += 1;
    const schema = newerSchema(event);
    if (schema !== null && !voids.of(event)) throw new VoidRefusedError('LOG_NEWER', tooOld(event, schema));
    if (event.id.toLowerCase() === id) found.push(event);
    onSearch?.(done, end === undefined ? null : estimatedTotal(done, event.position, end));
  }
  return found;
}

const tooOld = ({ type, id, revision, stream }: RecordedEvent, schema: number): string =>
  `${type} at revision ${revision} of ${stream} (${id}) is no poison: ${newerMessage(schema)}. Only the newest program that writes to a log can tell which of its events nobody applies.`;

function refusalOf(id: string, found: readonly RecordedEvent[], voids: Voids): VoidRefusedError {
  const declared = found.find((event) => voids.of(event));
  if (declared)
    return new VoidRefusedError(
      'EVENT_ALREADY_VOID',
      `The event ${id} of ${declared.stream} is void already.`,
    );
  const other = found.find((event) => voids.at(event).length > 0);
  if (other)
    return new VoidRefusedError(
      'DIGEST_DIFFERS',
      `Another content was declared void at revision ${other.revision} of ${other.stream}: the log was changed since.`,
    );
  if (found.length > 0)
    return new VoidRefusedError('EVENT_OF_REPAIR', 'An event on the stream of repairs cannot be void.');
  return new VoidRefusedError('EVENT_NOT_FOUND', `The log has no event ${id}.`);
}

/** True if an event conforms to its definition, regardless of the events before it. */
const isSoundAlone = (event: RecordedEvent): boolean => eventFault(event) === null;

/** The event at which projecting stops, if it is one of these. @throws VoidRefusedError */
async function stoppedAt(
  { readable, directory, onProject }: VoidTools,
  events: readonly RecordedEvent[],
): Promise<RecordedEvent> {
  const last = events.at(-1)!;
  const projected = await projectAside(readable, {
    directory,
    until: last.position,
    onProgress: ({ done, total }) => onProject?.(done, total),
  });
  const event = events.find(({ position }) => position === projected.poisonEvent?.position);
  if (event) return event;
  throw projected.poison === null
    ? new VoidRefusedError(
        'EVENT_SOUND',
        `The event ${last.id} of ${last.stream} is sound: readers apply it.`,
      )
    : new VoidRefusedError('POISON_BEFORE_IT', stoppedBefore(projected));
}

const stoppedBefore = ({ poison, poisonEvent }: Projected): string =>
  `Readers stop before it${poisonEvent ? `, at the event ${poisonEvent.id}` : ''}: ${poison ?? ''}`;

type About = Omit<RepairEvent['data'], 'reason'>;

function declaration(
  about: About,
  recordedReason: RecordedReason,
  { actor, voids, now }: { readonly actor: Actor; readonly voids: Voids; readonly now: Date },
): NewEvent {
  const id = v4();
  const type = 'EventVoided' satisfies RepairEvent['type'];
  const { event, stream, revision, digest } = about;
  const reason = recordedReason(id);
  const data: LoggedRepairEvent['data'] = { ...about, reason };
  const host = actor.host === undefined ? {} : { actorHost: actor.host };
  const metadata: LoggedMetadata = {
    ...host,
    actorType: actor.type,
    actorId: actor.id,
    basis: `${voids.through ?? '-'}@-`,
    command: 'voidEvent',
    commandId: id,
    inputHash: hash('sha256', canonicalJson({ event, stream, revision, digest })),
    part: '1',
    parts: '1',
    reason,
    recordedAt: now.toISOString(),
    requestId: v4(),
    schemaVersion: schemaVersionOf({ type, data }, traitsOf({ ...host, reason })),
  };
  return { id, type, data, metadata };
}
