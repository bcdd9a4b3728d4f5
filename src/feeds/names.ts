import type { RecordedEvent } from '../event-store/port/event-store';
import { changedAt, personalFields } from '../sealing/personal-fields';

/** Decrypts an event of the log; a text that was erased is null. */
export type OpenEvent = (event: RecordedEvent) => RecordedEvent | Promise<RecordedEvent>;

/** The event without what is personal in it, for those who may not see users: null, as for one who was erased. */
export const withoutNames = (event: RecordedEvent): RecordedEvent => ({
  ...event,
  data: changedAt(event.data, personalFields(event.type), () => null),
});
