import { registerEnumType } from 'type-graphql';
import { HISTORY_EVENTS, OTHER_TYPE } from '../../../projections/tables/history-types';

const shown = {
  ...HISTORY_EVENTS,
  [OTHER_TYPE]: {
    description: 'Something that history shows only where it was declared void; see `voided`.',
  },
} as const;

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
