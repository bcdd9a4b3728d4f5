import { ArgsType, Field, ObjectType } from 'type-graphql';
import type { Membership, PageRequest } from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { connectionOf, PageArgs } from '../connection';
import { Guarded } from '../guard';
import { Actor } from '../history/actor.type';
import { HistoryEntry } from '../history/history.type';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { EdgeToUser, User } from '../user/user.type';

@ArgsType()
export class RoleUsersArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only users whose name or username has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A user in a role.' })
export class RoleUserEdge extends EdgeToUser<Membership> {
  @Field(() => Date, { description: 'Time since which the user is in the role.' })
  get assignedAt(): Date {
    return this.row.assignedAt;
  }

  @Field(() => Actor, { description: 'Actor who assigned the user.' })
  get assignedBy(): Actor {
    return new Actor(this.row.assignedBy, this.moment);
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Reason of the assignment, in the actor’s words; null where none was given. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 5 })
  async reason(): Promise<string | null> {
    return (await this.event())?.reason ?? null;
  }

  @Field(() => HistoryEntry, {
    nullable: true,
    description: 'The entry of the history that tells of the assignment. Needs `audit-log/view`.',
  })
  @Guarded(VIEW_HISTORY)
  @Cost({ work: 5 })
  event(): Promise<HistoryEntry | null> {
    return HistoryEntry.ofEvent(this.moment, this.row.event);
  }
}

@ObjectType({ simpleResolvers: true, description: 'Users in a role, page by page.' })
export class RoleUserConnection extends connectionOf<Membership, RoleUserEdge, User>(
  () => RoleUserEdge,
  () => User,
) {}

export const roleUserConnection = (
  moment: PinnedView,
  role: string,
  search: string | null,
  request: PageRequest,
): RoleUserConnection =>
  new RoleUserConnection(moment, request, {
    read: (page) => moment.view.roleUsers(role, search, page),
    count: () => moment.view.countRoleUsers(role, search),
    edge: (row, cursor) => new RoleUserEdge(row, moment, cursor),
  });
