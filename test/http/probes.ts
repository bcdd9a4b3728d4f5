import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** Requests made from the schema: every root field, with a given text at every place that takes an id, position or cursor. */

/** A place of a text in the input of a root field. */
export interface Probe {
  /** The field and the path, as `updateRole.input.assignUserIds`. */
  readonly at: string;
  /** The request with a text at the place, and values of their own in place of all names. */
  request(text: string, name: string): { readonly query: string; readonly variables: object };
}

type Path = readonly string[];

/** All probes of a schema. `own`: ids for arguments that a request needs besides, by the type that takes them. */
export function probesOf(schema: GraphQLSchema, own: (at: string) => string): readonly Probe[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    root ? Object.values(root.getFields()).flatMap((field) => probesOfField(root, field, own)) : [],
  );
}

function probesOfField(
  root: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  own: (at: string) => string,
): Probe[] {
  const operation = root.name.toLowerCase();
  return field.args.flatMap(({ name, type }) =>
    placesIn(name, type, [name]).map((path): Probe => {
      const at = [field.name, ...path].join('.');
      return {
        at,
        request(text, named) {
          const value = (of: GraphQLInputType, here: Path): unknown =>
            valueFor(of, here, { path, text, named, own: (place) => own(`${field.name}.${place}`) });
          const given = field.args.filter((arg) => isNonNullType(arg.type) || arg.name === path[0]);
          const variables = Object.fromEntries(given.map((arg) => [arg.name, value(arg.type, [arg.name])]));
          const declared = given.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
          const passed = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
          const query = `${operation}(${declared}) { ${field.name}(${passed}) ${selectionOf(field.type, 3)} }`;
          return { query, variables };
        },
      };
    }),
  );
}

/** Names of text fields that hold an id, a position or a cursor. */
const TEXTS = new Set(['position', 'after', 'before']);

/** Paths of the places below an input that take an id, a position or a cursor. */
function placesIn(name: string, type: GraphQLInputType, path: Path): Path[] {
  const named = getNamedType(type);
  if (isInputObjectType(named))
    return Object.values(named.getFields()).flatMap((field) =>
      placesIn(field.name, field.type, [...path, field.name]),
    );
  return named.name === 'ID' || TEXTS.has(name) ? [path] : [];
}

interface Filling {
  readonly path: Path;
  readonly text: string;
  readonly named: string;
  readonly own: (at: string) => string;
}

function valueFor(type: GraphQLInputType, here: Path, filling: Filling): unknown {
  const { path, text } = filling;
  const onPath = here.every((step, index) => step === path[index]);
  if (isNonNullType(type)) return valueFor(type.ofType, here, filling);
  if (isListType(type)) return onPath || here.length > 1 ? [valueFor(type.ofType, here, filling)] : [];
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      ({ name, type: of, defaultValue }) =>
        (onPath && path[here.length] === name) || (isNonNullType(of) && defaultValue === undefined),
    );
    return Object.fromEntries(
      fields.map(({ name, type: of }) => [name, valueFor(of, [...here, name], filling)]),
    );
  }
  if (onPath && here.length === path.length) return text;
  return scalar(type, here, filling);
}

function scalar(type: GraphQLInputType, here: Path, { named, own }: Filling): unknown {
  if (isEnumType(type)) return type.getValues()[0]?.name;
  switch (String(type)) {
    case 'ID':
      return own(here.join('.'));
    case 'Int':
      return 1;
    case 'Boolean':
      return true;
    case 'DateTime':
      return '2026-01-01T00:00:00Z';
    default:
      return named;
  }
}

/** All fields without required arguments, to a depth; of each connection its nodes. */
function selectionOf(type: GraphQLField<unknown, unknown>['type'], depth: number): string {
  const named: GraphQLNamedType = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return '{ __typename id }';
  const fields = Object.values(named.getFields()).filter(({ args }) =>
    args.every(({ type: of }) => !isNonNullType(of)),
  );
  const texts = fields.flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return depth > 1 ? [`${field.name} ${selectionOf(field.type, depth - 1)}`] : [];
  });
  return `{ __typename ${texts.join(' ')} }`;
}
