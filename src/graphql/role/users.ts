import { Field, Int, ObjectType } from 'type-graphql';
import type { Membership, PageRequest } from '../../../projections/view';
import { Actor } from '../actor/type';
import { LazyConnection, PageInfo, TOTAL_COUNT } from '../connection';
import type { Moment } from '../moment';
import type { Ref } from '../ref';
import { User } from '../user/type';

@ObjectType({ simpleResolvers: true, description: 'A user in a role.' })
export class RoleUserEdge {
  constructor(
    private readonly row: Membership,
    private readonly moment: Moment,
    private readonly place: string,
  ) {}

  @Field(() => String, { description: 'Continue behind this edge with `after`.' })
  get cursor(): string {
    return this.place;
  }

  @Field(() => User, { description: 'The user.' })
  get node(): Ref<User> {
    return new User(this.row.user, this.moment);
  }

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
export class RoleUserConnection extends LazyConnection<Membership, RoleUserEdge> {
  @Field(() => [RoleUserEdge], { description: 'This page.' })
  get edges(): Ref<RoleUserEdge>[] {
    return this.readEdges();
  }

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  get pageInfo(): Ref<PageInfo> {
    return this.readPageInfo();
  }

  @Field(() => Int, { nullable: true, description: TOTAL_COUNT })
  get totalCount(): number | null {
    return this.readTotalCount();
  }
}

export const roleUserConnection = (
  moment: Moment,
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
