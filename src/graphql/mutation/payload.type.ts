import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CommandOwner, InputRefusal } from '../../commands/command';
import { REFUSAL_CODES, type RefusalCode } from '../../domain/refusal';
import { globalId } from '../global-id';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { PositionScalar } from '../scalars';

const codes = Object.keys(REFUSAL_CODES) as RefusalCode[];

export const ErrorCode = Object.fromEntries(codes.map((code) => [code, code])) as Record<
  RefusalCode,
  RefusalCode
>;
registerEnumType(ErrorCode, {
  name: 'ErrorCode',
  description: 'Reasons why a mutation changed nothing.',
  valuesConfig: Object.fromEntries(codes.map((code) => [code, { description: REFUSAL_CODES[code] }])),
});

@ObjectType({
  simpleResolvers: true,
  description: 'One fault of a mutation. All known faults are returned at once.',
})
export class MutationError {
  @Field(() => ErrorCode, { description: 'Stable code, for programs.' })
  code!: RefusalCode;

  @Field({ description: 'Description of the fault, for people.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'Path in the input, e.g. `["grants", "2", "permission"]`; null where the fault is about the whole input.',
  })
  field!: readonly string[] | null;

  @Field(() => [ID], { description: 'Global ids of the users or roles concerned.' })
  ids!: readonly string[];

  @Field(() => [String], { description: 'Keys of the permissions concerned.' })
  permissions!: readonly string[];

  @Field(() => Int, { nullable: true, description: 'The role’s present version, on `VERSION_CONFLICT`.' })
  currentVersion!: number | null;
}

/** Fields that have another name in the input of a mutation than in its command, as the id of what it changes. */
export type FieldNames = Readonly<Record<string, string>>;

/** A refusal as the payload shows it. */
export function asMutationError(refusal: InputRefusal, names: FieldNames): MutationError {
  const { code, message, field, idsOf, ids = [], permissions = [], currentVersion = null } = refusal;
  const type = idsOf === 'role' ? 'Role' : 'User';
  return {
    code,
    message,
    field: field ? fieldOf(field, names) : null,
    ids: ids.map((id) => globalId(type, id)),
    permissions,
    currentVersion,
  };
}

const fieldOf = ([first = '', ...inner]: readonly string[], names: FieldNames): readonly string[] => [
  names[first] ?? first,
  ...inner,
];

/** Outcome of a mutation, before its payload is read. */
export interface Settled {
  readonly errors: MutationError[];
  readonly position: string | null;
  /** True if the answer shows the change: the tables may be behind. */
  readonly projected: boolean;
  /** Number of changes that were made, or that a dry run would make. */
  readonly changes: number;
  /**
   * The changed object and the view that shows it; null if nothing was changed, if it cannot be shown yet, and of a dry
   * run.
   */
  readonly changed: {
    readonly owner: CommandOwner;
    /** Id of the API key of the owner that was changed, if one was. */
    readonly apiKey?: string;
    readonly moment: PinnedView;
  } | null;
}

/** Fields of every payload besides the changed object. */
@ObjectType({ simpleResolvers: true })
export abstract class Payload {
  @Field(() => [MutationError], {
    description: 'Reasons why nothing was changed; empty where the mutation was accepted.',
  })
  @Cost({ size: 3 })
  errors!: MutationError[];

  @Field(() => PositionScalar, {
    nullable: true,
    description:
      'Position in the log that the mutation led to; of one that changed nothing, the position that it was decided on. Send it as `Rolebook-Min-Position` to read on from here on any replica.',
  })
  position!: string | null;

  @Field(() => Boolean, {
    description:
      'True if this replica shows that position already. An accepted change is recorded either way.',
  })
  projected!: boolean;

  /** Errors of the whole and of its parts. */
  allErrors(): readonly MutationError[] {
    return this.errors;
  }

  constructor(settled?: Pick<Settled, 'errors' | 'position' | 'projected'>) {
    if (settled)
      Object.assign(this, {
        errors: settled.errors,
        position: settled.position,
        projected: settled.projected,
      });
  }
}
