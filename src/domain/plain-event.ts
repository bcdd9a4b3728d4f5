import type { RolebookEvent } from './events';
import type { Fault } from './schemas';
import { compiledValidator, compileSchema } from './schemas';
import { eventFaults, type EventContent, type EventPlace } from './sound-event';
import type { UserEvent } from './user/events';
import { plainUserEvents, type PlainUserEvent } from './user/plain-events';

/** An event as readers get it: see `user/plain-events.ts`. */
export type PlainEvent = Exclude<RolebookEvent, UserEvent> | PlainUserEvent;

/** Faults of an event as readers get it; see `eventFaults`. */
export const plainEventFaults = (event: EventContent, place: EventPlace | null): readonly Fault[] =>
  eventFaults(event, place, (type) =>
    type === 'UserRegistered' || type === 'UserProfileChanged'
      ? compileSchema(plainUserEvents[type])
      : compiledValidator(type),
  );
