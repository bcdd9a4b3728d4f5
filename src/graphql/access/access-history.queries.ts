import { Args, ArgsType, Ctx, Field, ID, Query, Resolver } from 'type-graphql';
import { VIEW_HISTORY } from '../caller';
import { PageArgs, pageRequest } from '../connection';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import { Guarded } from '../guard';
import { Cost } from '../limits/field-cost';
import { UserAccessChange, UserAccessChangeConnection } from './access-history.type';

/** Work of a page: changes that are looked at, and two moments compared at each. */
const PAGE_WORK = 1_000;

@ArgsType()
export class AccessHistoryArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description:
      'User whose gains and losses are listed, by global id; a moment in it is passed over. Left out: of everybody, for one `permission`.',
  })
  user?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Permission whose gains and losses are listed, by its key; left out: of all, for one `user`. A key that the catalogue never had is BAD_USER_INPUT.',
  })
  permission?: string | null;

  @Field(() => Date, { nullable: true, description: 'Earliest time of the changes, this time included.' })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Latest time of the changes, this time included.' })
  until?: Date | null;
}

@Resolver()
export class AccessHistoryQueries {
  @Query(() => UserAccessChangeConnection, {
    nullable: true,
    description:
      'Every gain and loss of access along the history of a user, or of a permission, newest first, whatever made it: who could do what from when to when. Give `user`, `permission` or both. What gives nothing more and takes nothing away (a second role with the same permissions) is not listed. `totalCount` is null where more than some 1,000 changes or 10,000 users would have to be compared. Pages stay as they are while new changes come. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: PAGE_WORK, count: 2 * PAGE_WORK })
  accessHistory(
    @Ctx() context: RequestContext,
    @Args(() => AccessHistoryArgs) args: AccessHistoryArgs,
  ): UserAccessChangeConnection {
    const { now } = context;
    const { permission = null, since = null, until = null } = args;
    if (args.user == null && permission === null) throw badInput('Give `user` or `permission`, or both.');
    const user = args.user == null ? null : idOf('User', args.user);
    if (args.user != null && user === null) throw badInput('`user` is not an id of that type.');
    if (permission !== null && !now.catalogue.permission.has(permission))
      throw badInput('`permission` is no permission that the catalogue ever had.');
    const filter = { user, permission, since, until };
    return new UserAccessChangeConnection(now, pageRequest(args), {
      read: (page) => now.view.accessHistory(filter, page),
      count: () => now.view.countAccessHistory(filter),
      edge: (row, cursor) => ({ cursor, node: new UserAccessChange(row, now) }),
    });
  }
}
