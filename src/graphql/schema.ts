import 'reflect-metadata';
import {
  GraphQLInputObjectType,
  isIntrospectionType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { AccountMutations } from './account/mutations';
import { AccountQueries } from './account/queries';
import { CatalogueResolver } from './catalogue/resolvers';
import { DateTimeScalar } from './date-time';
import { HistoryResolver } from './history/resolvers';
import { meter } from './limits/metering';
import { recordMutations } from './mutation/record';
import { NodeResolver } from './node/resolvers';
import { PermissionCheckResolver } from './permission-check/resolvers';
import { PermissionHolderResolver } from './permission-holder/resolvers';
import { RoleContentMutations } from './role/content-mutations';
import { RoleMutations } from './role/mutations';
import { RoleQueries } from './role/queries';
import { UserMutations } from './user/mutations';
import { UserQueries } from './user/queries';

/** Inputs of which exactly one field is given. TypeGraphQL cannot say so; the built type can. */
const ONE_OF = ['AsOf', 'UserRef'];

/** The API, built from the classes under this folder. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AccountQueries,
      UserQueries,
      CatalogueResolver,
      RoleQueries,
      PermissionCheckResolver,
      PermissionHolderResolver,
      HistoryResolver,
      NodeResolver,
      RoleMutations,
      RoleContentMutations,
      UserMutations,
      AccountMutations,
    ],
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    // Shape is checked per mutation and told in its payload; a middleware for all would run for every scalar field.
    validate: false,
  });
  for (const name of ONE_OF) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLInputObjectType)) throw new Error(`The schema has no input ${name}.`);
    type.isOneOf = true;
  }
  readProperties(schema);
  recordMutations(schema);
  meter(schema);
  return schema;
}

/** Text of the schema file that others build on: sorted by name, so that every type and field has one place in it. */
export const printSorted = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;

/**
 * Fields without arguments are properties and methods of the object that they are read from. GraphQL reads these by
 * itself; TypeGraphQL would go around by way of its own resolver for each, some 2,500 times for a role page.
 */
function readProperties(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    // The types of introspection are shared by all schemas of the process.
    if (!isObjectType(type) || isIntrospectionType(type) || roots.includes(type)) continue;
    for (const field of Object.values(type.getFields()))
      if (field.args.length === 0) field.resolve = undefined;
  }
}
