import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CommandOwner } from '../../commands/command';
import { REFUSAL_CODES, type Refusal, type RefusalCode } from '../../domain/refusal';
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
  description: 'Why a mutation changed nothing.',
  valuesConfig: Object.fromEntries(codes.map((code) => [code, { description: REFUSAL_CODES[code] }])),
});

@ObjectType({
  simpleResolvers: true,
  description: 'One thing that is wrong with a mutation. All that is known to be wrong is told at once.',
})
export class MutationError {
  @Field(() => ErrorCode, { description: 'Stable code, for programs.' })
  code!: RefusalCode;

  @Field({ description: 'What is wrong, for people.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path in the input, e.g. `["grants", "2", "permission"]`; null where it is about the whole.',
  })
  field!: readonly string[] | null;

  @Field(() => [ID], { description: 'Global ids of the users or roles concerned.' })
  ids!: readonly string[];

  @Field(() => [String], { description: 'Keys of the permissions concerned.' })
  permissions!: readonly string[];

  @Field(() => Int, { nullable: true, description: 'The role’s present version, on `VERSION_CONFLICT`.' })
  currentVersion!: number | null;
}

/** A refusal as the payload tells it. `idField`: what the mutation’s input calls the id of what it changes. */
export function asMutationError(refusal: Refusal, idField: string): MutationError {
  const { code, message, field, idsOf, ids = [], permissions = [], currentVersion = null } = refusal;
  const type = idsOf === 'role' ? 'Role' : 'User';
  return {
    code,
    message,
    field: field?.length === 1 && field[0] === 'id' ? [idField] : (field ?? null),
    ids: ids.map((id) => globalId(type, id)),
    permissions,
    currentVersion,
  };
}

/** What a mutation came to, before its payload is read. */
export interface Settled {
  readonly errors: MutationError[];
  readonly position: string | null;
  /** Whether the answer shows the change: the tables may be behind. */
  readonly projected: boolean;
  /** What was changed; null where nothing was, or where it cannot be shown yet. */
  readonly changed: { readonly owner: CommandOwner; readonly moment: PinnedView } | null;
}

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
