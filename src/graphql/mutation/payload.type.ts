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

/** A refusal as the payload shows it. `idField`: the input’s field for the id of the role or user that it changes. */
export function asMutationError(refusal: InputRefusal, idField: string): MutationError {
  const { code, message, field, idsOf, ids = [], permissions = [], currentVersion = null } = refusal;
  const type = idsOf === 'role' ? 'Role' : 'User';
  return {
    code,
    message,
    field: field ? fieldOf(field, idField) : null,
    ids: ids.map((id) => globalId(type, id)),
    permissions,
    currentVersion,
  };
}

/** The role or user that a mutation changes has a field of another name in its input than in the command. */
const fieldOf = (field: readonly string[], idField: string): readonly string[] =>
  field[0] === 'role' || field[0] === 'user' ? [idField, ...field.slice(1)] : field;

/** Outcome of a mutation, before its payload is read. */
export interface Settled {
  readonly errors: MutationError[];
  readonly position: string | null;
  /** True if the answer shows the change: the tables may be behind. */
  readonly projected: boolean;
  /** The changed object and the view that shows it; null if nothing was changed, or if it cannot be shown yet. */
  readonly changed: { readonly owner: CommandOwner; readonly moment: PinnedView } | null;
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

  constructor(settled?: Settled) {
    if (settled)
      Object.assign(this, {
        errors: settled.errors,
        position: settled.position,
        projected: settled.projected,
      });
  }
}
