import { Args, FieldResolver, Resolver, Root } from 'type-graphql';
import type { PageRequest, Replayed, ReplayRow } from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { PageArgs, pageRequest, type PageSource } from '../connection';
import { Guarded } from '../guard';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { Role } from '../role/role.type';
import { User } from '../user/user.type';
import { RoleReplayConnection, RoleReplayStep, UserReplayConnection, UserReplayStep } from './replay.type';

/** Replays of roles and users: beside the types, so that imports go one way, from here to both. */

const COST = { work: 100, count: 400 };
const PAGES =
  'Each step is one change, with all that was recorded at once; the steps behind a cursor stay as they are while new changes come. Needs `audit-log/view`.';

@Resolver(() => Role)
export class RoleReplayFields {
  @FieldResolver(() => RoleReplayConnection, {
    nullable: true,
    description: `The life of the role, change by change, oldest first, with the role on both sides of each; of a default role also what publications of the catalogue changed in it. ${PAGES}`,
  })
  @Guarded(VIEW_HISTORY)
  @Cost(COST)
  replay(
    @Root() { row: { id }, moment: own }: Role,
    @Args(() => PageArgs) args: PageArgs,
  ): RoleReplayConnection {
    // A previewed change is no part of the role's life yet.
    const moment = own.others;
    return new RoleReplayConnection(moment, pageRequest(args), {
      ...stepsOf(moment, { role: id }),
      edge: (row, cursor) => ({ cursor, node: new RoleReplayStep(row, moment, id) }),
    });
  }
}

@Resolver(() => User)
export class UserReplayFields {
  @FieldResolver(() => UserReplayConnection, {
    nullable: true,
    description: `The life of the user, change by change, oldest first, with the user on both sides of each: registration, profile, status, assignments, and deletions of roles held. ${PAGES}`,
  })
  @Guarded(VIEW_HISTORY)
  @Cost(COST)
  replay(@Root() { row: { id }, moment }: User, @Args(() => PageArgs) args: PageArgs): UserReplayConnection {
    return new UserReplayConnection(moment, pageRequest(args), {
      ...stepsOf(moment, { user: id }),
      edge: (row, cursor) => ({ cursor, node: new UserReplayStep(row, moment, id) }),
    });
  }
}

const stepsOf = (
  { view }: PinnedView,
  of: Replayed,
): Pick<PageSource<ReplayRow, unknown>, 'read' | 'count'> => ({
  read: (page: PageRequest) => view.replay(of, page),
  count: () => view.countChanges(of),
});
