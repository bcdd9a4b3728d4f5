import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  ID,
  ObjectType,
  Query,
  InputType,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { PageRequest, RoleFilter, RoleRow } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import { connectionOf, PageArgs, pageRequest, searchText } from '../connection';
import type { EdgeCursor } from '../list-pages';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf, parseGlobalId } from '../global-id';
import { Guarded } from '../guard';
import { Cost, isGiven, SEARCH_WORK, searches, VALUE_WORK, type FieldCost } from '../limits/field-cost';
import { DirectionField, type OrderDirection } from '../order';
import type { PinnedView } from '../pinned-view';
import { Role, roleById, RoleKind } from './role.type';

export const RoleOrderField = {
  NAME: 'NAME',
  USER_COUNT: 'USER_COUNT',
  PERMISSION_COUNT: 'PERMISSION_COUNT',
  SCOPE_COUNT: 'SCOPE_COUNT',
  UPDATED_AT: 'UPDATED_AT',
} as const;
export type RoleOrderField = keyof typeof RoleOrderField;
registerEnumType(RoleOrderField, {
  name: 'RoleOrderField',
  description: 'Fields that the role list may be ordered by.',
  valuesConfig: {
    NAME: { description: 'Name, ignoring case.' },
    USER_COUNT: { description: 'Number of users, `userCount`.' },
    PERMISSION_COUNT: { description: 'Number of permissions, `permissionCount`.' },
    SCOPE_COUNT: { description: 'Number of scopes, `scopeCount`.' },
    UPDATED_AT: {
      description: 'Time of the last change, `updatedAt`; default roles that never changed come last.',
    },
  },
});

@InputType({
  description:
    'Order of the role list. As of a moment in the past since which more than 10,000 roles changed, orders but `NAME` are ORDER_NOT_AS_OF.',
})
export class RoleOrderInput {
  @Field(() => RoleOrderField, { description: 'Field to order by.' })
  field!: RoleOrderField;

  @DirectionField()
  direction!: OrderDirection;
}

@ArgsType()
export class RolesArgs extends PageArgs {
  @Field(() => RoleKind, { nullable: true, description: 'Only roles of this kind.' })
  kind?: RoleKind | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only roles whose name or description has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Deleted roles too; left out: no.' })
  includeDeleted?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only default roles that this group lists, by its key. Custom roles have no group.',
  })
  group?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only roles that grant this permission, by its key, withheld or not. A key that the catalogue never had is BAD_USER_INPUT.',
  })
  permission?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only roles that this user is in.' })
  user?: string | null;

  @Field(() => RoleOrderInput, {
    nullable: true,
    description:
      'Order of the list; left out: default roles in the order of the catalogue, then custom roles by name.',
  })
  orderBy?: RoleOrderInput | null;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: AsOfInput | null;
}

@ObjectType({ simpleResolvers: true, description: 'A role in a list.' })
export class RoleEdge {
  @Field(() => String, {
    description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.',
  })
  cursor!: EdgeCursor;

  @Field(() => Role, { description: 'The role.' })
  node!: Role;
}

@ObjectType({ simpleResolvers: true, description: 'Roles, page by page.' })
export class RoleConnection extends connectionOf<RoleRow, RoleEdge, Role>(
  () => RoleEdge,
  () => Role,
) {}

export const roleConnection = (
  moment: PinnedView,
  filter: RoleFilter,
  orderBy: RoleOrderInput | null,
  request: PageRequest,
): RoleConnection =>
  new RoleConnection(moment, request, {
    read: (page) => moment.view.roleList(filter, orderBy, page),
    count: () => moment.view.countRoles(filter),
    edge: (row, cursor) => {
      moment.roles.prime(row.id, row);
      return { cursor, node: new Role(row, moment) };
    },
  });

@Resolver()
export class RoleQueries {
  @Query(() => RoleConnection, {
    nullable: true,
    description: 'The roles of the account: the role list. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  @Cost<RolesArgs>(costOfRoles)
  async roles(
    @Ctx() context: RequestContext,
    @Args(() => RolesArgs) args: RolesArgs,
  ): Promise<RoleConnection> {
    const { kind, includeDeleted, group, permission, orderBy } = args;
    const moment = await context.at(args.asOf);
    const catalogues = [moment.catalogue, context.now.catalogue];
    if (group != null && !catalogues.some((catalogue) => catalogue.group.has(group)))
      throw badInput('The catalogue has no such `group`.');
    if (permission != null && !catalogues.some((catalogue) => catalogue.permission.has(permission)))
      throw badInput('The catalogue has no such `permission`.');
    const user = args.user == null ? null : idOf('User', args.user);
    if (args.user != null && user === null) throw badInput('`user` is not the id of a user.');
    const filter = { kind, search: searchText(args.search), includeDeleted, group, permission, user };
    return roleConnection(moment, filter, orderBy ?? null, pageRequest(args));
  }

  @Query(() => Role, {
    nullable: true,
    description:
      'A role, deleted ones included; null where there is none under the id. An id of the past finds the role as of its moment, unless `asOf` says another. Needs `roles/view`.',
  })
  @Guarded(VIEW_ROLES)
  async role(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Global id of the role.' }) id: string,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<Role | null> {
    const named = parseGlobalId(id);
    if (named?.type !== 'Role') return null;
    return roleById(await context.viewOf(named, asOf), named.id);
  }
}

/** An order by value, as of the past, sorts what changed since, or all roles. */
function costOfRoles(args: Partial<RolesArgs>): FieldCost {
  const { orderBy, permission } = args;
  const byValue = isGiven(orderBy) && orderBy?.field !== 'NAME';
  const order = byValue ? (isGiven(args.asOf) ? SEARCH_WORK : VALUE_WORK) : 0;
  if (searches(args)) return { work: SEARCH_WORK + order, count: SEARCH_WORK };
  if (isGiven(permission)) return { work: 500 + order, count: SEARCH_WORK };
  return { work: 20 + order, count: 20 };
}
