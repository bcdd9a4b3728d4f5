import { Field, ID, InputType } from 'type-graphql';
import { PositionScalar } from './scalars';

/** A time or position to read at. `@oneOf` is set on the built type (see schema.ts). */
@InputType('AsOf', {
  description:
    'A point in the past: exactly one of a time, a position or an event. Fields inside an object fetched this way are read as of the same point, unless they have an `asOf` of their own.',
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

  @Field(() => ID, {
    nullable: true,
    description:
      'Global id of an entry of this account’s history: the moment when its change had taken effect, with all that was written at once with it.',
  })
  event?: string | null;
}

export const AS_OF = 'Time, position or event to read at; left out: the present.';
