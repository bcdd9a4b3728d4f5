import {
  GraphQLDirective,
  isInputObjectType,
  isLeafType,
  getNamedType,
  getNullableType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type ObjectValueNode,
  type VariableDefinitionNode,
} from 'graphql';

/** Names of the client’s document are told, cut to this length; values that a client sent never are. */
const MAX_TOLD = 64;

/** A name as messages tell it, in quotes. */
export const quoted = (name: string): string =>
  `“${name.length > MAX_TOLD ? `${name.slice(0, MAX_TOLD - 1)}…` : name}”`;

/** What the schema says of a place in a document. */
interface Place {
  readonly parent: GraphQLNamedType | null;
  readonly field: GraphQLField<unknown, unknown> | null;
  readonly directive: GraphQLDirective | null;
  readonly knowsArgument: boolean;
  readonly input: GraphQLInputType | null;
  readonly parentInput: GraphQLInputType | null;
  readonly definition: DefinitionNode | null;
}

type Nodes = readonly ASTNode[];

/**
 * Tells faults of a document, given by the nodes that they are at: what is wrong there is looked up in the schema, so that
 * messages hold names of the schema and names of the document, and never a value. Null where nothing is found wrong.
 */
export function tellNodes(
  schema: GraphQLSchema,
  document: DocumentNode,
  faults: readonly Nodes[],
): (string | null)[] {
  const places = placesOf(schema, document, new Set(faults.flat()));
  const timesTold = new Map<ASTNode, number>();
  return faults.map((nodes) => {
    const [first] = nodes;
    if (!first) return null;
    const told = faultsAt(schema, nodes, places);
    // One node may have several faults, each with an error of its own.
    const times = timesTold.get(first) ?? 0;
    timesTold.set(first, times + 1);
    return told[Math.min(times, told.length - 1)] ?? null;
  });
}

/** Walks the document once, for all of them. */
function placesOf(schema: GraphQLSchema, document: DocumentNode, wanted: ReadonlySet<ASTNode>) {
  const types = new TypeInfo(schema);
  const places = new Map<ASTNode, Place>();
  let definition: DefinitionNode | null = null;
  visit(
    document,
    visitWithTypeInfo(types, {
      enter(node, _key, parent) {
        if (parent === document.definitions) definition = node as DefinitionNode;
        if (!wanted.has(node)) return;
        places.set(node, {
          parent: types.getParentType() ?? null,
          field: types.getFieldDef() ?? null,
          directive: types.getDirective() ?? null,
          knowsArgument: types.getArgument() != null,
          input: types.getInputType() ?? null,
          parentInput: types.getParentInputType() ?? null,
          definition,
        });
      },
    }),
  );
  return places;
}

function faultsAt(schema: GraphQLSchema, nodes: Nodes, places: ReadonlyMap<ASTNode, Place>): string[] {
  const [node, other] = nodes;
  const place = node && places.get(node);
  if (!node || !place) return [];
  switch (node.kind) {
    case Kind.FIELD:
      return other
        ? [
            `The fields ${quoted((node.alias ?? node.name).value)} differ where they would be one: give them other aliases.`,
          ]
        : faultsOfField(node, place);
    case Kind.SELECTION_SET:
      return place.field ? [`The field ${quoted(place.field.name)} has no fields to select.`] : [];
    case Kind.ARGUMENT:
      return place.knowsArgument ? [] : [`${ownerOf(place)} has no argument ${quoted(node.name.value)}.`];
    case Kind.NAME:
      return [
        other
          ? `${quoted(node.value)} is given more than once.`
          : `There is no fragment ${quoted(node.value)}.`,
      ];
    case Kind.NAMED_TYPE:
      return [
        schema.getType(node.name.value)
          ? `The type ${quoted(node.name.value)} cannot be used here.`
          : `There is no type ${quoted(node.name.value)}.`,
      ];
    case Kind.LIST_TYPE:
    case Kind.NON_NULL_TYPE:
      return [`The type ${quoted(print(node))} cannot be used here.`];
    case Kind.FRAGMENT_DEFINITION:
      return [`The fragment ${quoted(node.name.value)} is never used.`];
    case Kind.FRAGMENT_SPREAD:
      return other || isWithin(place.definition, node.name.value)
        ? [`The fragment ${quoted(node.name.value)} contains itself.`]
        : [`The fragment ${quoted(node.name.value)} never applies here.`];
    case Kind.INLINE_FRAGMENT:
      return ['This fragment never applies here.'];
    case Kind.DIRECTIVE:
      return [faultOfDirective(node.name.value, other !== undefined, place)];
    case Kind.OPERATION_DEFINITION:
      return [
        node.operation === 'subscription'
          ? 'There are no subscriptions.'
          : 'An operation without a name must be the only one.',
      ];
    default:
      return faultsOfValue(nodes, places, place);
  }
}

const isWithin = (definition: DefinitionNode | null, fragment: string): boolean =>
  definition?.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === fragment;

const ownerOf = ({ directive, parent, field }: Place): string =>
  directive
    ? `The directive ${quoted(`@${directive.name}`)}`
    : `The field ${quoted(`${parent?.name}.${field?.name}`)}`;

function faultsOfField(
  { name, selectionSet, arguments: given = [] }: FieldNode,
  { parent, field }: Place,
): string[] {
  if (!parent) return [];
  if (!field) return [`The type ${quoted(parent.name)} has no field ${quoted(name.value)}.`];
  const called = quoted(`${parent.name}.${field.name}`);
  const faults: string[] = [];
  if (!isLeafType(getNamedType(field.type)) && !selectionSet)
    faults.push(`Select fields of ${called}: it is of type ${quoted(String(field.type))}.`);
  for (const arg of field.args) {
    if (isRequiredArgument(arg) && !given.some((each) => each.name.value === arg.name))
      faults.push(
        `The field ${called} needs its argument ${quoted(arg.name)} of type ${quoted(String(arg.type))}.`,
      );
  }
  return faults;
}

function faultOfDirective(name: string, several: boolean, { directive }: Place): string {
  const called = quoted(`@${name}`);
  if (!directive) return `There is no directive ${called}.`;
  if (several) return `The directive ${called} is given more than once.`;
  return `The directive ${called} cannot stand here, or lacks an argument.`;
}

function faultsOfValue(nodes: Nodes, places: ReadonlyMap<ASTNode, Place>, place: Place): string[] {
  const [node, other] = nodes;
  const expected = place.input ? [`A value of type ${quoted(String(place.input))} is expected here.`] : [];
  switch (node?.kind) {
    case Kind.VARIABLE_DEFINITION:
      return faultsOfVariable(node, other && places.get(other), other !== undefined);
    case Kind.VARIABLE:
      return other
        ? [`The variable ${quoted(`$${node.name.value}`)} is not declared.`]
        : [`The variable ${quoted(`$${node.name.value}`)} has no value that fits here.`, ...expected];
    case Kind.OBJECT_FIELD: {
      const type = place.parentInput && getNamedType(place.parentInput);
      return type ? [`The input ${quoted(type.name)} has no field ${quoted(node.name.value)}.`] : [];
    }
    case Kind.OBJECT: {
      const faults = faultsOfObject(node, place);
      return faults.length > 0 ? faults : expected;
    }
    case Kind.INT:
    case Kind.FLOAT:
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
    case Kind.NULL:
    case Kind.LIST:
      return expected;
    default:
      return ['A request takes only operations and fragments: definitions of types have no place in it.'];
  }
}

function faultsOfVariable(
  { variable, type }: VariableDefinitionNode,
  use: Place | undefined,
  isUsed: boolean,
): string[] {
  const name = quoted(`$${variable.name.value}`);
  if (!isUsed) return [`The variable ${name} is never used.`];
  const told = `The variable ${name} of type ${quoted(print(type))}`;
  const parent = use?.parentInput && getNamedType(use.parentInput);
  const wanted = use?.input ? getNullableType(use.input) : null;
  // The only field that is given must have a value, though each is nullable in the schema.
  if (isInputObjectType(parent) && parent.isOneOf && wanted && print(type) === String(wanted))
    return [
      `${told} may be null, and the one field of the input ${quoted(parent.name)} may not: declare it as ${quoted(`${String(wanted)}!`)}.`,
    ];
  return [`${told} does not fit${use?.input ? ` where ${quoted(String(use.input))} is expected` : ' here'}.`];
}

function faultsOfObject(node: ObjectValueNode, { input }: Place): string[] {
  const type = input && getNamedType(input);
  if (!isInputObjectType(type)) return [];
  const faults = Object.values(type.getFields())
    .filter(
      (field) => isRequiredInputField(field) && !node.fields.some(({ name }) => name.value === field.name),
    )
    .map(
      (field) =>
        `The input ${quoted(type.name)} needs its field ${quoted(field.name)} of type ${quoted(String(field.type))}.`,
    );
  if (type.isOneOf) faults.push(`Give exactly one field of the input ${quoted(type.name)}.`);
  return faults;
}
