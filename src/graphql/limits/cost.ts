import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import {
  fieldCost,
  INTROSPECTION_SIZES,
  pageOf,
  USUAL_SIZE,
  type Arguments,
  type FieldCost,
} from './field-cost';
import { InputSizes } from './input';

/** Cost of a request, as estimated before it runs, and the prices that `Budget` charges while it runs. */
export interface Cost {
  /** About one for each field of the answer and each row that is read for it. */
  readonly cost: number;
  readonly depth: number;
  /** Fields at the root of a mutation. */
  readonly mutations: number;
  /** Cost that is certain: that of all fields outside of lists. */
  readonly certain: number;
  /** Cost of one item of each list, lists in it not counted. */
  readonly items: ReadonlyMap<FieldNode, number>;
}

/** Values as GraphQL itself coerces them from the client's input: defaults filled in. */
export type Variables = Readonly<Record<string, unknown>>;

/** Estimates an operation of a valid document. Runs in time linear in the document: fragments are estimated once. */
export function estimate(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Cost {
  const root = schema.getRootType(operation.operation);
  const estimator = new Estimator(schema, document, variables);
  const { items } = estimator;
  if (!root) return { cost: 0, depth: 0, mutations: 0, certain: 0, items };
  const { cost, certain, depth, fields } = estimator.selection(operation.selectionSet, root);
  return { cost, certain, depth, items, mutations: operation.operation === 'mutation' ? fields : 0 };
}

/** Cost of a selection. The field around it multiplies `perEdge` and `counts`. */
interface Part {
  readonly cost: number;
  readonly certain: number;
  readonly depth: number;
  /** Fields selected, those of fragments included. */
  readonly fields: number;
  /** In a connection: for each edge of its page, and for each time that its count is asked for. */
  readonly perEdge: number;
  readonly counts: number;
}

const NOTHING: Part = { cost: 0, certain: 0, depth: 0, fields: 0, perEdge: 0, counts: 0 };

const plus = (a: Part, b: Part): Part => ({
  cost: a.cost + b.cost,
  certain: a.certain + b.certain,
  depth: Math.max(a.depth, b.depth),
  fields: a.fields + b.fields,
  perEdge: a.perEdge + b.perEdge,
  counts: a.counts + b.counts,
});

/** Cost of a field about the schema: these are read without a query of the read models. */
const OF_SCHEMA = 0.2;
/** Minimum cost of a field about the schema. */
const INTROSPECTION = 4_000;

const isConnection = ({ name }: GraphQLNamedType): boolean => name.endsWith('Connection');

class Estimator {
  readonly items = new Map<FieldNode, number>();
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly known = new Map<string, Part>();
  private readonly inputs = new InputSizes();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((each) =>
        each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
      ),
    );
  }

  selection({ selections }: SelectionSetNode, parent: GraphQLNamedType): Part {
    let sum = NOTHING;
    for (const each of selections) if (this.isIncluded(each)) sum = plus(sum, this.part(each, parent));
    return sum;
  }

  private part(node: SelectionNode, parent: GraphQLNamedType): Part {
    switch (node.kind) {
      case Kind.FIELD:
        return this.field(node, parent);
      case Kind.FRAGMENT_SPREAD:
        return this.fragment(node.name.value);
      case Kind.INLINE_FRAGMENT:
        return this.selection(node.selectionSet, this.typeOf(node.typeCondition?.name.value) ?? parent);
    }
  }

  private fragment(name: string): Part {
    const known = this.known.get(name);
    if (known) return known;
    const definition = this.fragments.get(name);
    const type = this.typeOf(definition?.typeCondition.name.value);
    const found = definition && type ? this.selection(definition.selectionSet, type) : NOTHING;
    this.known.set(name, found);
    return found;
  }

  private field(node: FieldNode, parent: GraphQLNamedType): Part {
    const definition = this.definitionOf(node.name.value, parent);
    if (!definition) return { ...NOTHING, cost: OF_SCHEMA, certain: OF_SCHEMA, depth: 1, fields: 1 };
    const { name, type } = definition;
    const args = this.argumentsOf(definition, node);
    const { own, work, count, size } = this.costOf(definition, parent, args);
    const named = getNamedType(type);
    const inner =
      node.selectionSet && isCompositeType(named) ? this.selection(node.selectionSet, named) : NOTHING;
    const depth = inner.depth + 1;
    const fixed = own + work;
    const base = { depth: isIntrospectionType(parent) ? 1 : depth, fields: 1, perEdge: 0, counts: 0 };
    if (isListType(getNullableType(type))) {
      this.items.set(node, (this.items.get(node) ?? 0) + inner.certain);
      if ((name === 'edges' || name === 'nodes') && isConnection(parent))
        return { ...base, cost: fixed, certain: fixed, perEdge: inner.cost };
      return { ...base, cost: fixed + size * inner.cost, certain: fixed };
    }
    if (name === 'totalCount' && isConnection(parent))
      return { ...base, cost: fixed, certain: fixed, counts: 1 };
    const pages = inner.perEdge * pageOf(args) + inner.counts * count;
    return {
      ...base,
      cost: fixed + inner.cost + pages,
      certain: fixed + inner.certain + inner.counts * count,
    };
  }

  private costOf(
    field: GraphQLField<unknown, unknown>,
    parent: GraphQLNamedType,
    args: Arguments,
  ): Required<FieldCost> & { readonly own: number } {
    if (isIntrospectionType(parent)) {
      const size = INTROSPECTION_SIZES[`${parent.name}.${field.name}`] ?? USUAL_SIZE;
      return { own: OF_SCHEMA, work: 0, count: 0, size };
    }
    if (field === SchemaMetaFieldDef || field === TypeMetaFieldDef)
      return { own: OF_SCHEMA, work: INTROSPECTION, count: 0, size: USUAL_SIZE };
    const cost = fieldCost(field, args, parent === this.schema.getMutationType());
    return { ...cost, own: 1, work: cost.work + this.inputs.costOf(args) };
  }

  private definitionOf(name: string, parent: GraphQLNamedType): GraphQLField<unknown, unknown> | undefined {
    if (parent === this.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  }

  /** Nothing if they do not fit: the field itself will report that when it runs. */
  private argumentsOf(definition: GraphQLField<unknown, unknown>, node: FieldNode): Arguments {
    if (definition.args.length === 0) return {};
    try {
      return getArgumentValues(definition, node, this.variables);
    } catch {
      return {};
    }
  }

  private isIncluded(node: SelectionNode): boolean {
    if (!node.directives?.length) return true;
    try {
      if (getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.['if'] === true) return false;
      return getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.['if'] !== false;
    } catch {
      return true;
    }
  }

  private typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.schema.getType(name);
  }
}
