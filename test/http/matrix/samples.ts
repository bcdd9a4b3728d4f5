import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLInputType,
} from 'graphql';

/** Values for arguments, of their type alone. They name nothing that there is, so that no mutation changes anything. */

export const NOBODY = 'none';

/** `user`: id of the user that users are named by. */
export function sample(type: GraphQLInputType, user = NOBODY): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [sample(nullable.ofType as GraphQLInputType, user)];
  if (isEnumType(nullable)) return nullable.getValues()[0]!.value;
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields());
    if (nullable.isOneOf) {
      const field = fields.find(({ name }) => name === 'id') ?? fields[0]!;
      return { [field.name]: sample(field.type, user) };
    }
    const required = fields.filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, sample(field.type, user)]));
  }
  return SCALARS[nullable.name]?.(user) ?? '';
}

const SCALARS: Readonly<Record<string, (user: string) => unknown>> = {
  ID: (user) => `User:${user}`,
  Boolean: () => true,
  Int: () => 1,
  DateTime: () => '2026-01-01T00:00:00Z',
  String: () => '',
};

/** Values for the arguments that must be given. */
export const sampleArguments = (args: readonly GraphQLArgument[], user?: string): Record<string, unknown> =>
  Object.fromEntries(
    args.filter((arg) => isNonNullType(arg.type)).map(({ name, type }) => [name, sample(type, user)]),
  );
