import { Field, ObjectType } from 'type-graphql';
import { PositionScalar } from './scalars';

@ObjectType({
  simpleResolvers: true,
  description:
    'A moment of the past that an answer shows: the end of a change, in its durable form. Whatever time or position was asked for, equal moments have equal positions.',
})
export class Moment {
  @Field(() => PositionScalar, {
    description:
      'Position of the last event that the answer shows. `asOf` this position gives the same answer again, on every replica and in every copy of the log.',
  })
  position!: string;

  @Field(() => Date, {
    description:
      'Time of that event, along the log’s own time line; 1970-01-01T00:00:00.000Z where the answer is as of before the first event.',
  })
  time!: Date;
}

export const SHOWN_AS_OF = 'Moment of the past that this shows; null: it is as of now.';
