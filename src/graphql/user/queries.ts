import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { AS_OF, AsOfInput } from '../as-of';
import { pageRequest, searchText } from '../connection';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../ids';
import { Cost, COUNT_WORK, isGiven, SEARCH_WORK, searches, type FieldCost } from '../limits/field-cost';
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
  @Cost<UsersArgs>(costOfUsers)
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

function costOfUsers(args: Partial<UsersArgs>): FieldCost {
  const status = isGiven(args.status);
  const notInRole = isGiven(args.notInRole);
  if (searches(args)) return { work: SEARCH_WORK + (status || notInRole ? 500 : 0), count: COUNT_WORK };
  if (notInRole) return { work: 500, count: status ? COUNT_WORK : 20 };
  return { work: 50, count: 20 };
}

function roleOf(notInRole: string | null | undefined): string | null {
  if (notInRole == null) return null;
  const role = idOf('Role', notInRole);
  if (role === null) throw badInput('`notInRole` is not the id of a role.');
  return role;
}
