import { Args, ArgsType, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { PageRequest, PermissionHolder } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_ROLES } from '../caller';
import { connectionOf, PageArgs, pageRequest } from '../connection';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { Guarded } from '../guard';
import { Cost, COUNT_WORK } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { assignmentsTo, RoleAssignment } from '../role/role-assignment.type';
import { EdgeToUser, User } from '../user/user.type';

@ObjectType({
  simpleResolvers: true,
  description: 'A user who has a permission, with the roles that grant it.',
})
export class PermissionHolderEdge extends EdgeToUser<PermissionHolder> {
  @Field(() => [RoleAssignment], { description: 'Assignments to the roles that grant it to the user.' })
  @Cost({ size: 3 })
  get via(): RoleAssignment[] {
    return assignmentsTo(this.moment, this.row.user.id, this.row.via);
  }

  @Field(() => [String], { description: 'Scopes that the user has with it.' })
  get scopes(): readonly string[] {
    return this.row.scopes;
  }
}

@ObjectType({ simpleResolvers: true, description: 'Users who have a permission, by name, page by page.' })
export class PermissionHolderConnection extends connectionOf<PermissionHolder, PermissionHolderEdge, User>(
  () => PermissionHolderEdge,
  () => User,
) {}

export const holderConnection = (
  moment: PinnedView,
  permission: string,
  scope: string | null,
  request: PageRequest,
): PermissionHolderConnection =>
  new PermissionHolderConnection(moment, request, {
    read: (page) => moment.view.holders(permission, scope, page),
    count: () => moment.view.countHolders(permission, scope),
    edge: (row, cursor) => new PermissionHolderEdge(row, moment, cursor),
  });

@ArgsType()
export class HoldersArgs extends PageArgs {
  @Field(() => String, { description: 'Key of the permission.' })
  permission!: string;

  @Field(() => String, { nullable: true, description: 'Only users whose grant covers this scope too.' })
  scope?: string | null;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: AsOfInput | null;
}

@Resolver()
export class PermissionHolderQueries {
  @Query(() => PermissionHolderConnection, {
    nullable: true,
    description:
      'Users who effectively have the permission, now or as of the past. Needs `roles/view`. A key that the catalogue never had is BAD_USER_INPUT, so that a misspelt one is not read as “nobody”.',
  })
  @Guarded(VIEW_ROLES)
  @Cost({ work: 500, count: COUNT_WORK })
  async usersWithPermission(
    @Ctx() context: RequestContext,
    @Args(() => HoldersArgs) args: HoldersArgs,
  ): Promise<PermissionHolderConnection> {
    const { permission, scope } = args;
    const moment = await context.at(args.asOf);
    const catalogues = [moment.catalogue, context.now.catalogue];
    if (!catalogues.some((catalogue) => catalogue.permission.has(permission)))
      throw badInput('The catalogue has no such permission.');
    if (scope != null && !catalogues.some((catalogue) => catalogue.scope.has(scope)))
      throw badInput('The catalogue has no such scope.');
    return holderConnection(moment, permission, scope ?? null, pageRequest(args));
  }
}
