import { IsOptional, Length, Min, ValidateBy } from 'class-validator';
import { Field, InputType, Int } from 'type-graphql';

const CONTROL = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]');
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A text that people can read and every store can keep: whole Unicode characters and no control characters. */
export const PlainText = (each = false): PropertyDecorator =>
  ValidateBy(
    {
      name: 'plainText',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && !LONE_SURROGATE.test(value) && !CONTROL.test(value),
        defaultMessage: () => 'The text has control characters or broken Unicode.',
      },
    },
    { each },
  );

/** What every mutation takes besides its own fields. */
@InputType()
export abstract class MutationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Any text of up to 200 characters. The same key with the same input returns the first outcome and changes nothing: safe to send again; with another input it is refused. A key is the caller’s own, and holds for one mutation of one role, user or account: on another it is another key.',
  })
  @IsOptional()
  @Length(1, 200, { message: 'An idempotency key has 1 to 200 characters.' })
  @PlainText()
  idempotencyKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the record: a ticket, an approval. Up to 200 characters; the history shows it.',
  })
  @IsOptional()
  @PlainText()
  reason?: string | null;
}

/** What every mutation of a role that exists takes besides. */
@InputType()
export abstract class RoleChangeInput extends MutationInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'Refuse with `VERSION_CONFLICT` unless the role has this version: nobody’s change is overwritten.',
  })
  @IsOptional()
  @Min(0, { message: 'A version is 0 or more.' })
  expectedVersion?: number | null;
}
