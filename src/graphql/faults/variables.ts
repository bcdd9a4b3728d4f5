import {
  coerceInputValue,
  getNullableType,
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { RequestError } from '../errors';
import { quoted } from './document';

/** Limit of faults reported; the same as that of GraphQL itself. */
const MAX_FAULTS = 50;
const MANY = 'There are more faults than are told here.';

type Path = readonly (string | number)[];

/**
 * Describes the faults of the variables of a request: the path of each, in names of the schema, and the accepted type.
 * No input is repeated: names of fields that a client made up are values, too.
 */
export function tellVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string[] {
  const told = new Set<string>();
  const add = (text: string): void => {
    if (told.size === MAX_FAULTS) throw new TooManyFaultsError();
    told.add(text);
  };
  try {
    for (const { variable, type: node, defaultValue } of operation.variableDefinitions ?? []) {
      const name = variable.name.value;
      const type = typeFromAST(schema, node as Parameters<typeof typeFromAST>[1]);
      if (!isInputType(type)) continue;
      if (Object.hasOwn(variables, name)) tellValue(variables[name], type, name, add);
      else if (isNonNullType(type) && !defaultValue)
        add(`The variable ${quoted(`$${name}`)} must be given: it is of type ${quoted(String(type))}.`);
    }
  } catch (error) {
    if (!(error instanceof TooManyFaultsError)) throw error;
    return [...told, MANY];
  }
  return [...told];
}

class TooManyFaultsError extends Error {
  override readonly name = 'TooManyFaultsError';
}

function tellValue(given: unknown, whole: GraphQLInputType, name: string, add: (text: string) => void): void {
  coerceInputValue(given, whole, (path, value, error) => {
    const place = quoted(
      `$${name}${path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}`,
    );
    const type = typeAt(whole, path);
    for (const text of faultsOf(value, type, error)) add(`${place} ${text}`);
  });
}

/** Faults of one value; an input object may lack several fields at once. */
function faultsOf(value: unknown, type: GraphQLInputType, error: GraphQLError): string[] {
  const own = error.originalError ?? error;
  if (own instanceof RequestError) return [`does not fit. ${own.message}`];
  if (value == null)
    return [
      isNonNullType(type)
        ? `must not be null: it is of type ${quoted(String(type))}.`
        : 'must not be null: it is the one field that is given. Leave out what is not meant.',
    ];
  const bare = getNullableType(type);
  if (isInputObjectType(bare)) return faultsOfObject(value, bare);
  return [
    isEnumType(bare)
      ? `is no value of the enum ${quoted(bare.name)}.`
      : `does not fit the type ${quoted(String(bare))}.`,
  ];
}

function faultsOfObject(value: unknown, type: GraphQLInputObjectType): string[] {
  if (typeof value !== 'object' || Array.isArray(value))
    return [`must be an object: the input ${quoted(type.name)}.`];
  const fields = type.getFields();
  const given = value as Readonly<Record<string, unknown>>;
  const faults = Object.values(fields)
    .filter((field) => isRequiredInputField(field) && given[field.name] === undefined)
    .map((field) => `lacks the field ${quoted(field.name)} of type ${quoted(String(field.type))}.`);
  if (Object.keys(given).some((key) => !Object.hasOwn(fields, key)))
    faults.push(`has a field that the input ${quoted(type.name)} does not have.`);
  if (type.isOneOf) faults.push(`must have exactly one field of the input ${quoted(type.name)}.`);
  return faults.length > 0 ? faults : [`does not fit the input ${quoted(type.name)}.`];
}

/** A path leads through lists and input objects; a list may be given as its only item. */
function typeAt(whole: GraphQLInputType, path: Path): GraphQLInputType {
  let type = whole;
  for (const key of path) {
    let bare = getNullableType(type);
    while (typeof key === 'string' && isListType(bare)) bare = getNullableType(bare.ofType);
    if (isListType(bare)) type = bare.ofType;
    else if (isInputObjectType(bare)) type = bare.getFields()[key]?.type ?? type;
  }
  return type;
}
