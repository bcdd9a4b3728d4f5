import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { pageRequest, searchText } from '../connection';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../ids';
import { VIEW_USERS } from '../rights';
import { UsersArgs } from './args';
import { UserConnection, userConnection } from './connection';
import { User } from './type';

@Resolver()
export class UserQueries {
  @Query(() => User, { nullable: true, description: 'The caller. Always allowed.' })
  async me(@Ctx() context: RequestContext): Promise<User | null> {
    const row = await context.now.users.load(context.caller.user);
    return row && new User(row, context.now);
  }

  @Query(() => UserConnection, { description: 'The users of the account. Needs `users/view`.' })
  async users(
    @Ctx() context: RequestContext,
    @Args(() => UsersArgs) args: UsersArgs,
  ): Promise<UserConnection> {
    context.caller.need(VIEW_USERS);
    const { status, orderBy } = args;
    const filter = { search: searchText(args.search), status, notInRole: roleOf(args.notInRole) };
    return userConnection(await context.at(args.asOf), filter, orderBy ?? 'NAME_ASC', pageRequest(args));
  }

  @Query(() => User, {
    nullable: true,
    description: 'A user; null where there is none under the id. Needs `users/view`.',
  })
  async user(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Global id of the user.' }) id: string,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<User | null> {
    context.caller.need(VIEW_USERS);
    const moment = await context.at(asOf);
    const user = idOf('User', id);
    const row = user === null ? null : await moment.users.load(user);
    return row && new User(row, moment);
  }
}

function roleOf(notInRole: string | null | undefined): string | null {
  if (notInRole == null) return null;
  const role = idOf('Role', notInRole);
  if (role === null) throw badInput('`notInRole` is not the id of a role.');
  return role;
}
