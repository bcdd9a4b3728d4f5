import { compiledValidator, isEventType } from '../../../domain/schemas';
import { shownText } from '../../../domain/sealed-text';
import type { EventStore, RecordedEvent } from '../../../event-store/port/event-store';
import { demandReadable } from '../../../repair/newer';
import type { EventVoid, Voids } from '../../../repair/voids';
import { placeOfMoment, type OnSearch } from '../place-of-moment';

/** One step of a replay: an event, and the state on both sides of it. */
export interface ReplayStep<State> {
  readonly event: RecordedEvent;
  /** The change in words. */
  readonly change: string;
  readonly before: State;
  readonly after: State;
  /** True for an event before the moment that the replay is told from. */
  readonly isEarly: boolean;
  /** Set if the event is void: the state is the one before it. */
  readonly voided?: EventVoid;
}

export interface ReplayOptions {
  /** Marks events before this moment as early, along the log's own time line; the states count them. */
  readonly since?: Date;
  /** Leaves out later events, along the log's own time line; left out: no limit. */
  readonly until?: Date;
  /** Called while the positions of the moments are searched for. */
  readonly onSearch?: OnSearch;
}

/** Part of the log that a replay tells. */
export interface Span {
  /** True for an event before it. */
  readonly isEarly: (event: RecordedEvent) => boolean;
  /** True for an event after it: the replay ends. */
  readonly isLate: (event: RecordedEvent) => boolean;
}

export async function spanOf(
  store: EventStore,
  voids: Voids,
  { since, until, onSearch }: ReplayOptions,
): Promise<Span> {
  // The time line is of whole milliseconds.
  const before = since && new Date(since.getTime() - 1);
  const first = before && (await placeOfMoment(store, before, voids, { onSearch }));
  // Reads what is before both moments once.
  const after = before && until && before <= until ? first : null;
  const last = until && (await placeOfMoment(store, until, voids, { after, onSearch }));
  return {
    isEarly: ({ position }) => first != null && position <= first,
    isLate: ({ position }) => last !== undefined && (last === null || position > last),
  };
}

/**
 * Demands that an event is sound: in clear, encrypted, or with nothing where its key is gone.
 * @throws NewerEventError, Error
 */
export function demandSound(event: RecordedEvent): void {
  demandReadable(event);
  const { type, data } = event;
  const isSound =
    isEventType(type) && (compiledValidator(type).Check(data) || compiledValidator(type, 'read').Check(data));
  if (!isSound) throw new Error(`Event ${event.revision} of ${event.stream} is not a valid ${type}.`);
}

export const describeVoid = ({ type }: RecordedEvent, { by, reason }: EventVoid): string =>
  `${type} is void, declared so by ${by.type} ${by.id}: ${shownText(reason)}`;
