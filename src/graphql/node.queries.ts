import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { Account } from './account/account.type';
import { VIEW_ROLES, VIEW_USERS } from './caller';
import type { RequestContext } from './context';
import { Node, parseGlobalId } from './global-id';
import { BY_ARGUMENTS, Guarded, need } from './guard';
import { roleById } from './role/role.type';
import { userById } from './user/user.type';

@Resolver()
export class NodeQueries {
  @Query(() => Node, {
    nullable: true,
    description:
      'The object that the global id names, as of now, or as of the moment that the id names; null where there is none. Needs what the type’s own query needs: `roles/view` for a role, `users/view` for a user.',
  })
  @Guarded(BY_ARGUMENTS)
  async node(
    @Ctx() context: RequestContext,
    @Info() field: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Global id.' }) text: string,
  ): Promise<Node | null> {
    const { caller } = context;
    const named = parseGlobalId(text);
    switch (named?.type) {
      case 'Account':
        return named.id === caller.account ? new Account(await context.viewOf(named)) : null;
      case 'Role':
        need(caller, VIEW_ROLES, field);
        return roleById(await context.viewOf(named), named.id);
      case 'User':
        need(caller, VIEW_USERS, field);
        return userById(await context.viewOf(named), named.id);
      default:
        return null;
    }
  }
}
