import {
  getNamedType,
  GraphQLObjectType,
  isCompositeType,
  isInterfaceType,
  isListType,
  getNullableType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { DEFAULT_PAGE, MAX_PAGE } from '../connection';

/**
 * What a request costs, before it runs: about one for each field of its answer (some 2 µs), more where a field makes
 * the read models work. Queries are synchronous, so that this is how long one client can hold all others up.
 */
export interface Cost {
  readonly cost: number;
  readonly depth: number;
}

/** Work of a field besides what is selected in it. */
const WORK: Readonly<Record<string, number>> = {
  'Query.roles': 20,
  'Query.users': 50,
  'Query.history': 20,
  'Query.usersWithPermission': 200,
  'Role.users': 20,
  'Role.history': 20,
  'Role.sections': 20,
  'User.roles': 10,
  'User.effectivePermissions': 400,
  'UserConnection.totalCount': 200,
  'RoleUserConnection.totalCount': 200,
  'PermissionHolderConnection.totalCount': 1_000,
  'HistoryConnection.totalCount': 400,
  'HistoryEntry.summary': 10,
  'PermissionDecision.allowed': 10,
  'Query.__schema': 5_000,
};
const MUTATION_WORK = 200;
const INTROSPECTION_FIELD = 1;

/** How many items lists usually have; others that are not pages count as three. */
const SIZES: Readonly<Record<string, number>> = {
  'Role.sections': 14,
  'RoleSection.permissions': 10,
  'PermissionCatalogue.sections': 14,
  'CatalogueSection.permissions': 10,
  'PermissionCatalogue.features': 40,
  'Account.features': 40,
  'User.roles': 5,
  'EffectivePermissions.granted': 60,
  'EffectivePermissions.withheld': 20,
  'EffectivePermissions.features': 20,
};
const USUAL_SIZE = 3;

/** Estimates an operation of a valid document. Runs in time linear in the document: fragments are estimated once. */
export function estimate(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  const root = schema.getRootType(operation.operation);
  return root
    ? new Estimator(schema, document, variables).selection(operation.selectionSet, root, 1)
    : NOTHING;
}

const NOTHING: Cost = { cost: 0, depth: 0 };

class Estimator {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly known = new Map<string, Cost>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((each) =>
        each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
      ),
    );
  }

  /** `page`: how many edges the connection around it asked for. */
  selection({ selections }: SelectionSetNode, parent: GraphQLNamedType, page: number): Cost {
    let cost = 0;
    let depth = 0;
    for (const each of selections) {
      const part =
        each.kind === Kind.FIELD
          ? this.field(each, parent, page)
          : each.kind === Kind.FRAGMENT_SPREAD
            ? this.fragment(each.name.value, page)
            : this.selection(each.selectionSet, this.typeOf(each.typeCondition?.name.value) ?? parent, page);
      cost += part.cost;
      depth = Math.max(depth, part.depth);
    }
    return { cost, depth };
  }

  private fragment(name: string, page: number): Cost {
    const key = `${name} ${page}`;
    const known = this.known.get(key);
    if (known) return known;
    const definition = this.fragments.get(name);
    const type = this.typeOf(definition?.typeCondition.name.value);
    const found = definition && type ? this.selection(definition.selectionSet, type, page) : NOTHING;
    this.known.set(key, found);
    return found;
  }

  private field(node: FieldNode, parent: GraphQLNamedType, page: number): Cost {
    const name = node.name.value;
    const key = `${parent.name}.${name}`;
    // What can be asked about the schema itself is bounded by the schema, and by graphql’s own rule.
    if (name.startsWith('__')) return { cost: WORK[key] ?? INTROSPECTION_FIELD, depth: 1 };
    if (!(parent instanceof GraphQLObjectType) && !isInterfaceType(parent)) return NOTHING;
    const definition = parent.getFields()[name];
    if (!definition) return NOTHING;
    const work = 1 + (WORK[key] ?? (parent === this.schema.getMutationType() ? MUTATION_WORK : 0));
    const type = getNamedType(definition.type);
    if (!node.selectionSet || !isCompositeType(type)) return { cost: work, depth: 1 };
    const isPage = definition.args.some((arg) => arg.name === 'first');
    const inner = this.selection(node.selectionSet, type, isPage ? this.pageSize(node) : 1);
    const size = isListType(getNullableType(definition.type)) ? this.sizeOf(key, node, page) : 1;
    return { cost: work + size * inner.cost, depth: inner.depth + 1 };
  }

  private sizeOf(key: string, node: FieldNode, page: number): number {
    if (node.name.value === 'edges') return page;
    if (key === 'Query.checkPermissions') return this.lengthOf(argument(node, 'checks'));
    return SIZES[key] ?? USUAL_SIZE;
  }

  private pageSize(node: FieldNode): number {
    const given = this.valueOf(argument(node, 'first'));
    // Beyond the largest page the resolver refuses.
    return typeof given === 'number' ? Math.max(1, Math.min(given, MAX_PAGE)) : DEFAULT_PAGE;
  }

  private lengthOf(value: ValueNode | undefined): number {
    if (value?.kind === Kind.LIST) return value.values.length;
    const given = this.valueOf(value);
    return Array.isArray(given) ? given.length : 1;
  }

  private valueOf(value: ValueNode | undefined): unknown {
    if (value?.kind === Kind.VARIABLE) return this.variables[value.name.value];
    return value?.kind === Kind.INT ? Number(value.value) : undefined;
  }

  private typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.schema.getType(name);
  }
}

const argument = (node: FieldNode, name: string): ValueNode | undefined =>
  node.arguments?.find((each) => each.name.value === name)?.value;
