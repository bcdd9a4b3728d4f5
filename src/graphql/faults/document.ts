import {
  getNamedType,
  getNullableType,
  GraphQLDirective,
  isInputObjectType,
  isLeafType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTKindToNode,
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type ObjectValueNode,
  type TypeNode,
  type VariableDefinitionNode,
} from 'graphql';

/** Length that names of the client’s document are truncated to in messages. Values of a client are never repeated. */
const MAX_TOLD = 64;

/** A name as messages show it, in quotes. */
export const quoted = (name: string): string =>
  `“${name.length > MAX_TOLD ? `${name.slice(0, MAX_TOLD - 1)}…` : name}”`;

/** Definitions of the schema that apply at one node of a document. */
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
 * Describes faults of a document, given by the nodes that they are at. The fault at a node is looked up in the schema,
 * so that messages hold names of the schema and names of the document, and never a value. Null if no fault is found.
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
  const faultsOf = FAULTS[node.kind] as ((of: ASTNode, at: Spot) => string[]) | undefined;
  return (
    faultsOf?.(node, { schema, place, places, other }) ?? [
      'A request takes only operations and fragments: definitions of types have no place in it.',
    ]
  );
}

/** Context of a fault: its first node, and its second node if the fault is between two. */
interface Spot {
  readonly schema: GraphQLSchema;
  readonly place: Place;
  readonly places: ReadonlyMap<ASTNode, Place>;
  readonly other: ASTNode | undefined;
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

const unfitType = (node: TypeNode): string[] => [`The type ${quoted(print(node))} cannot be used here.`];

const expectedHere = (_node: ASTNode, { place: { input } }: Spot): string[] =>
  input ? [`A value of type ${quoted(String(input))} is expected here.`] : [];

/** Faults by the kind of node that they are at. */
const FAULTS: { readonly [K in keyof ASTKindToNode]?: (node: ASTKindToNode[K], at: Spot) => string[] } = {
  [Kind.FIELD]: (node, { place, other }) =>
    other
      ? [
          `The fields ${quoted((node.alias ?? node.name).value)} differ where they would be one: give them other aliases.`,
        ]
      : faultsOfField(node, place),
  [Kind.SELECTION_SET]: (_node, { place: { field } }) =>
    field ? [`The field ${quoted(field.name)} has no fields to select.`] : [],
  [Kind.ARGUMENT]: ({ name }, { place }) =>
    place.knowsArgument ? [] : [`${ownerOf(place)} has no argument ${quoted(name.value)}.`],
  [Kind.NAME]: ({ value }, { other }) => [
    other ? `${quoted(value)} is given more than once.` : `There is no fragment ${quoted(value)}.`,
  ],
  [Kind.NAMED_TYPE]: (node, { schema }) =>
    schema.getType(node.name.value) ? unfitType(node) : [`There is no type ${quoted(node.name.value)}.`],
  [Kind.LIST_TYPE]: unfitType,
  [Kind.NON_NULL_TYPE]: unfitType,
  [Kind.FRAGMENT_DEFINITION]: ({ name }) => [`The fragment ${quoted(name.value)} is never used.`],
  [Kind.FRAGMENT_SPREAD]: ({ name: { value } }, { place, other }) =>
    other || isWithin(place.definition, value)
      ? [`The fragment ${quoted(value)} contains itself.`]
      : [`The fragment ${quoted(value)} never applies here.`],
  [Kind.INLINE_FRAGMENT]: () => ['This fragment never applies here.'],
  [Kind.DIRECTIVE]: ({ name }, { place, other }) => [
    faultOfDirective(name.value, other !== undefined, place),
  ],
  [Kind.OPERATION_DEFINITION]: ({ operation }) => [
    operation === 'subscription'
      ? 'There are no subscriptions.'
      : 'An operation without a name must be the only one.',
  ],
  [Kind.VARIABLE_DEFINITION]: faultsOfVariable,
  [Kind.VARIABLE]: (node, at) =>
    at.other
      ? [`The variable ${quoted(`$${node.name.value}`)} is not declared.`]
      : [
          `The variable ${quoted(`$${node.name.value}`)} has no value that fits here.`,
          ...expectedHere(node, at),
        ],
  [Kind.OBJECT_FIELD]: ({ name }, { place: { parentInput } }) =>
    parentInput
      ? [`The input ${quoted(getNamedType(parentInput).name)} has no field ${quoted(name.value)}.`]
      : [],
  [Kind.OBJECT]: (node, at) => {
    const faults = faultsOfObject(node, at.place);
    return faults.length > 0 ? faults : expectedHere(node, at);
  },
  [Kind.INT]: expectedHere,
  [Kind.FLOAT]: expectedHere,
  [Kind.STRING]: expectedHere,
  [Kind.BOOLEAN]: expectedHere,
  [Kind.ENUM]: expectedHere,
  [Kind.NULL]: expectedHere,
  [Kind.LIST]: expectedHere,
};

function faultsOfVariable({ variable, type }: VariableDefinitionNode, { places, other }: Spot): string[] {
  const name = quoted(`$${variable.name.value}`);
  if (!other) return [`The variable ${name} is never used.`];
  const use = places.get(other);
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
