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

const recordedForms = new WeakMap<DigestedEvent, DigestedEvent>();

/** Notes that an event is given to readers in another form than it was recorded in, so that it keeps its digest. */
export function noteRecorded(event: DigestedEvent, recorded: DigestedEvent): void {
  recordedForms.set(event, recorded);
}

/** SHA-256 of an event as recorded in the log, hex. */
export const eventDigest = (event: DigestedEvent): string =>
  hash('sha256', canonicalEvent(recordedForms.get(event) ?? event), 'hex');
