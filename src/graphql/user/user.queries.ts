import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  InputType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { PageRequest, UserFilter, UserRow } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { VIEW_USERS } from '../caller';
import { connectionOf, PageArgs, pageRequest, searchText } from '../connection';
import type { EdgeCursor } from '../list-pages';
import type { RequestContext } from '../context';
import { badInput } from '../errors';
import { idOf, parseGlobalId } from '../global-id';
import { Guarded, Open } from '../guard';
import {
  Cost,
  COUNT_WORK,
  isGiven,
  SEARCH_WORK,
  searches,
  VALUE_WORK,
  type FieldCost,
} from '../limits/field-cost';
import { DirectionField, type OrderDirection } from '../order';
import { EffectivePermissions } from '../permission/effective-permissions.type';
import type { PinnedView } from '../pinned-view';
import { assignmentsTo, RoleAssignment } from '../role/role-assignment.type';
import { Role, rolesById } from '../role/role.type';
import { UserRef, usersNamed } from './user-ref';
import { User, userById, UserKind, UserStatus } from './user.type';

export const UserOrderField = { NAME: 'NAME', USERNAME: 'USERNAME', LAST_LOGIN_AT: 'LAST_LOGIN_AT' } as const;
export type UserOrderField = keyof typeof UserOrderField;
registerEnumType(UserOrderField, {
  name: 'UserOrderField',
  description: 'Fields that the user list may be ordered by.',
  valuesConfig: {
    NAME: { description: 'Name, ignoring case.' },
    USERNAME: { description: 'Username, ignoring case.' },
    LAST_LOGIN_AT: {
      description:
        'The latest known sign-in, even if the list is as of the past; users without one come last.',
    },
  },
});

@InputType({
  description:
    'Order of the user list. As of a moment in the past with more than 10,000 users and as many changes since, `LAST_LOGIN_AT` is ORDER_NOT_AS_OF.',
})
export class UserOrderInput {
  @Field(() => UserOrderField, { description: 'Field to order by.' })
  field!: UserOrderField;

  @DirectionField()
  direction!: OrderDirection;
}

@ArgsType()
export class UsersArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only users whose name or username has this anywhere in it, ignoring case and accents.',
  })
  search?: string | null;

  @Field(() => UserStatus, { nullable: true, description: 'Only users with this status.' })
  status?: UserStatus | null;

  @Field(() => UserKind, {
    nullable: true,
    description:
      'Only persons, or only service users; left out or null: both. Pickers of people ask for persons.',
  })
  kind?: UserKind | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only users who are not in this role: candidates to assign next.',
  })
  notInRole?: string | null;

  @Field(() => UserOrderInput, { nullable: true, description: 'Order of the list; left out: by name.' })
  orderBy?: UserOrderInput | null;

  @Field(() => AsOfInput, { nullable: true, description: AS_OF })
  asOf?: AsOfInput | null;
}

@ObjectType({ simpleResolvers: true, description: 'A user in a list.' })
export class UserEdge {
  @Field(() => String, {
    description: 'Cursor of this edge. Pass it as `after` to continue behind the edge.',
  })
  cursor!: EdgeCursor;

  @Field(() => User, { description: 'The user.' })
  node!: User;
}

@ObjectType({ simpleResolvers: true, description: 'Users, page by page.' })
export class UserConnection extends connectionOf<UserRow, UserEdge, User>(
  () => UserEdge,
  () => User,
) {}

export const userConnection = (
  moment: PinnedView,
  filter: UserFilter,
  orderBy: UserOrderInput | null,
  request: PageRequest,
): UserConnection =>
  new UserConnection(moment, request, {
    read: (page) => moment.view.userList(filter, orderBy, page),
    count: () => moment.view.countUsers(filter),
    edge: (row, cursor) => {
      moment.users.prime(row.id, row);
      return { cursor, node: new User(row, moment) };
    },
  });

@Resolver()
export class UserQueries {
  @Query(() => User, { nullable: true, description: 'The caller. Always allowed.' })
  @Open()
  me(@Ctx() context: RequestContext): Promise<User | null> {
    return userById(context.now, context.caller.user);
  }

  @Query(() => UserConnection, {
    nullable: true,
    description: 'The users of the account. Needs `users/view`.',
  })
  @Guarded(VIEW_USERS)
  @Cost<UsersArgs>(costOfUsers)
  async users(
    @Ctx() context: RequestContext,
    @Args(() => UsersArgs) args: UsersArgs,
  ): Promise<UserConnection> {
    const { status, kind, orderBy } = args;
    const filter = { search: searchText(args.search), status, kind, notInRole: roleOf(args.notInRole) };
    return userConnection(await context.at(args.asOf), filter, orderBy ?? null, pageRequest(args));
  }

  @Query(() => User, {
    nullable: true,
    description:
      'A user, named by `id` or otherwise by `by`, by exactly one of them; null where there is none. An id of the past finds the user as of its moment, unless `asOf` says another. Needs `users/view`.',
  })
  @Guarded(VIEW_USERS)
  async user(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { nullable: true, description: 'Global id of the user.' }) id?: string | null,
    @Arg('by', () => UserRef, {
      nullable: true,
      description: 'The user, by id, username, external id or identity; of the past, by those of then.',
    })
    by?: UserRef | null,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: AS_OF }) asOf?: AsOfInput | null,
  ): Promise<User | null> {
    if ((id == null) === (by == null)) throw badInput('A user is named by either `id` or `by`.');
    if (by != null) {
      const moment = await context.at(asOf);
      const [user] = usersNamed(moment, [by]);
      return user == null ? null : userById(moment, user);
    }
    const named = parseGlobalId(id ?? '');
    if (named?.type !== 'User') return null;
    return userById(await context.viewOf(named, asOf), named.id);
  }
}

/** Description of `asOf` of a nested field. */
const NESTED_AS_OF = `${AS_OF.replace('the present', 'that of the user')}`;

/**
 * Fields of a user that lead to roles. They are separate from the type, for the users of a role lead back to it: so
 * imports go one way, from here to `Role` and from there to `User`.
 */
@Resolver(() => User)
export class UserFields {
  @FieldResolver(() => [Role], {
    description: 'Roles held: default roles in the catalogue’s order, then by name.',
  })
  @Cost({ work: 10, size: 5 })
  async roles(
    @Root() user: User,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: NESTED_AS_OF }) asOf?: AsOfInput | null,
  ): Promise<Role[]> {
    const moment = await user.moment.request.at(asOf, user.moment);
    return rolesById(moment, (await moment.rolesOf.load(user.row.id)) ?? []);
  }

  @FieldResolver(() => [RoleAssignment], {
    nullable: true,
    description: 'Assignments to the roles held, in the order of `roles`: since when, by whom and why.',
  })
  @Cost({ work: 10, size: 5 })
  async assignments(
    @Root() user: User,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: NESTED_AS_OF }) asOf?: AsOfInput | null,
  ): Promise<RoleAssignment[]> {
    const moment = await user.moment.request.at(asOf, user.moment);
    return assignmentsTo(moment, user.row.id, (await moment.rolesOf.load(user.row.id)) ?? []);
  }

  @FieldResolver(() => EffectivePermissions, {
    nullable: true,
    description:
      'Permissions that the user has, and through which roles; and those that are withheld, and why.',
  })
  @Cost({ work: 400 })
  async effectivePermissions(
    @Root() user: User,
    @Arg('asOf', () => AsOfInput, { nullable: true, description: NESTED_AS_OF }) asOf?: AsOfInput | null,
  ): Promise<EffectivePermissions> {
    const moment = await user.moment.request.at(asOf, user.moment);
    return new EffectivePermissions(user.row.id, await moment.effective.load(user.row.id), moment);
  }
}

function costOfUsers(args: Partial<UsersArgs>): FieldCost {
  const status = isGiven(args.status);
  const isSparse = isGiven(args.notInRole) || isGiven(args.kind);
  const byLogin = args.orderBy?.field === 'LAST_LOGIN_AT';
  const order = byLogin ? (isGiven(args.asOf) ? SEARCH_WORK : VALUE_WORK) : 0;
  if (searches(args))
    return { work: SEARCH_WORK + order + (status || isSparse ? 500 : 0), count: COUNT_WORK };
  if (isSparse) return { work: 500 + order, count: status ? COUNT_WORK : 20 };
  return { work: 50 + order, count: 20 };
}

function roleOf(notInRole: string | null | undefined): string | null {
  if (notInRole == null) return null;
  const role = idOf('Role', notInRole);
  if (role === null) throw badInput('`notInRole` is not the id of a role.');
  return role;
}
