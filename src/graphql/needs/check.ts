import { getNamedType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { needsOf } from './needs';

/** Types that tell of people, or of what was done. */
const OF_PEOPLE_AND_HISTORY: ReadonlySet<string> = new Set([
  'User',
  'Actor',
  'ApiKey',
  'HistoryEntry',
  'HistoryUser',
  'UserIdentity',
]);

/** Types of which each field belongs to the field that gave the whole: the page of a list, what a mutation answers. */
const GIVEN_WHOLE = /Payload$/;
const PAGE = /(Connection|Edge)$/;
const PARTS_OF_A_PAGE = ['edges', 'nodes', 'node'];

/**
 * Fields that do not declare what they need, as `Type.field`: every query and mutation must, and every field that leads
 * to somebody or to history. `@Open` declares that there is nothing more to need.
 */
export const undeclared = (schema: GraphQLSchema): string[] =>
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.values((type as GraphQLObjectType).getFields())
        .filter((field) => needsOf(field) === undefined)
        .filter(
          ({ name, type: of }) =>
            isRoot(schema, type.name) || leadsToPeople(type.name, name, getNamedType(of).name, schema),
        )
        .map(({ name }) => `${type.name}.${name}`),
    );

const isRoot = (schema: GraphQLSchema, name: string): boolean =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
    (root) => root?.name === name,
  );

function leadsToPeople(parent: string, field: string, of: string, schema: GraphQLSchema): boolean {
  if (GIVEN_WHOLE.test(parent) || (PAGE.test(parent) && PARTS_OF_A_PAGE.includes(field))) return false;
  return OF_PEOPLE_AND_HISTORY.has(of) || OF_PEOPLE_AND_HISTORY.has(ofPage(of, schema) ?? '');
}

/** The type of what a page lists; null for a type that is no page. */
function ofPage(name: string, schema: GraphQLSchema): string | null {
  const type = schema.getType(name);
  const nodes = PAGE.test(name) && isObjectType(type) ? type.getFields()['nodes'] : undefined;
  return nodes ? getNamedType(nodes.type).name : null;
}

/** @throws Error if a field that must declare what it needs does not */
export function demandDeclared(schema: GraphQLSchema): void {
  const missing = undeclared(schema);
  if (missing.length > 0)
    throw new Error(
      `These fields do not declare what they need (@Guarded, or @Open for nothing more): ${missing.join(', ')}.`,
    );
}
