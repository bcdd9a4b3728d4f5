import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { pageRequest } from '../connection';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { Cost, COUNT_WORK } from '../limits/field-cost';
import { VIEW_ROLES } from '../rights';
import { HoldersArgs, holderConnection, PermissionHolderConnection } from './type';

@Resolver()
export class PermissionHolderResolver {
  @Query(() => PermissionHolderConnection, {
    description:
      'Who could do this, then or now: users who effectively have the permission. Needs `roles/view`. A key that the catalogue never had is BAD_USER_INPUT, so that a misspelt one is not read as “nobody”.',
  })
  @Cost({ work: 500, count: COUNT_WORK })
  async usersWithPermission(
    @Ctx() context: RequestContext,
    @Args(() => HoldersArgs) args: HoldersArgs,
  ): Promise<PermissionHolderConnection> {
    const { permission, scope } = args;
    context.caller.need(VIEW_ROLES);
    const moment = await context.at(args.asOf);
    const catalogues = [moment.catalogue, context.now.catalogue];
    if (!catalogues.some((catalogue) => catalogue.permission.has(permission)))
      throw badInput('The catalogue has no such permission.');
    if (scope != null && !catalogues.some((catalogue) => catalogue.scope.has(scope)))
      throw badInput('The catalogue has no such scope.');
    return holderConnection(moment, permission, scope ?? null, pageRequest(args));
  }
}
