import { ArgsType, Field, ObjectType } from 'type-graphql';
import type { Membership, PageRequest } from '../../../projections/view';
import { connectionOf, PageArgs } from '../connection';
import { Actor } from '../history/actor.type';
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
