import { Field, ObjectType } from 'type-graphql';
import { Cost } from '../limits/field-cost';
import { PositionScalar } from '../position';
import { MutationError } from './error';
import type { Settled } from './execute';

/** What every payload says besides what was changed. */
@ObjectType({ simpleResolvers: true })
export abstract class Payload {
  @Field(() => [MutationError], {
    description: 'Why nothing was changed; empty where the mutation was accepted.',
  })
  @Cost({ size: 3 })
  errors!: MutationError[];

  @Field(() => PositionScalar, {
    nullable: true,
    description:
      'The place in the log that the mutation led to; of one that changed nothing, the place that it was decided on. Send it as `Rolebook-Min-Position` to read on from here on any replica.',
  })
  position!: string | null;

  @Field(() => Boolean, {
    description: 'Whether this replica shows that place yet. What was changed stands either way.',
  })
  projected!: boolean;

  constructor(settled?: Settled) {
    if (settled)
      Object.assign(this, {
        errors: settled.errors,
        position: settled.position,
        projected: settled.projected,
      });
  }
}
