import {
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { documents } from './documented';

/** The operations that the pages show, each with the fragments of its block. */

export const ENDINGS = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

const isOperation = (definition: DefinitionNode): definition is OperationDefinitionNode =>
  definition.kind === Kind.OPERATION_DEFINITION;

export const operationsOf = ({ definitions }: DocumentNode): OperationDefinitionNode[] =>
  definitions.filter(isOperation);

export interface Shown {
  readonly name: string;
  readonly kind: keyof typeof ENDINGS;
  readonly definitions: readonly DefinitionNode[];
}

/** `leftOut`: pages whose operations are not wanted. */
export const shownOperations = (leftOut: readonly string[] = []): Shown[] =>
  documents().flatMap(({ page, text }) => {
    if (leftOut.includes(page)) return [];
    const document = parse(text);
    const fragments = document.definitions.filter((definition) => !isOperation(definition));
    return operationsOf(document).map((operation) => ({
      name: operation.name?.value ?? '',
      kind: operation.operation,
      definitions: [operation, ...fragments],
    }));
  });

export const textOf = ({ definitions }: Shown): string => definitions.map(print).join('\n');

/** Adds `id` wherever there is one, as the page asks of who keeps objects in a cache. */
export function withIds(schema: GraphQLSchema, shown: Shown): Shown {
  const types = new TypeInfo(schema);
  const add = visitWithTypeInfo(types, {
    SelectionSet: {
      leave(node) {
        const type = types.getParentType();
        const known = (isObjectType(type) || isInterfaceType(type)) && type.getFields().id;
        const selected = node.selections.some((each) => each.kind === Kind.FIELD && each.name.value === 'id');
        if (!known || selected) return undefined;
        const id = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' } } as const;
        return { ...node, selections: [id, ...node.selections] };
      },
    },
  });
  return { ...shown, definitions: shown.definitions.map((definition) => visit(definition, add)) };
}

/**
 * Modules for Relay, which wants an operation named after its module and its kind, and a fragment after its module: each
 * operation gets a module of its own. Nothing else is changed.
 */
export const relayModules = (all: readonly Shown[]): Map<string, string[]> =>
  new Map(
    all.map(({ name: module, kind, definitions }) => {
      const named = <Node extends { readonly name: { readonly value: string } }>(node: Node): Node => ({
        ...node,
        name: { ...node.name, value: `${module}_${node.name.value}` },
      });
      const rename = {
        OperationDefinition: (node: OperationDefinitionNode) => ({
          ...node,
          name: { kind: Kind.NAME, value: module + ENDINGS[kind] } as const,
        }),
        FragmentDefinition: named,
        FragmentSpread: named,
      };
      return [module, definitions.map((definition) => print(visit(definition, rename) as DefinitionNode))];
    }),
  );
