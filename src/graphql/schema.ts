import 'reflect-metadata';
import {
  GraphQLInputObjectType,
  isIntrospectionType,
  isObjectType,
  specifiedDirectives,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { AccessDiffQueries } from './access/access-diff.queries';
import { AccessHistoryQueries } from './access/access-history.queries';
import { AccountMutations } from './account/account.mutations';
import { AccountQueries } from './account/account.queries';
import { CatalogueDiffQueries } from './catalogue/catalogue-diff.queries';
import { CatalogueQueries } from './catalogue/catalogue.queries';
import { FeedSubscriptions } from './feed/feed.subscriptions';
import { guard } from './guard';
import { ChangeQueries } from './history/change.queries';
import { HistoryRoleFields, HistoryUserFields } from './history/history-sides.queries';
import { HistoryQueries } from './history/history.queries';
import { RoleReplayFields, UserReplayFields } from './history/replay.queries';
import { meter } from './limits/metering';
import { recordMutations } from './mutation/mutation-record';
import { demandDeclared } from './needs/check';
import { declareMutations } from './needs/mutations';
import { NEEDS_DIRECTIVE } from './needs/needs';
import { NodeQueries } from './node.queries';
import { PermissionCheckQueries } from './permission/permission-check.queries';
import { PermissionHolderQueries } from './permission/permission-holder.queries';
import { RoleContentMutations } from './role/role-content.mutations';
import { RoleUsersMutations } from './role/role-users.mutations';
import { RoleMutations } from './role/role.mutations';
import { RoleDiffQueries } from './role/role-diff.queries';
import { RolePreviewQueries } from './role/role-preview.queries';
import { RoleQueries } from './role/role.queries';
import { DateTimeScalar } from './scalars';
import { ApiKeyMutations } from './user/api-key.mutations';
import { UserErasureMutations } from './user/user-erasure.mutations';
import { UserIdentityMutations } from './user/user-identity.mutations';
import { UserMutations } from './user/user.mutations';
import { UserRolesMutations } from './user/user-roles.mutations';
import { UserFields, UserQueries } from './user/user.queries';

/** Subscriptions read the log; TypeGraphQL wants a bus of its own even so, which nobody uses. */
const NOTHING_PUBLISHED: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('Nothing is published.');
  },
};

/** Inputs of which exactly one field is given. TypeGraphQL cannot express that; the built type can. */
const ONE_OF = ['AsOf', 'RoleChangeInput', 'UserRef'];

/**
 * The API, built from the classes under this folder. A folder holds one subject: types in `*.type.ts`, queries with
 * their arguments, edges and connections in `*.queries.ts`, mutations with their inputs and payloads in
 * `*.mutations.ts`, subscriptions in `*.subscriptions.ts`. This room translates between clients, commands and views; the limit of a request's cost is decided
 * in `limits`. It must never decide on a change, append to the log or read tables by itself.
 */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AccountQueries,
      UserQueries,
      UserFields,
      CatalogueQueries,
      CatalogueDiffQueries,
      RoleQueries,
      RoleDiffQueries,
      RolePreviewQueries,
      AccessDiffQueries,
      AccessHistoryQueries,
      PermissionCheckQueries,
      PermissionHolderQueries,
      HistoryQueries,
      ChangeQueries,
      HistoryRoleFields,
      HistoryUserFields,
      RoleReplayFields,
      UserReplayFields,
      NodeQueries,
      RoleMutations,
      RoleContentMutations,
      RoleUsersMutations,
      UserMutations,
      UserRolesMutations,
      UserErasureMutations,
      UserIdentityMutations,
      ApiKeyMutations,
      AccountMutations,
      FeedSubscriptions,
    ],
    pubSub: NOTHING_PUBLISHED,
    directives: [...specifiedDirectives, NEEDS_DIRECTIVE],
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    // Shape is checked per mutation and reported in its payload; a middleware for all would run for every scalar field.
    validate: false,
  });
  for (const name of ONE_OF) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLInputObjectType)) throw new Error(`The schema has no input ${name}.`);
    type.isOneOf = true;
  }
  readProperties(schema);
  declareMutations(schema);
  demandDeclared(schema);
  guard(schema);
  recordMutations(schema);
  meter(schema);
  return schema;
}

/**
 * Fields without arguments are properties and methods of the object that they are read from. GraphQL reads these
 * directly; TypeGraphQL would go through a resolver of its own for each, some 2,500 times for a role page. Those that say so have a resolver of their own beside their type.
 */
function readProperties(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    // The types of introspection are shared by all schemas of the process.
    if (!isObjectType(type) || isIntrospectionType(type) || roots.includes(type)) continue;
    for (const field of Object.values(type.getFields()))
      if (field.args.length === 0 && field.extensions['resolved'] !== true) field.resolve = undefined;
  }
}
