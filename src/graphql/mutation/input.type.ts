import { IsOptional, Length, Min, ValidateBy, ValidateIf } from 'class-validator';
import { Field, InputType, Int } from 'type-graphql';
import { plainTextFault, type PlainTextOptions } from '../../domain/text';
import { PositionScalar } from '../scalars';

interface PlainTextField extends PlainTextOptions {
  /** True if the field is a list of texts. */
  readonly each?: boolean;
}

const textField = (fault: (text: string) => string | null, each: boolean): PropertyDecorator => {
  const faultOf = (value: unknown): string | null =>
    typeof value === 'string' ? fault(value) : 'A text is wanted.';
  return ValidateBy(
    {
      name: 'text',
      validator: {
        validate: (value: unknown) => faultOf(value) === null,
        defaultMessage: (args) => [args?.value as unknown].flat().map(faultOf).find(Boolean) ?? '',
      },
    },
    { each },
  );
};

/** A field that holds plain text. New names take lines here, for they are trimmed before their own rule looks at them. */
export const PlainText = ({ each = false, multiline }: PlainTextField = {}): PropertyDecorator =>
  textField((text) => plainTextFault(text, { multiline }), each);

/**
 * A name or a description that exists already, which the rules of the domain judge: they know of values that predate a
 * rule, which may be sent back unchanged. Only text that is not Unicode at all is refused here.
 */
export const JudgedText = (): PropertyDecorator =>
  textField((text) => (text.isWellFormed() ? null : plainTextFault(text)), false);

/** Fields that every mutation takes besides its own. */
@InputType()
export abstract class MutationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Key that makes it safe to send the mutation again: any text of 1 to 200 characters. The same key with the same input returns the first outcome and changes nothing; with another input it is refused. A key is the caller’s own, and holds for one mutation of one role, user or account: on another it is another key.',
  })
  @IsOptional()
  @Length(1, 200, { message: 'An idempotency key has 1 to 200 characters.' })
  @PlainText()
  idempotencyKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Reason of the change, for the record: a ticket, an approval. Up to 200 characters and 300 bytes of UTF-8, at least one of them visible; left out or null: none. The history shows it.',
  })
  @IsOptional()
  @PlainText({ multiline: true })
  reason?: string | null;
}

/** Description of `dryRun`. */
export const DRY_RUN =
  'True: the same is decided and nothing is written; the payload says what would be refused and what would change, and its `position` is null. Left out or null: false.';

/** Description of `dryRun` in a payload. */
export const DRY_RUN_DONE = 'True if it was a dry run: nothing was written.';

const VERSION_IS_NULL = 'Leave the version out to change the role whatever version it has; null is none.';

/** Fields that every mutation of roles takes besides. */
@InputType()
export abstract class RoleMutationInput extends MutationInput {
  @Field(() => PositionScalar, {
    nullable: true,
    description:
      'The `basis` of a preview of this change: it is made exactly as it was previewed, or refused with `PREVIEW_STALE` where something that the preview rests on has changed since. Left out or null: it is decided on what there is now.',
  })
  expectedBasis?: string | null;
}

/** Fields that every mutation of an existing role takes besides. */
@InputType()
export abstract class RoleVersionInput extends RoleMutationInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'Version that the role must have, else the mutation is refused with `VERSION_CONFLICT`: nobody’s change is overwritten. Left out: any version. Null is refused, for it would take the guard away from a caller who meant to send a version.',
  })
  @ValidateIf((_input, version) => version !== undefined)
  @Min(0, { message: ({ value }) => (value === null ? VERSION_IS_NULL : 'A version is 0 or more.') })
  expectedVersion?: number | null;
}
