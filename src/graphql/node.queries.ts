import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { Account } from './account/account.type';
import { VIEW_ROLES, VIEW_USERS } from './caller';
import type { RequestContext } from './context';
import { Node, parseGlobalId } from './global-id';
import { BY_ARGUMENTS, Guarded, need } from './guard';
import { Role } from './role/role.type';
import { User } from './user/user.type';

@Resolver()
export class NodeQueries {
  @Query(() => Node, {
    nullable: true,
    description:
      'The object that the global id names, as of now; null where there is none. Needs what the type’s own query needs: `roles/view` for a role, `users/view` for a user.',
  })
  @Guarded(BY_ARGUMENTS)
  async node(
    @Ctx() context: RequestContext,
    @Info() field: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Global id.' }) text: string,
  ): Promise<Node | null> {
    const { now, caller } = context;
    const parsed = parseGlobalId(text);
    switch (parsed?.type) {
      case 'Account':
        return parsed.id === caller.account ? new Account(now) : null;
      case 'Role': {
        need(caller, VIEW_ROLES, field);
        const row = await now.roles.load(parsed.id);
        return row && new Role(row, now);
      }
      case 'User': {
        need(caller, VIEW_USERS, field);
        const row = await now.users.load(parsed.id);
        return row && new User(row, now);
      }
      default:
        return null;
    }
  }
}
