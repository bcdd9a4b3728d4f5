import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Account } from '../account/type';
import type { RequestContext } from '../context';
import { parseGlobalId } from '../ids';
import { VIEW_ROLES, VIEW_USERS } from '../rights';
import { Role } from '../role/type';
import { User } from '../user/type';
import { Node } from './type';

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      'What the global id names, as of now; null where there is nothing. Needs what the type’s own query needs: `roles/view` for a role, `users/view` for a user.',
  })
  async node(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Global id.' }) text: string,
  ): Promise<Node | null> {
    const { now, caller } = context;
    const parsed = parseGlobalId(text);
    switch (parsed?.type) {
      case 'Account':
        return parsed.id === caller.account ? new Account(now) : null;
      case 'Role': {
        caller.need(VIEW_ROLES);
        const row = await now.roles.load(parsed.id);
        return row && new Role(row, now);
      }
      case 'User': {
        caller.need(VIEW_USERS);
        const row = await now.users.load(parsed.id);
        return row && new User(row, now);
      }
      default:
        return null;
    }
  }
}
