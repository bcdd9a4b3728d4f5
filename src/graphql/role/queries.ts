import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { pageRequest, searchText } from '../connection';
import type { RequestContext } from '../context';
import { idOf } from '../ids';
import { Cost, SEARCH_WORK, searches } from '../limits/field-cost';
import { VIEW_ROLES } from '../rights';
import { RolesArgs } from './args';
import { RoleConnection, roleConnection } from './connection';
import { Role } from './type';

@Resolver()
export class RoleQueries {
  @Query(() => RoleConnection, {
    description: 'The roles of the account: the role list. Needs `roles/view`.',
  })
  @Cost<RolesArgs>((args) =>
    searches(args) ? { work: SEARCH_WORK, count: SEARCH_WORK } : { work: 20, count: 10 },
  )
  async roles(
    @Ctx() context: RequestContext,
    @Args(() => RolesArgs) args: RolesArgs,
  ): Promise<RoleConnection> {
    context.caller.need(VIEW_ROLES);
    const { kind, includeDeleted, orderBy } = args;
    const filter = { kind, search: searchText(args.search), includeDeleted };
    return roleConnection(await context.at(args.asOf), filter, orderBy ?? 'DEFAULT_FIRST', pageRequest(args));
  }

  @Query(() => Role, {
    nullable: true,
    description: 'A role, deleted ones included; null where there is none under the id. Needs `roles/view`.',
  })
  async role(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Global id of the role.' }) id: string,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<Role | null> {
    context.caller.need(VIEW_ROLES);
    const moment = await context.at(asOf);
    const role = idOf('Role', id);
    const row = role === null ? null : await moment.roles.load(role);
    return row && new Role(row, moment);
  }
}
