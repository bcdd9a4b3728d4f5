import { Field, ObjectType } from 'type-graphql';
import type { VoidRow } from '../../../projections/view';
import { Actor } from '../actor/type';
import type { PinnedView } from '../pinned-view';
import { PositionScalar } from '../position';
import type { Ref } from '../ref';

@ObjectType({
  simpleResolvers: true,
  description:
    'That an event is void: no program could apply it, so an operator declared that it changes nothing.',
})
export class EventVoid {
  constructor(
    private readonly row: VoidRow,
    private readonly moment: PinnedView,
  ) {}

  @Field(() => Date, { description: 'When it was declared void.' })
  get at(): Date {
    return this.row.at;
  }

  @Field(() => PositionScalar, { description: 'Where the declaration stands in the log.' })
  get position(): string | null {
    return this.moment.request.encode(this.row.position);
  }

  @Field(() => Actor, { description: 'Who declared it.' })
  get actor(): Ref<Actor> {
    return new Actor(this.row.actor, this.moment);
  }

  @Field(() => String, { description: 'Why, in the operator’s words.' })
  get reason(): string {
    return this.row.reason;
  }

  @Field(() => String, { description: 'Type of the void event, as it was recorded; the log may hold any.' })
  get type(): string {
    return this.row.type;
  }
}
