import { Field, ObjectType } from 'type-graphql';
import type { Membership, PageRequest } from '../../../projections/view';
import { Actor } from '../actor/type';
import { connectionOf } from '../connection';
import type { PinnedView } from '../pinned-view';
import type { Ref } from '../ref';
import { EdgeToUser } from '../user/edge';

@ObjectType({ simpleResolvers: true, description: 'A user in a role.' })
export class RoleUserEdge extends EdgeToUser<Membership> {
  @Field(() => Date, { description: 'Since when the user is in the role.' })
  get assignedAt(): Date {
    return this.row.assignedAt;
  }

  @Field(() => Actor, { description: 'Who assigned the user.' })
  get assignedBy(): Ref<Actor> {
    return new Actor(this.row.assignedBy, this.moment);
  }
}

@ObjectType({ simpleResolvers: true, description: 'Users in a role, page by page.' })
export class RoleUserConnection extends connectionOf<Membership, RoleUserEdge>(() => RoleUserEdge) {}

export const roleUserConnection = (
  moment: PinnedView,
  role: string,
  search: string | null,
  request: PageRequest,
): RoleUserConnection =>
  new RoleUserConnection(
    request,
    (page) => moment.view.roleUsers(role, search, page),
    () => moment.view.countRoleUsers(role, search),
    (row, cursor) => new RoleUserEdge(row, moment, cursor),
  );
