import { Field, ObjectType, registerEnumType } from 'type-graphql';
import {
  CATALOGUE_CHANGES,
  HISTORY_EVENTS,
  OTHER_TYPE,
  type HistoryRow,
  type VoidRow,
} from '../../../projections/view';
import { describeEvent, type ToldEvent } from '../../domain/description/describe-event';
import type { EventDescription, NamesThen, PropertyChange } from '../../domain/description/description';
import { globalId } from '../global-id';
import { Open } from '../guard';
import type { PinnedView } from '../pinned-view';
import { PositionScalar } from '../scalars';
import { Actor } from './actor.type';

const shown = {
  ...HISTORY_EVENTS,
  ...CATALOGUE_CHANGES,
  [OTHER_TYPE]: {
    description: 'Any other event. The history shows it only where it was declared void; see `voided`.',
  },
} as const;

/** A type of entry as the log and the tables have it, e.g. `RoleCreated`. */
export type HistoryEventType = keyof typeof shown;

/** `ROLE_CREATED` for `RoleCreated`: values of enums are in upper case, names of events are not. */
const enumValue = (type: string): string => type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/** The values of the API, and the type that each stands for. */
export const HistoryEventType = Object.fromEntries(
  Object.keys(shown).map((type) => [enumValue(type), type as HistoryEventType]),
);

registerEnumType(HistoryEventType, {
  name: 'HistoryEventType',
  description:
    'Types of entries: events, `ROLE_CREATED` for the `RoleCreated` of the log, and what a publication of the catalogue changed, for which the log has staged events.',
  valuesConfig: Object.fromEntries(
    Object.entries(shown).map(([type, { description }]) => [
      enumValue(type),
      { description: description ?? type },
    ]),
  ),
});

@ObjectType({
  simpleResolvers: true,
  description:
    'Declaration that an event is void: no program could apply it, so an operator declared that it changes nothing.',
})
export class EventVoid {
  constructor(
    private readonly row: VoidRow,
    private readonly moment: PinnedView,
  ) {}

  @Field(() => Date, { description: 'Time of the declaration.' })
  get at(): Date {
    return this.row.at;
  }

  @Field(() => PositionScalar, { description: 'Position of the declaration in the log.' })
  get position(): string {
    return this.moment.request.encodePosition(this.row.position);
  }

  @Field(() => Actor, { description: 'Actor who declared it.' })
  @Open()
  get actor(): Actor {
    return new Actor(this.row.actor, this.moment);
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Reason of the declaration, in the operator’s words; null where the key that decrypts it is lost.',
  })
  get reason(): string | null {
    return this.row.reason;
  }

  @Field(() => String, { description: 'Type of the void event, as it was recorded; the log may hold any.' })
  get type(): string {
    return this.row.type;
  }
}

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

  @Field(() => String, {
    nullable: true,
    description:
      'Key of the permission whose `scopes` these are, where the entry is about several permissions; else null.',
  })
  permission!: string | null;
}

type Row = Pick<HistoryRow, 'type' | 'data' | 'voided'>;

/** Changes of an event, field by field, from its data alone: events hold both sides. A void event changed nothing. */
export function changesOf(row: Row): HistoryChange[] {
  if (row.voided) return [];
  return described(row).changes.map(({ property, before, after, idsOf, permission }) => ({
    field: property,
    before: valueText(before, idsOf),
    after: valueText(after, idsOf),
    permission: permission ?? null,
  }));
}

/** An event as one self-contained sentence, with the names of that time. */
export function summaryOf(row: Row, { actor, ...names }: NamesThen & { readonly actor: string }): string {
  // Its data may be anything.
  if (row.voided) return `${actor} recorded ${row.voided.type}, which is void and changed nothing.`;
  return `${actor} ${described(row).predicate(names)}.`;
}

/** The tables hold valid events, of these only the types that history shows, and changes as the rules find them. */
const described = ({ type, data }: Row): EventDescription =>
  describeEvent({ type, data } as unknown as ToldEvent);

function valueText(value: PropertyChange['before'], idsOf: PropertyChange['idsOf']): string | null {
  if (value == null) return null;
  if (idsOf) return globalId(idsOf === 'role' ? 'Role' : 'User', String(value));
  return typeof value === 'object' ? value.join(', ') : String(value);
}
