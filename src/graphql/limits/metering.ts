import {
  defaultFieldResolver,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import type { RequestContext } from '../context';

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

/**
 * Makes a schema count the cost of requests while they run (`Budget`): each list is charged as it is resolved, and each
 * field at the root waits for its turn. Other fields are unchanged, so that a query is not slowed.
 */
export function meter(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    // The types of introspection are shared by all schemas of the process.
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type)))
        field.resolve = charged((field.resolve ?? defaultFieldResolver) as Resolver);
      const resolve = (field.resolve ?? defaultFieldResolver) as Resolver;
      if (type === schema.getQueryType()) field.resolve = inTurn(resolve);
      if (type === schema.getMutationType()) field.resolve = withInput(resolve);
    }
  }
}

function charged(resolve: Resolver): Resolver {
  const charge = (
    value: unknown,
    { budget }: RequestContext,
    nodes: Parameters<Resolver>[3]['fieldNodes'],
  ) => (Array.isArray(value) ? budget.list(value, nodes) : value);
  return (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    return value instanceof Promise
      ? value.then((list: unknown) => charge(list, context, info.fieldNodes))
      : charge(value, context, info.fieldNodes);
  };
}

/** Yields between two root fields of a query if the turn is used up: each may be long. */
const inTurn =
  (resolve: Resolver): Resolver =>
  async (source, args, context, info) => {
    await context.nextField();
    return resolve(source, args, context, info);
  };

/** Charges each mutation for reading its input into the classes of its type. */
const withInput =
  (resolve: Resolver): Resolver =>
  async (source, args, context, info) => {
    await context.beforeInput();
    return resolve(source, args, context, info);
  };
