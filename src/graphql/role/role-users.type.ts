import { ArgsType, Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { MemberFilter, Membership } from '../../../projections/view';
import { VIEW_HISTORY } from '../caller';
import { connectionOf, PageArgs, pageRequest, searchText } from '../connection';
import { Guarded, Open } from '../guard';
import { Actor } from '../history/actor.type';
import { HistoryEntry } from '../history/history.type';
import {
  Cost,
  COUNT_WORK,
  isGiven,
  SEARCH_WORK,
  searches,
  VALUE_WORK,
  type FieldCost,
} from '../limits/field-cost';
import type { PinnedView, RoleUsers } from '../pinned-view';
import { DirectionField, type OrderDirection } from '../order';
import { EdgeToUser, User, UserStatus } from '../user/user.type';

export const RoleUserOrderField = {
  NAME: 'NAME',
  USERNAME: 'USERNAME',
  ASSIGNED_AT: 'ASSIGNED_AT',
  LAST_LOGIN_AT: 'LAST_LOGIN_AT',
} as const;
export type RoleUserOrderField = keyof typeof RoleUserOrderField;
registerEnumType(RoleUserOrderField, {
  name: 'RoleUserOrderField',
  description: 'Fields that the users of a role may be ordered by.',
  valuesConfig: {
    NAME: { description: 'Name, ignoring case.' },
    USERNAME: { description: 'Username, ignoring case.' },
    ASSIGNED_AT: {
      description:
        'Time of the assignment; users who were assigned together are in the order in which they were named.',
    },
    LAST_LOGIN_AT: {
      description:
        'The latest known sign-in, even if the role is as of the past; users without one come last.',
    },
  },
});

@InputType({
  description:
    'Order of the users of a role. As of a moment in the past at which the role had more than 10,000 users, with as many changes in the account since, `ASSIGNED_AT` and `LAST_LOGIN_AT` are ORDER_NOT_AS_OF.',
})
export class RoleUserOrderInput {
  @Field(() => RoleUserOrderField, { description: 'Field to order by.' })
  field!: RoleUserOrderField;

  @DirectionField()
  direction!: OrderDirection;
}

@ArgsType()
export class RoleUsersArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only users whose name or username has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;

  @Field(() => UserStatus, { nullable: true, description: 'Only users with this status.' })
  status?: UserStatus | null;

  @Field(() => RoleUserOrderInput, { nullable: true, description: 'Order of the list; left out: by name.' })
  orderBy?: RoleUserOrderInput | null;
}

@ObjectType({ simpleResolvers: true, description: 'A user in a role.' })
export class RoleUserEdge extends EdgeToUser<Membership> {
  @Field(() => Date, { description: 'Time since which the user is in the role.' })
  get assignedAt(): Date {
    return this.row.assignedAt;
  }

  @Field(() => Actor, { description: 'Actor who assigned the user.' })
  @Open()
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

/** @throws GraphQLError `BAD_USER_INPUT` */
export function roleUserConnection(
  moment: PinnedView,
  users: RoleUsers,
  args: RoleUsersArgs,
  notIn: MemberFilter['notIn'] = null,
): RoleUserConnection {
  const { orderBy = null } = args;
  const filter = { search: searchText(args.search), status: args.status, notIn };
  return new RoleUserConnection(moment, pageRequest(args), {
    read: (page) => users.read(filter, orderBy, page),
    count: () => users.count(filter),
    edge: (row, cursor) => new RoleUserEdge(row, moment.others, cursor),
  });
}

export function costOfRoleUsers(args: Partial<RoleUsersArgs>): FieldCost {
  const byValue = args.orderBy?.field === 'ASSIGNED_AT' || args.orderBy?.field === 'LAST_LOGIN_AT';
  const order = byValue ? VALUE_WORK : 0;
  if (searches(args)) return { work: SEARCH_WORK + order, count: COUNT_WORK };
  if (isGiven(args.status)) return { work: 100 + order, count: COUNT_WORK };
  return { work: 20 + order, count: 20 };
}
