import { getNamedType, isInputObjectType, type GraphQLInputField, type GraphQLSchema } from 'graphql';
import { needsOfChange, type ChangeNeeds } from '../../commands/needs';
import { declare, needsOf, type Need } from './needs';

/** Fields of inputs that go with any command, and change nothing by themselves. */
const OF_EVERY_COMMAND = ['idempotencyKey', 'reason', 'expectedVersion', 'expectedBasis', 'dryRun'];

/** Names of the command’s field, in their order, where an input calls it otherwise. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  id: ['role', 'user'],
  roleId: ['role'],
  userId: ['user'],
  assignRoleIds: ['assign'],
  unassignRoleIds: ['unassign'],
  assignUserIds: ['assign'],
  unassignUserIds: ['unassign'],
};

const WHEN = { given: 'GIVEN', named: 'NAMED', alone: 'ALONE' } as const;

/**
 * Declares of each mutation and of the fields of its input what the command of its name needs: the table of the commands
 * is the only place where that is said.
 * @throws Error for a mutation that is no command, and for a field of an input that no right is known for
 */
export function declareMutations(schema: GraphQLSchema): void {
  for (const mutation of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const change = needsOfChange(mutation.name);
    if (!change) throw new Error(`Mutation.${mutation.name} is no command: nothing says what it needs.`);
    declare(
      mutation,
      change.always.map((anyOf) => ({ anyOf })),
    );
    for (const { type } of mutation.args) {
      const input = getNamedType(type);
      if (!isInputObjectType(input)) continue;
      for (const field of Object.values(input.getFields()))
        if (!OF_EVERY_COMMAND.includes(field.name))
          declareOnce(`${input.name}.${field.name}`, field, needOf(input.name, field.name, change));
    }
  }
}

function needOf(input: string, field: string, { fields }: ChangeNeeds): Need {
  const name = [field, ...(NAMES[field] ?? [])].find((each) => Object.hasOwn(fields, each));
  if (name === undefined)
    throw new Error(`${input}.${field} is a field of no command: nothing says what it needs.`);
  const { right, when } = fields[name]!;
  return { anyOf: [right], when: WHEN[when] };
}

/** Declares what a field needs. @throws Error if another mutation with the same input needs something else for it */
function declareOnce(at: string, field: GraphQLInputField, need: Need): void {
  const before = needsOf(field)?.[0];
  if (before && (before.anyOf[0] !== need.anyOf[0] || before.when !== need.when))
    throw new Error(`${at} needs one thing in one mutation and another in another: give each its own input.`);
  declare(field, [need]);
}
