import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  ID,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { PageRequest, RoleFilter, RoleRow } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import { connectionOf, PageArgs, pageRequest, searchText } from '../connection';
import type { RequestContext } from '../context';
import { parseGlobalId } from '../global-id';
import { Guarded } from '../guard';
import { Cost, SEARCH_WORK, searches } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { Role, roleById, RoleKind } from './role.type';

export const RoleOrder = {
  DEFAULT_FIRST: 'DEFAULT_FIRST',
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
} as const;
export type RoleOrder = keyof typeof RoleOrder;
registerEnumType(RoleOrder, {
  name: 'RoleOrder',
  description: 'Orders of the role list.',
  valuesConfig: {
    DEFAULT_FIRST: { description: 'Default roles in the order of the catalogue, then custom roles by name.' },
    NAME_ASC: { description: 'Order by name, A first.' },
    NAME_DESC: { description: 'Order by name, Z first.' },
  },
});

@ArgsType()
export class RolesArgs extends PageArgs {
  @Field(() => RoleKind, { nullable: true, description: 'Only roles of this kind.' })
  kind?: RoleKind | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only roles whose name has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Deleted roles too; left out: no.' })
  includeDeleted?: boolean | null;

  @Field(() => RoleOrder, { nullable: true, description: 'Order of the list; left out: `DEFAULT_FIRST`.' })
  orderBy?: RoleOrder | null;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: AsOfInput | null;
}

@ObjectType({ simpleResolvers: true, description: 'A role in a list.' })
export class RoleEdge {
  @Field({ description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.' })
  cursor!: string;

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
  orderBy: RoleOrder,
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
  @Cost<RolesArgs>((args) =>
    searches(args) ? { work: SEARCH_WORK, count: SEARCH_WORK } : { work: 20, count: 10 },
  )
  async roles(
    @Ctx() context: RequestContext,
    @Args(() => RolesArgs) args: RolesArgs,
  ): Promise<RoleConnection> {
    const { kind, includeDeleted, orderBy } = args;
    const filter = { kind, search: searchText(args.search), includeDeleted };
    return roleConnection(await context.at(args.asOf), filter, orderBy ?? 'DEFAULT_FIRST', pageRequest(args));
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
