import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { REFUSAL_CODES, type Refusal, type RefusalCode } from '../../domain/refusal';
import { globalId } from '../ids';

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
