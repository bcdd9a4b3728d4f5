import 'reflect-metadata';
import { GraphQLInputObjectType, type GraphQLSchema } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { buildSchemaSync } from 'type-graphql';
import { AccountMutations } from './account/mutations';
import { AccountQueries } from './account/queries';
import { CatalogueResolver } from './catalogue/resolvers';
import { HistoryResolver } from './history/resolvers';
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
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    // Shape is checked per mutation and told in its payload; a middleware for all would run for every scalar field.
    validate: false,
  });
  for (const name of ONE_OF) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLInputObjectType)) throw new Error(`The schema has no input ${name}.`);
    type.isOneOf = true;
  }
  return schema;
}
