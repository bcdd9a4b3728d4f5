import { Field, ObjectType } from 'type-graphql';
import type { HistoryRow } from '../../../projections/view';
import {
  describeEvent,
  type EventDescription,
  type NamesThen,
  type PropertyChange,
  type ToldEvent,
} from '../../domain/description/describe-event';
import { globalId } from '../ids';

@ObjectType({ simpleResolvers: true, description: 'One field that an event changed.' })
export class HistoryChange {
  @Field({ description: 'Name of the field, e.g. `name`, `permission`, `scopes`, `user`.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its value before; null where there was none. Lists are joined by commas.',
  })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'Its value after; null where there is none.' })
  after!: string | null;
}

type Row = Pick<HistoryRow, 'type' | 'data' | 'voided'>;

/** What an event changed, field by field, from its data alone: events say both sides. A void event changed nothing. */
export function changesOf(row: Row): HistoryChange[] {
  if (row.voided) return [];
  return described(row).changes.map(({ property, before, after, idsOf }) => ({
    field: property,
    before: valueText(before, idsOf),
    after: valueText(after, idsOf),
  }));
}

/** An event as one sentence that reads alone, with the names of then. */
export function summaryOf(row: Row, { actor, ...names }: NamesThen & { readonly actor: string }): string {
  // Its data may say anything.
  if (row.voided) return `${actor} recorded ${row.voided.type}, which is void and changed nothing.`;
  return `${actor} ${described(row).predicate(names)}.`;
}

/** The tables hold valid events only, and of these only the types that history shows. */
const described = ({ type, data }: Row): EventDescription =>
  describeEvent({ type, data } as unknown as ToldEvent);

function valueText(value: PropertyChange['before'], idsOf: PropertyChange['idsOf']): string | null {
  if (value == null) return null;
  if (idsOf) return globalId(idsOf === 'role' ? 'Role' : 'User', String(value));
  return typeof value === 'object' ? value.join(', ') : String(value);
}
