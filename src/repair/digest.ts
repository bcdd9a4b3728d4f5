import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { RecordedEvent } from '../event-store/port/event-store';

/** Text that a digest covers: all of an event except its position, which is the log's own, so that copies agree. */
export type DigestedEvent = Omit<RecordedEvent, 'position'>;

/** An event as canonical JSON. Accepts any content of a log: numbers too large for a double count as null. */
export function canonicalEvent({ id, type, stream, revision, data, metadata }: DigestedEvent): string {
  const event = { id, type, stream, revision, data, metadata };
  try {
    return canonicalize(event) ?? '';
  } catch {
    return canonicalize(JSON.parse(JSON.stringify(event))) ?? '';
  }
}

/** An event that is given to readers in another form than it was recorded in; it keeps its digest. */
export class EventInOtherForm implements RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: RecordedEvent['position'];
  readonly #recorded: RecordedEvent;

  constructor(
    recorded: RecordedEvent,
    readonly data: RecordedEvent['data'],
    readonly metadata: RecordedEvent['metadata'],
  ) {
    this.id = recorded.id;
    this.type = recorded.type;
    this.stream = recorded.stream;
    this.revision = recorded.revision;
    this.position = recorded.position;
    this.#recorded = recorded;
  }

  /** The event as it was recorded. */
  static recorded(event: DigestedEvent): DigestedEvent {
    return #recorded in event ? event.#recorded : event;
  }
}

/** SHA-256 of an event as recorded in the log, hex. */
export const eventDigest = (event: DigestedEvent): string =>
  hash('sha256', canonicalEvent(EventInOtherForm.recorded(event)), 'hex');
