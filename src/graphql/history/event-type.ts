import { registerEnumType } from 'type-graphql';
import { accountEvents } from '../../domain/account/events';
import { roleEvents } from '../../domain/role/events';
import { userEvents } from '../../domain/user/events';
import { catalogueEvents } from '../../domain/catalogue/events';

/** Types of events that history can show, under the very names that the log has: those that changed something. */
const { UserUnbarred: _, ...role } = roleEvents;
const { CataloguePublished } = catalogueEvents;
const shown = { ...role, ...userEvents, ...accountEvents, CataloguePublished };

export type HistoryEventType = keyof typeof shown;
export const HistoryEventType = Object.fromEntries(Object.keys(shown).map((type) => [type, type])) as {
  [Type in HistoryEventType]: Type;
};

registerEnumType(HistoryEventType, {
  name: 'HistoryEventType',
  description: 'What happened: the types of events, named as in the log.',
  valuesConfig: Object.fromEntries(
    Object.entries(shown).map(([type, { description }]) => [type, { description: description ?? type }]),
  ),
});
