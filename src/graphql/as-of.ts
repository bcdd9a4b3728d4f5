import { Field, InputType } from 'type-graphql';
import { PositionScalar } from './scalars';

/** A moment to read at. `@oneOf` is set on the built type (see schema.ts). */
@InputType('AsOf', {
  description:
    'A moment of the past: exactly one of a time or a position. What is read inside an object fetched so is as of the same moment, unless it says otherwise.',
})
export class AsOfInput {
  @Field(() => Date, {
    nullable: true,
    description: 'A time. The answer holds what had been recorded by then, along the log’s own time line.',
  })
  time?: Date | null;

  @Field(() => PositionScalar, {
    nullable: true,
    description: 'A position, as any answer gives it, or the id of an event of this account’s history.',
  })
  position?: string | null;
}

export const AS_OF = 'The moment to read at; left out: the present.';
