import type { EventMetadata } from '../domain/events';
import type { LoggedRepairEvent, ReadRepairEvent, RepairEvent } from '../domain/repair/events';
import { compiledValidator, metadataValidator } from '../domain/schemas';
import type { SealedText } from '../domain/sealed-text';
import type { Actor } from '../domain/vocabulary';
import type { EventStore, Position, RecordedEvent } from '../event-store/port/event-store';
import { repairStream } from '../event-store/port/streams';
import { eventDigest } from './digest';

/** List of void events. Every reader of the log uses this one, and skips the events in it. */

/** Declaration of an operator that an event is void: event, time, actor and reason. */
export interface EventVoid {
  readonly event: string;
  readonly stream: string;
  readonly revision: number;
  readonly digest: string;
  /** Encrypted for a reader without a key book, null where the key is gone. */
  readonly reason: string | SealedText | null;
  readonly at: Date;
  readonly by: Actor;
  /** Position of the declaration. */
  readonly position: Position;
}

/** Declarations on the stream of repairs when it was read. */
export class Voids {
  static readonly NONE = new Voids([], null, null);
  readonly #byPlace = new Map<string, EventVoid[]>();
  readonly #revisions = new Map<string, number[]>();

  constructor(
    readonly all: readonly EventVoid[],
    /** Position of the last event that was read, a sound declaration or not. */
    readonly through: Position | null,
    /** Its revision, up to which the list is complete. */
    readonly revision: number | null,
  ) {
    for (const each of all) {
      const place = placeOf(each);
      const here = this.#byPlace.get(place);
      if (here) here.push(each);
      else this.#byPlace.set(place, [each]);
      this.#revisions.set(each.stream, [...(this.#revisions.get(each.stream) ?? []), each.revision]);
    }
  }

  /** The declaration that an event is void, if there is one after it: with this id, this revision and this content. */
  of(event: RecordedEvent): EventVoid | null {
    // Nearly every log has none, and a digest costs as much as applying the event.
    if (this.all.length === 0) return null;
    const here = this.#byPlace
      .get(placeOf(event))
      ?.filter((each) => each.event === event.id && each.position > event.position);
    if (!here || here.length === 0) return null;
    const digest = eventDigest(event);
    return here.find((each) => each.digest === digest) ?? null;
  }

  /** Declarations about a revision of a stream, whatever event and content they name. */
  at(place: { readonly stream: string; readonly revision: number }): readonly EventVoid[] {
    return this.#byPlace.get(placeOf(place)) ?? [];
  }

  /** Cache key of the stream with its present void events: a state folded under another key is not used. */
  keyOf(stream: string): string {
    const revisions = this.#revisions.get(stream);
    return revisions ? `${stream} without ${[...revisions].sort((a, b) => a - b).join(',')}` : stream;
  }
}

const placeOf = ({ stream, revision }: { readonly stream: string; readonly revision: number }): string =>
  `${revision}@${stream}`;

export const isRepair = (stream: string): boolean => stream === repairStream;

/**
 * Declaration of an event on the stream of repairs; null if it is no sound declaration. An unsound one has no effect,
 * and stops no reader: otherwise operators could not repair such a log. `rolebook log verify` reports it. Nothing depends
 * on the reason, so that a declaration is the same for those who cannot decrypt it.
 */
export function voidOf({ type, data, metadata, position }: RecordedEvent): EventVoid | null {
  const inForm = (form: 'log' | 'read'): boolean =>
    compiledValidator(VOIDED, form).Check(data) && metadataValidator(form).Check(metadata);
  if (type !== VOIDED || (!inForm('log') && !inForm('read'))) return null;
  const declared = data as unknown as (LoggedRepairEvent | ReadRepairEvent)['data'];
  const { actorType, actorId, actorHost, recordedAt } = metadata as unknown as EventMetadata;
  return {
    ...declared,
    event: declared.event.toLowerCase(),
    at: new Date(recordedAt),
    by: { type: actorType, id: actorId, ...(actorHost === undefined ? {} : { host: actorHost }) },
    position,
  };
}

const VOIDED = 'EventVoided' satisfies RepairEvent['type'];

/** Reads the whole stream of repairs. @throws EventStoreError */
export async function readVoids(store: Pick<EventStore, 'readStream'>): Promise<Voids> {
  const all: EventVoid[] = [];
  let last: RecordedEvent | null = null;
  for await (const event of store.readStream(repairStream)) {
    const declared = voidOf(event);
    if (declared) all.push(declared);
    last = event;
  }
  return last === null ? Voids.NONE : new Voids(all, last.position, last.revision);
}
