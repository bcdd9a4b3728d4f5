import { registerEnumType } from 'type-graphql';
import { claimEvents } from '../../domain/claim/events';
import { eventDefinitions, type EventType } from '../../domain/events';
import { fenceEvents } from '../../domain/role/events';

/** Types of events that history can show, under the very names that the log has. Claims and fences are not history. */
const hidden = new Set<string>([...Object.keys(claimEvents), ...Object.keys(fenceEvents)]);
const shown = (Object.keys(eventDefinitions) as EventType[]).filter((type) => !hidden.has(type));

export const HistoryEventType = Object.fromEntries(shown.map((type) => [type, type])) as Record<
  EventType,
  EventType
>;

registerEnumType(HistoryEventType, {
  name: 'HistoryEventType',
  description: 'What happened: the types of events, named as in the log.',
  valuesConfig: Object.fromEntries(
    shown.map((type) => [type, { description: eventDefinitions[type].description ?? type }]),
  ),
});
